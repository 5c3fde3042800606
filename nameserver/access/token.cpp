#include "nameserver/access/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <span>

#include "protocol/base/check.h"

namespace hearth {
namespace {

constexpr std::string_view scheme = "sha256:";
constexpr std::string_view digits = "0123456789abcdef";

std::string hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) text += {digits[byte >> 4U], digits[byte & 0xFU]};
  return text;
}

bool read_hex(std::string_view text, std::span<unsigned char> bytes) {
  if (text.size() != 2 * bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t high = digits.find(text[2 * i]);
    const std::size_t low = digits.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    bytes[i] = static_cast<unsigned char>((high << 4U) | low);
  }
  return true;
}

void fill_randomly(std::span<unsigned char> bytes) {
  HEARTH_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);  // the kernel gives some, always
}

void digest_into(TokenHash& hash, std::string_view token) {
  std::string salted(hash.salt.begin(), hash.salt.end());
  salted += token;
  HEARTH_CHECK(EVP_Digest(salted.data(), salted.size(), hash.digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
}

}  // namespace

std::string to_string(const TokenHash& hash) { return std::string(scheme) + hex(hash.salt) + ":" + hex(hash.digest); }

std::optional<TokenHash> parse_token_hash(std::string_view text) {
  TokenHash hash;
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (!read_hex(text.substr(0, colon), hash.salt) || !read_hex(text.substr(colon + 1), hash.digest))
    return std::nullopt;
  return hash;
}

bool matches(const TokenHash& hash, std::string_view token) {
  TokenHash given{hash.salt, {}};
  digest_into(given, token);
  return CRYPTO_memcmp(given.digest.data(), hash.digest.data(), hash.digest.size()) == 0;
}

TokenHash hash_token(std::string_view token) {
  TokenHash hash;
  fill_randomly(hash.salt);
  digest_into(hash, token);
  return hash;
}

std::string make_token() {
  std::array<unsigned char, 32> bytes{};
  fill_randomly(bytes);
  return hex(bytes);
}

}  // namespace hearth
