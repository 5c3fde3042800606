/// The programs that the tests of the client talk to: the Pyro4 daemon of daemon.py, Pyro's own name server and ours; and
/// Point, a class that daemon.py knows too.
#pragma once

#include <hearth/convert_fields.h>
#include <hearth/name_server.h>
#include <hearth/proxy.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "tests/support/child_program.h"

namespace hearth::test {

inline constexpr SerializerName all_serializers[] = {SerializerName::serpent, SerializerName::json,
                                                     SerializerName::marshal, SerializerName::msgpack};

class Daemon {
 public:
  explicit Daemon(const std::vector<std::string>& arguments = {})
      : program_(python_words("pyro4/daemon.py", arguments)) {
    uri_ = parse_uri(program_.read_line("")).value();
  }

  /// Of its object.
  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] Proxy connect(const ClientSettings& settings = {}) const {
    return or_throw(Proxy::connect(uri_, settings));
  }
  void stop() { program_.stop(); }

 private:
  ChildProgram program_;
  Uri uri_;
};

/// pyro4-ns, or the hearthd that the environment names. It keeps its names in memory: a new one knows none.
class NameServerProgram {
 public:
  enum class Make : unsigned char { pyro4, hearthd };

  explicit NameServerProgram(Make make, int port = 0, const std::vector<std::string>& options = {})
      : program_(words(make, port, options)) {
    uri_ = parse_uri(program_.read_line("URI = ")).value();
  }

  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] std::string place() const { return uri_.location().value(); }
  [[nodiscard]] int port() const { return static_cast<int>(uri_.tcp_port().value()); }
  [[nodiscard]] NameServerClient connect() const { return NameServerClient(or_throw(Proxy::connect(uri_))); }

 private:
  static std::vector<std::string> words(Make make, int port, const std::vector<std::string>& options) {
    const char* hearthd = std::getenv("HEARTHD");
    HEARTH_CHECK(make == Make::pyro4 || hearthd != nullptr);
    std::vector<std::string> words{make == Make::pyro4 ? "/usr/bin/pyro4-ns" : hearthd};
    for (const std::string& word :
         {std::string("-n"), std::string("127.0.0.1"), std::string("-p"), std::to_string(port), std::string("-x"),
          std::string("-s"), std::string("memory")}) {
      words.push_back(word);
    }
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

  ChildProgram program_;
  Uri uri_;
};

inline constexpr NameServerProgram::Make both_makes[] = {NameServerProgram::Make::pyro4,
                                                         NameServerProgram::Make::hearthd};

[[nodiscard]] inline ClientSettings speaking(SerializerName serializer) {
  ClientSettings settings;
  settings.serializer = serializer;
  return settings;
}

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

}  // namespace hearth::test

template <>
struct hearth::Convert<hearth::test::Point> : hearth::ConvertFields<hearth::test::Point> {
  static constexpr std::string_view python_class = "geometry.Point";
  static constexpr auto fields = std::tuple(field("x", &hearth::test::Point::x), field("y", &hearth::test::Point::y));
};
