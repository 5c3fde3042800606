// A configuration file is refused with a line number, or its values can be written and read again.
#include "nameserver/options/config_file.h"

#include "nameserver/options/file_source.h"
#include "protocol/base/check.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) {
  const auto lines = parse_config(input, "test.conf");
  if (!lines) {
    HEARTH_CHECK(lines.error().text.find("test.conf") != std::string::npos);
    return;
  }
  for (const ConfigLine& line : *lines) {
    if (line.key.empty()) continue;
    const auto again = parse_config(line.key + " = " + config_value(line.value) + "\n", "again.conf");
    HEARTH_CHECK(again.has_value() && again->size() == 1 && again->front().value == line.value);
  }
  static_cast<void>(file_source({.path = "test.conf", .lines = *lines}));
}

}  // namespace hearth::fuzz
