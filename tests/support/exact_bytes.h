/// ExactBytes: a copy of bytes in a heap block of exactly their size, so that AddressSanitizer sees a read behind the end.
/// from_hex(): bytes as the tests spell binary formats.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/base/check.h"

namespace hearth {

class ExactBytes {
 public:
  explicit ExactBytes(std::string_view bytes)
      : size_(bytes.size()), block_(std::make_unique_for_overwrite<char[]>(bytes.size())) {
    std::copy(bytes.begin(), bytes.end(), block_.get());
  }
  [[nodiscard]] std::string_view view() const { return {block_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> block_;
};

/// Pairs of hexadecimal digits; blanks between the pairs are for the reader.
[[nodiscard]] inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  while (true) {
    hex.remove_prefix(std::min(hex.find_first_not_of(' '), hex.size()));
    if (hex.empty()) return bytes;
    HEARTH_CHECK(hex.size() >= 2);
    unsigned char byte = 0;
    HEARTH_CHECK(std::from_chars(hex.data(), hex.data() + 2, byte, 16).ptr == hex.data() + 2);
    bytes.push_back(static_cast<char>(byte));
    hex.remove_prefix(2);
  }
}

}  // namespace hearth
