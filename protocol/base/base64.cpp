#include "protocol/base/base64.h"

#include <array>

namespace hearth {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digit_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = no_digit;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> digit_values = make_digit_values();

std::uint32_t byte_at(std::string_view text, std::size_t pos) { return static_cast<unsigned char>(text[pos]); }

}  // namespace

void append_base64(Bytes& out, BytesView data) {
  out.reserve(out.size() + (data.size() + 2) / 3 * 4);
  for (std::size_t pos = 0; pos < data.size(); pos += 3) {
    const std::size_t count = data.size() - pos < 3 ? data.size() - pos : 3;
    std::uint32_t group = byte_at(data, pos) << 16U;
    if (count > 1) group |= byte_at(data, pos + 1) << 8U;
    if (count > 2) group |= byte_at(data, pos + 2);
    out.push_back(alphabet[group >> 18U]);
    out.push_back(alphabet[(group >> 12U) & 0x3FU]);
    out.push_back(count > 1 ? alphabet[(group >> 6U) & 0x3FU] : '=');
    out.push_back(count > 2 ? alphabet[group & 0x3FU] : '=');
  }
}

std::optional<Bytes> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  Bytes data;
  data.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char c : text) {
    const std::uint8_t digit = digit_values[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    pending = (pending << 6U) | digit;
    pending_bits += 6;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    data.push_back(static_cast<char>((pending >> pending_bits) & 0xFFU));
    pending &= (1U << pending_bits) - 1;
  }
  if (pending != 0) return std::nullopt;  // the unused low bits of the last digit
  return data;
}

}  // namespace hearth
