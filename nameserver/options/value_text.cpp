#include "nameserver/options/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

namespace hearth {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

/// The largest first, so that a size is printed with the largest unit that divides it.
constexpr std::array<std::pair<char, unsigned>, 3> size_units{{{'G', 30}, {'M', 20}, {'K', 10}}};

template <class Number, class... Format>
std::optional<Number> parsed_whole(std::string_view text, Format... format) {
  Number number{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number, format...);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::optional<std::uint64_t> whole_number(std::string_view text, int base) {
  return parsed_whole<std::uint64_t>(trimmed(text), base);
}

std::optional<std::uint64_t> size_in_bytes(std::string_view text) {
  std::string number = lower(trimmed(text));
  if (number.ends_with("ib"))
    number.resize(number.size() - 2);
  else if (number.ends_with("b"))
    return std::nullopt;  // "MB" is 1000 * 1000 for some and 1024 * 1024 for others
  unsigned shift = 0;
  for (const auto& [unit, unit_shift] : size_units) {
    if (number.empty() || number.back() != lower({&unit, 1}).front()) continue;
    number.pop_back();
    shift = unit_shift;
    break;
  }
  const auto count = whole_number(number);
  if (!count || *count > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *count << shift;
}

std::string size_text(std::uint64_t bytes) {
  for (const auto& [unit, shift] : size_units) {
    if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0) return fmt::format("{}{}", bytes >> shift, unit);
  }
  return std::to_string(bytes);
}

std::optional<std::uint64_t> milliseconds_of_seconds(std::string_view text) {
  constexpr double seconds_max = 1e9;  // far beyond what any setting allows, and exact in both types
  const auto seconds = parsed_whole<double>(trimmed(text));
  if (!seconds || !(*seconds >= 0 && *seconds <= seconds_max)) return std::nullopt;
  return static_cast<std::uint64_t>(std::ceil(*seconds * 1000));
}

std::string seconds_text(std::uint64_t milliseconds) {
  std::string text = std::to_string(milliseconds / 1000);
  if (milliseconds % 1000 == 0) return text;
  text += fmt::format(".{:03}", milliseconds % 1000);
  return text.substr(0, text.find_last_not_of('0') + 1);
}

std::optional<bool> truth(std::string_view text) {
  const std::string word = lower(trimmed(text));
  if (word == "1" || word == "yes" || word == "on" || word == "true") return true;
  if (word == "0" || word == "no" || word == "off" || word == "false") return false;
  return std::nullopt;
}

std::vector<std::string> comma_separated(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string shown(std::string_view value) {
  constexpr std::size_t shown_bytes_max = 80;
  std::string text(value.substr(0, shown_bytes_max));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return value.size() > shown_bytes_max ? text + "…" : text;
}

}  // namespace hearth
