/// Daemon: the real Pyro4 daemon of daemon.py, for a test; Point, a class that both sides know.
#pragma once

#include <hearth/convert_fields.h>
#include <hearth/proxy.h>

#include <string>
#include <vector>

#include "tests/support/python_program.h"

namespace hearth::test {

inline constexpr SerializerName all_serializers[] = {SerializerName::serpent, SerializerName::json,
                                                     SerializerName::marshal, SerializerName::msgpack};

class Daemon {
 public:
  explicit Daemon(const std::vector<std::string>& arguments = {}) : program_("pyro4/daemon.py", arguments) {
    uri_ = parse_uri(program_.read_line()).value();
  }

  /// Of its object.
  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] Proxy connect(const ClientSettings& settings = {}) const {
    return or_throw(Proxy::connect(uri_, settings));
  }
  void stop() { program_.stop(); }

 private:
  PythonProgram program_;
  Uri uri_;
};

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
