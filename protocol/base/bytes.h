/// Bytes, and the bounds-checked reader and writer of fixed-size integers that every codec uses.
///
/// Layer: base.        Thread rule: none, plain objects.
/// Bytes is std::string: half of the formats are text, and appending to a string is what all of them do. Text in the
/// Python sense is UTF-8 that may hold lone surrogates (WTF-8); nothing here looks inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

using Bytes = std::string;
using BytesView = std::string_view;

/// Reads forward through bytes it does not own. Every read either succeeds whole or returns nullopt and moves nothing.
class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : rest_(bytes) {}

  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] BytesView rest() const { return rest_; }

  [[nodiscard]] std::optional<BytesView> take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const BytesView taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  [[nodiscard]] std::optional<std::uint8_t> u8() { return big_endian<std::uint8_t>(); }
  [[nodiscard]] std::optional<std::uint16_t> u16_be() { return big_endian<std::uint16_t>(); }
  [[nodiscard]] std::optional<std::uint32_t> u32_be() { return big_endian<std::uint32_t>(); }
  [[nodiscard]] std::optional<std::uint16_t> u16_le() { return little_endian<std::uint16_t>(); }
  [[nodiscard]] std::optional<std::uint32_t> u32_le() { return little_endian<std::uint32_t>(); }
  [[nodiscard]] std::optional<std::uint64_t> u64_le() { return little_endian<std::uint64_t>(); }

 private:
  template <class T>
  std::optional<T> big_endian() {
    const auto taken = take(sizeof(T));
    if (!taken) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : *taken) value = (value << 8U) | static_cast<std::uint8_t>(c);
    return static_cast<T>(value);
  }
  template <class T>
  std::optional<T> little_endian() {
    const auto taken = take(sizeof(T));
    if (!taken) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) value = (value << 8U) | static_cast<std::uint8_t>((*taken)[i]);
    return static_cast<T>(value);
  }

  BytesView rest_;
};

namespace detail {
inline void append_big_endian(Bytes& out, std::uint64_t value, unsigned width) {
  for (unsigned i = width; i-- > 0;) out.push_back(static_cast<char>((value >> (8U * i)) & 0xFFU));
}
inline void append_little_endian(Bytes& out, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) out.push_back(static_cast<char>((value >> (8U * i)) & 0xFFU));
}
}  // namespace detail

inline void append_u8(Bytes& out, std::uint8_t value) { out.push_back(static_cast<char>(value)); }
inline void append_u16_be(Bytes& out, std::uint16_t value) { detail::append_big_endian(out, value, 2); }
inline void append_u32_be(Bytes& out, std::uint32_t value) { detail::append_big_endian(out, value, 4); }
inline void append_u64_be(Bytes& out, std::uint64_t value) { detail::append_big_endian(out, value, 8); }
inline void append_u16_le(Bytes& out, std::uint16_t value) { detail::append_little_endian(out, value, 2); }
inline void append_u32_le(Bytes& out, std::uint32_t value) { detail::append_little_endian(out, value, 4); }
inline void append_u64_le(Bytes& out, std::uint64_t value) { detail::append_little_endian(out, value, 8); }

}  // namespace hearth
