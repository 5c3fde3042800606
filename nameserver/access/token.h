/// Tokens: random texts that clients send in Pyro's handshake value, and the hashes by which they are known again.
///
/// Layer: access (OpenSSL stays in token.cpp).        Thread rule: any thread.
/// A salted SHA-256 is enough because tokens are random: nobody can try 2^256 of them. It would not do for passwords.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

struct TokenHash {
  std::array<unsigned char, 16> salt{};
  std::array<unsigned char, 32> digest{};
};

/// "sha256:SALT:DIGEST", in hexadecimal digits.
[[nodiscard]] std::string to_string(const TokenHash& hash);
[[nodiscard]] std::optional<TokenHash> parse_token_hash(std::string_view text);

/// In a time that tells nothing about the digest.
[[nodiscard]] bool matches(const TokenHash& hash, std::string_view token);

[[nodiscard]] TokenHash hash_token(std::string_view token);

/// 256 random bits, as 64 hexadecimal digits.
[[nodiscard]] std::string make_token();

}  // namespace hearth
