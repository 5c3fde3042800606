// The same stranger on an event loop. Arguments and end as main.cpp.
#include <hearth/exceptions.h>
#include <hearth/uv/client.h>
#include <hearth/uv/coroutine.h>
#include <hearth/uv/event_loop.h>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

hearth::uv::Coroutine visit(hearth::uv::EventLoop& loop, hearth::uv::Client& client, hearth::NameServerPlace place,
                            bool& is_good) {
  try {
    auto located = co_await client.locate(std::move(place));
    if (!located) throw std::runtime_error(located.error().text());
    hearth::uv::NameServer& name_server = *located;
    const std::string uri = "PYRO:object@localhost:4444";
    hearth::or_throw(co_await name_server.register_name("stranger", uri));
    const auto entry = hearth::or_throw(co_await name_server.lookup("stranger"));
    const auto nobody = co_await name_server.lookup("nobody");
    const auto removed = hearth::or_throw(co_await name_server.remove("stranger"));
    is_good = entry.uri == uri && !nobody && removed == 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  loop.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  hearth::uv::EventLoop loop;
  hearth::uv::Client client(loop.get());
  bool is_good = false;
  const auto visiting =
      visit(loop, client, {.host = argv[1], .port = static_cast<std::uint16_t>(std::stoi(argv[2]))}, is_good);
  loop.run();
  if (is_good) std::puts("[1, 2]");
  return is_good ? 0 : 1;
}
