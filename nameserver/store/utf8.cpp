#include "nameserver/store/utf8.h"

#include <cstdint>
#include <cstring>

namespace hearth {
namespace {

struct Form {
  unsigned length;         ///< bytes; 0: no sequence starts so
  std::uint8_t second_min, second_max;
};

/// Table 3-7 of the Unicode standard ("Well-Formed UTF-8 Byte Sequences"), from the first byte.
constexpr Form form_of(std::uint8_t first) {
  if (first < 0x80) return {1, 0, 0};
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool starts_with_eight_ascii(std::string_view text) {
  if (text.size() < sizeof(std::uint64_t)) return false;
  std::uint64_t eight = 0;
  std::memcpy(&eight, text.data(), sizeof(eight));
  return (eight & 0x8080808080808080U) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (starts_with_eight_ascii(text)) {
      text.remove_prefix(8);
      continue;
    }
    const Form form = form_of(static_cast<std::uint8_t>(text.front()));
    if (form.length == 0 || form.length > text.size()) return false;
    for (unsigned i = 1; i < form.length; ++i) {
      const auto byte = static_cast<std::uint8_t>(text[i]);
      const std::uint8_t min = i == 1 ? form.second_min : std::uint8_t{0x80};
      const std::uint8_t max = i == 1 ? form.second_max : std::uint8_t{0xBF};
      if (byte < min || byte > max) return false;
    }
    text.remove_prefix(form.length);
  }
  return true;
}

}  // namespace hearth
