#include "nameserver/access/audit_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

#include <hearth/repr.h>
#include <hearth/value.h>

#include "protocol/base/check.h"
#include "protocol/base/wtf8.h"
#include "protocol/serial/serializer.h"

namespace hearth {
namespace {

std::string time_text(std::int64_t unix_ms) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(unix_ms / 1000)),
                     unix_ms % 1000);
}

/// JSON has no lone surrogates; nothing is registered with one, but refused calls may name one.
Value text(std::string_view text) {
  return has_lone_surrogate(text) ? Value(repr(Value(std::string(text)))) : Value(std::string(text));
}

Value optional_text(const std::optional<std::string_view>& given) { return given ? text(*given) : Value(); }

}  // namespace

std::string audit_line(std::int64_t unix_ms, const AuditEntry& entry) {
  Dict line;
  line.add("time", time_text(unix_ms));
  line.add("event", text(entry.event));
  line.add("peer", text(entry.peer));
  line.add("identity", entry.identity.empty() ? Value() : text(entry.identity));
  line.add("name", optional_text(entry.name));
  if (entry.call.empty()) {
    line.add("uri", optional_text(entry.uri));
    line.add("old_uri", optional_text(entry.old_uri));
  } else {
    line.add("call", text(entry.call));
    line.add("missing", text(entry.missing));
  }
  std::string json;
  HEARTH_CHECK(serializer(SerializerName::json).dump(std::move(line), json).has_value());
  return json + "\n";
}

}  // namespace hearth
