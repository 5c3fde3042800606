// A program of somebody who has the installed library and its README, and nothing else of ours. Arguments: the name server's host
// and port. Ends with status 0 if everything came out as it should.
#include <hearth/convert_fields.h>
#include <hearth/exceptions.h>
#include <hearth/locate.h>
#include <hearth/proxy.h>
#include <hearth/repr.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

struct Point {
  double x = 0;
  double y = 0;
};

template <>
struct hearth::Convert<Point> : hearth::ConvertFields<Point> {
  static constexpr auto fields = std::tuple(field("x", &Point::x), field("y", &Point::y));
};

namespace {

bool check(bool is_so, const char* what) {
  if (!is_so) std::fprintf(stderr, "not so: %s\n", what);
  return is_so;
}

bool visit(hearth::NameServerClient name_server) {
  const std::string uri = "PYRO:object@localhost:4444";
  hearth::or_throw(name_server.register_name("stranger", uri));
  bool is_good = check(hearth::or_throw(name_server.lookup("stranger")).uri == uri, "what was registered is found");

  auto proxy = hearth::or_throw(hearth::Proxy::connect(name_server.uri()));
  is_good &= check(proxy.call<std::int64_t>("count") == 2, "a call in C++ types");
  try {
    proxy.call("lookup", "nobody");
    is_good = check(false, "an unknown name is an exception");
  } catch (const hearth::RemoteError& error) {  // thrown here, or inside the shared library: the same type
    is_good &= check(error.type() == "NamingError", "the exception is the name server's");
  }
  is_good &= check(hearth::or_throw(name_server.remove("stranger")) == 1, "what was registered can be removed");
  return is_good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  hearth::ClientSettings settings;
  const hearth::NameServerPlace place = {.host = argv[1], .port = static_cast<std::uint16_t>(std::stoi(argv[2]))};
  auto name_server = hearth::locate(place, settings);
  if (!name_server) {
    std::fprintf(stderr, "%s\n", name_server.error().text().c_str());
    return 1;
  }
  const auto point = hearth::from_value<Point>(hearth::to_value(Point{.x = 1, .y = 2}), "a point");
  if (!check(point && point->y == 2, "a struct survives the way to Python's values and back")) return 1;
  std::printf("%s\n", hearth::repr(hearth::to_value(std::vector<int>{1, 2})).c_str());
  try {
    return visit(std::move(*name_server)) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
