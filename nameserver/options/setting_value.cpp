#include "nameserver/options/setting_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "nameserver/options/value_text.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

using Values = std::vector<std::string>;

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

/// The elements of a list, from all the times that it was given.
Values elements(const Values& values) {
  Values all;
  for (const std::string& value : values) {
    for (std::string& element : comma_separated(value)) all.push_back(std::move(element));
  }
  return all;
}

tl::unexpected<Error> must_be(std::string wanted) { return fail(ErrorKind::malformed, std::move(wanted)); }

std::string joined(const auto& names) { return fmt::format("{}", fmt::join(names, ", ")); }

// ---- reading: one overload a kind

using Remark = Result<std::string>;

Remark read(const kind::Text& text, const Values& values, Options& options) {
  const std::string& value = values.back();
  if (text.is_acceptable != nullptr && !value.empty() && !text.is_acceptable(value))
    return must_be(std::string(text.wanted));
  options.*text.field = value == text.word_for_none ? std::string() : value;
  return {};
}

Remark read(const kind::Words& words, const Values& values, Options& options) {
  Values given = elements(values);
  options.*words.field = given.empty() ? Options().*words.field : std::move(given);
  return {};
}

Remark read(const kind::Serializers& serializers, const Values& values, Options& options) {
  constexpr const char* all = "serpent, json, marshal, msgpack, pickle, dill and cloudpickle";
  const Values given = elements(values);
  std::vector<SerializerName> accepted;
  for (const std::string& name : given) {
    const auto known = serializer_named(name);
    if (!known) return must_be(std::string("a list of ") + all);
    if (std::ranges::find(accepted, *known) == accepted.end()) accepted.push_back(*known);
  }
  if (accepted.empty() && !given.empty()) return must_be(std::string("a list with at least one of ") + all);
  options.*serializers.field = given.empty() ? Options().*serializers.field : std::move(accepted);
  if (!given.empty() && std::ranges::all_of(options.*serializers.field, is_pickle))
    return "lists pickle alone: nsc and Pyro5 programs, which do not speak it, are refused";
  return {};
}

Remark read(const kind::DebugCategories& categories, const Values& values, Options& options) {
  Values given = elements(values);
  const auto known = log_category_names();
  for (const std::string& name : given) {
    if (std::ranges::find(known, name) == known.end()) return must_be("a list of " + joined(known));
  }
  options.*categories.field = std::move(given);
  return {};
}

std::optional<std::uint16_t> port_of(const std::string& text) {
  const auto number = whole_number(text);
  if (!number || *number > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

Remark read(const kind::Port& port, const Values& values, Options& options) {
  const auto number = port_of(values.back());
  if (!number) return must_be("a port from 0 to 65535");
  options.*port.field = *number;
  return {};
}

Remark read(const kind::OptionalPort& port, const Values& values, Options& options) {
  const auto number = port_of(values.back());
  if (!number && !values.back().empty()) return must_be("a port from 0 to 65535");
  options.*port.field = number;
  return {};
}

Remark read(const kind::FileMode& mode, const Values& values, Options& options) {
  std::string_view digits = trimmed(values.back());
  if (digits.starts_with("0o")) digits.remove_prefix(2);
  const auto bits = whole_number(digits, 8);
  if ((!bits && !digits.empty()) || bits > 0777) return must_be("permissions in octal, such as 0660");
  options.*mode.field = bits ? std::optional(static_cast<std::uint32_t>(*bits)) : std::nullopt;
  return {};
}

Remark read(const kind::Flag& flag, const Values& values, Options& options) {
  const auto is_set = truth(values.back());
  if (!is_set) return must_be("true or false");
  options.*flag.field = *is_set == flag.when_set;
  return {};
}

Remark read(const kind::Level& level, const Values& values, Options& options) {
  const std::string word = lower(trimmed(values.back()));
  const auto named = std::ranges::find(level_names, word);
  if (named != level_names.end()) {
    options.*level.field = static_cast<LogLevel>(named - level_names.begin());
  } else if (word == "notset") {  // the other names of Python's logging
    options.*level.field = LogLevel::debug;
  } else if (word == "warn") {
    options.*level.field = LogLevel::warning;
  } else if (word == "critical" || word == "fatal") {
    options.*level.field = LogLevel::error;
  } else {
    return must_be("debug, info, warning or error");
  }
  return {};
}

Remark read(const kind::Period& period, const Values& values, Options& options) {
  constexpr std::uint64_t most_ms = 4'000'000'000;  // as 32 bits of milliseconds have it, 46 days
  const auto ms = milliseconds_of_seconds(values.back());
  const bool is_off = ms == 0U;
  if (!ms || *ms > most_ms || (!is_off && *ms < period.least_ms)) {
    // Pyro4/naming.py AutoCleaner: "NS_AUTOCLEAN cannot be smaller than 3".
    return must_be(fmt::format("0 (off), or a number of seconds: it cannot be smaller than {}, nor larger than {}",
                               seconds_text(period.least_ms), most_ms / 1000));
  }
  options.*period.field_ms = static_cast<std::uint32_t>(*ms);
  return {};
}

std::string limit_text(const kind::LimitValue& value, std::uint64_t number) {
  if (value.in_seconds) return seconds_text(number);
  return value.limit->unit == LimitUnit::bytes ? size_text(number) : std::to_string(number);
}

Remark read(const kind::LimitValue& value, const Values& values, Options& options) {
  const Limit& limit = *value.limit;
  const bool is_size = limit.unit == LimitUnit::bytes;
  const auto number = value.in_seconds ? milliseconds_of_seconds(values.back())
                      : is_size        ? size_in_bytes(values.back())
                                       : whole_number(values.back());
  if (!number || *number < limit.min || *number > limit.max) {
    const std::string_view what = value.in_seconds                        ? "a number of seconds"
                                  : is_size                               ? "a size"
                                  : limit.unit == LimitUnit::milliseconds ? "a number of milliseconds"
                                                                          : "a number";
    return must_be(fmt::format("{} from {} to {}", what, limit_text(value, limit.min), limit_text(value, limit.max)));
  }
  set_limit(limit, *number, options.limits);
  return {};
}

// ---- printing

std::string print(const kind::Text& text, const Options& options) {
  const std::string& value = options.*text.field;
  return value.empty() ? std::string(text.word_for_none) : value;
}
std::string print(const kind::Words& words, const Options& options) { return joined(options.*words.field); }
std::string print(const kind::DebugCategories& words, const Options& options) { return joined(options.*words.field); }
std::string print(const kind::Serializers& serializers, const Options& options) {
  std::vector<std::string_view> names;
  for (const SerializerName name : options.*serializers.field) names.push_back(to_string(name));
  return joined(names);
}
std::string print(const kind::Port& port, const Options& options) { return std::to_string(options.*port.field); }
std::string print(const kind::OptionalPort& port, const Options& options) {
  const auto& number = options.*port.field;
  return number ? std::to_string(*number) : "";
}
std::string print(const kind::FileMode& mode, const Options& options) {
  const auto& bits = options.*mode.field;
  return bits ? fmt::format("{:04o}", *bits) : "";
}
std::string print(const kind::Flag& flag, const Options& options) {
  return options.*flag.field == flag.when_set ? "true" : "false";
}
std::string print(const kind::Level& level, const Options& options) {
  return std::string(level_names[static_cast<std::size_t>(options.*level.field)]);
}
std::string print(const kind::Period& period, const Options& options) { return seconds_text(options.*period.field_ms); }
std::string print(const kind::LimitValue& value, const Options& options) {
  return limit_text(value, limit_value(*value.limit, options.limits));
}

// ---- copying

void copy(const auto& kind, const Options& from, Options& to) { to.*kind.field = from.*kind.field; }
void copy(const kind::Period& period, const Options& from, Options& to) { to.*period.field_ms = from.*period.field_ms; }
void copy(const kind::LimitValue& value, const Options& from, Options& to) {
  set_limit(*value.limit, limit_value(*value.limit, from.limits), to.limits);
}

}  // namespace

Result<std::string> read_values(const Setting& setting, const std::vector<std::string>& values, Options& options) {
  return std::visit([&](const auto& kind) { return read(kind, values, options); }, setting.kind);
}

std::string print_value(const Setting& setting, const Options& options) {
  return std::visit([&](const auto& kind) { return print(kind, options); }, setting.kind);
}

void copy_value(const Setting& setting, const Options& from, Options& to) {
  std::visit([&](const auto& kind) { copy(kind, from, to); }, setting.kind);
}

}  // namespace hearth
