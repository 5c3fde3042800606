#include "protocol/value/bigint.h"

#include <bit>
#include <charconv>
#include <string>

#include "protocol/base/check.h"

namespace hearth {
namespace {

constexpr unsigned limb_bits = 32;
constexpr std::uint32_t chunk_base = 1000000000;  // the largest power of ten in a limb
constexpr std::size_t chunk_digits = 9;

/// The decimal digits of a number in base 2^32 (lowest first), by Horner's rule in base 10^9.
std::string decimal_text(const std::vector<std::uint32_t>& limbs) {
  std::vector<std::uint32_t> chunks;  // lowest first
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    std::uint64_t carry = *limb;
    for (std::uint32_t& chunk : chunks) {
      carry += std::uint64_t{chunk} << limb_bits;
      chunk = static_cast<std::uint32_t>(carry % chunk_base);
      carry /= chunk_base;
    }
    for (; carry != 0; carry /= chunk_base) chunks.push_back(static_cast<std::uint32_t>(carry % chunk_base));
  }
  std::string text = chunks.empty() ? "0" : std::to_string(chunks.back());
  for (auto chunk = chunks.rbegin(); chunk != chunks.rend(); ++chunk) {
    if (chunk == chunks.rbegin()) continue;
    const std::string digits = std::to_string(*chunk);
    text.append(chunk_digits - digits.size(), '0').append(digits);
  }
  return text;
}

}  // namespace

Magnitude::Magnitude(std::uint64_t value) {
  append_bits(static_cast<std::uint32_t>(value), limb_bits);
  append_bits(static_cast<std::uint32_t>(value >> limb_bits), limb_bits);
}

Magnitude Magnitude::from_decimal(std::string_view digits) {
  Magnitude result;
  while (!digits.empty()) {
    const std::string_view chunk = digits.substr(0, chunk_digits);
    digits.remove_prefix(chunk.size());
    std::uint32_t carry = 0;
    const auto [end, status] = std::from_chars(chunk.data(), chunk.data() + chunk.size(), carry);
    HEARTH_CHECK(status == std::errc() && end == chunk.data() + chunk.size());
    std::uint32_t scale = 1;
    for (std::size_t i = 0; i < chunk.size(); ++i) scale *= 10;
    for (std::uint32_t& limb : result.limbs_) {
      const std::uint64_t product = std::uint64_t{limb} * scale + carry;
      limb = static_cast<std::uint32_t>(product);
      carry = static_cast<std::uint32_t>(product >> limb_bits);
    }
    if (carry != 0) result.limbs_.push_back(carry);
  }
  result.bit_count_ = result.limbs_.size() * limb_bits;
  return result;
}

void Magnitude::append_bits(std::uint32_t bits, unsigned width) {
  const auto offset = static_cast<unsigned>(bit_count_ % limb_bits);
  if (offset == 0) {
    limbs_.push_back(bits);
  } else {
    limbs_.back() |= bits << offset;
    if (offset + width > limb_bits) limbs_.push_back(bits >> (limb_bits - offset));
  }
  bit_count_ += width;
}

std::size_t Magnitude::significant_bits() const {
  std::size_t limbs = limbs_.size();
  while (limbs > 0 && limbs_[limbs - 1] == 0) --limbs;
  if (limbs == 0) return 0;
  return limbs * limb_bits - static_cast<unsigned>(std::countl_zero(limbs_[limbs - 1]));
}

std::optional<Value> Magnitude::to_int(bool negative, std::size_t digits_max) const {
  const std::size_t bits = significant_bits();
  // A number of b bits has more than (b - 1) * log10(2) decimal digits; 0.3 is a little less than log10(2).
  if (bits > 0 && (bits - 1) / 10 * 3 > digits_max) return std::nullopt;
  std::vector<std::uint32_t> limbs = limbs_;
  limbs.resize((bits + limb_bits - 1) / limb_bits);
  const std::string digits = decimal_text(limbs);
  if (digits.size() > digits_max) return std::nullopt;
  return int_from_decimal(negative ? "-" + digits : digits);
}

std::vector<std::uint16_t> Magnitude::base_32768_digits() const {
  constexpr std::size_t width = 15;
  constexpr std::uint32_t mask = (1U << width) - 1;
  const std::size_t bits = significant_bits();
  std::vector<std::uint16_t> digits;
  digits.reserve((bits + width - 1) / width);
  for (std::size_t bit = 0; bit < bits; bit += width) {
    const std::size_t limb = bit / limb_bits;
    const std::uint64_t above = limb + 1 < limbs_.size() ? limbs_[limb + 1] : 0;
    const std::uint64_t window = (above << limb_bits) | limbs_[limb];
    digits.push_back(static_cast<std::uint16_t>((window >> (bit % limb_bits)) & mask));
  }
  return digits;
}

}  // namespace hearth
