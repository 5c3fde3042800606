#include "protocol/base/wtf8.h"

#include <cstdint>
#include <cstring>

#include "protocol/base/check.h"

namespace hearth {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t pos) { return static_cast<unsigned char>(text[pos]); }

/// How many bytes a lead byte announces, and the smallest code point that needs so many. {0, 0}: no lead
/// byte.
struct SequenceForm {
  std::size_t length;
  char32_t smallest;
};

SequenceForm sequence_form(std::uint32_t lead) {
  if ((lead & 0xE0U) == 0xC0) return {2, 0x80};
  if ((lead & 0xF0U) == 0xE0) return {3, 0x800};
  if ((lead & 0xF8U) == 0xF0) return {4, 0x10000};
  return {0, 0};
}

/// The start of the next byte that is not ASCII, or the end.
std::size_t skip_ascii(std::string_view text, std::size_t pos) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::uint64_t chunk = 0;
  while (text.size() - pos >= sizeof chunk) {
    std::memcpy(&chunk, text.data() + pos, sizeof chunk);
    if ((chunk & high_bits) != 0) break;
    pos += sizeof chunk;
  }
  while (pos < text.size() && byte_at(text, pos) < 0x80) ++pos;
  return pos;
}

}  // namespace

char32_t decode_wtf8(std::string_view text, std::size_t& pos) {
  const std::size_t start = pos++;
  const std::uint32_t lead = byte_at(text, start);
  if (lead < 0x80) return lead;
  const SequenceForm form = sequence_form(lead);
  if (form.length == 0 || text.size() - start < form.length) return invalid_code_point;
  char32_t c = lead & (0x7FU >> form.length);
  for (std::size_t i = 1; i < form.length; ++i) {
    const std::uint32_t next = byte_at(text, start + i);
    if ((next & 0xC0U) != 0x80) return invalid_code_point;
    c = (c << 6U) | (next & 0x3FU);
  }
  if (c < form.smallest || c > 0x10FFFF) return invalid_code_point;
  pos = start + form.length;
  return c;
}

void append_wtf8(std::string& out, char32_t code_point) {
  HEARTH_CHECK(code_point <= 0x10FFFF);
  const auto low_bits = [code_point](unsigned shift) {
    return static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (code_point >> 6U)));
    out.push_back(low_bits(0));
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | (code_point >> 12U)));
    out.push_back(low_bits(6));
    out.push_back(low_bits(0));
  } else {
    out.push_back(static_cast<char>(0xF0U | (code_point >> 18U)));
    out.push_back(low_bits(12));
    out.push_back(low_bits(6));
    out.push_back(low_bits(0));
  }
}

bool is_valid_wtf8(std::string_view text) {
  std::size_t pos = skip_ascii(text, 0);
  while (pos < text.size()) {
    if (decode_wtf8(text, pos) == invalid_code_point) return false;
    pos = skip_ascii(text, pos);
  }
  return true;
}

bool has_lone_surrogate(std::string_view text) {
  // Only surrogates have the lead byte ED with a second byte of A0 or more.
  for (std::size_t pos = text.find('\xED'); pos != std::string_view::npos; pos = text.find('\xED', pos + 1)) {
    if (pos + 1 < text.size() && byte_at(text, pos + 1) >= 0xA0) return true;
  }
  return false;
}

bool is_utf8(std::string_view text) {
  if (skip_ascii(text, 0) == text.size()) return true;  // what nearly every text is
  return is_valid_wtf8(text) && !has_lone_surrogate(text);
}

}  // namespace hearth
