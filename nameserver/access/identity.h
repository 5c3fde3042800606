/// Identity: by what a rule knows a client.
///
///     anyone                        every client
///     token:alice                   it has sent a token of that name
///     subject:"CN=alice,O=Lab"      the subject of its TLS certificate, as `openssl x509 -subject -nameopt RFC2253` prints it
///     cn:alice                      the common name in there
///     uid:1000                      its user, on a Unix socket
///     net:192.0.2.0/24              its address, or the network that it is in
///
/// Layer: access.        Thread rule: plain values, pure functions.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <hearth/result.h>

#include "nameserver/access/network.h"
#include "protocol/rpc/call.h"

namespace hearth {

namespace identity {

struct Anyone {
  auto operator<=>(const Anyone&) const = default;
};
struct Token {
  std::string name;
  auto operator<=>(const Token&) const = default;
};
struct Subject {
  std::string text;
  auto operator<=>(const Subject&) const = default;
};
struct CommonName {
  std::string text;
  auto operator<=>(const CommonName&) const = default;
};
struct User {
  std::uint32_t uid;
  auto operator<=>(const User&) const = default;
};

}  // namespace identity

using Identity =
    std::variant<identity::Anyone, identity::Token, identity::Subject, identity::CommonName, identity::User, Network>;

/// Errors say what is wrong and what would be right, and end no sentence.
[[nodiscard]] Result<Identity> parse_identity(std::string_view text);

/// `token_name` is that of the token which the peer has sent; empty: it has sent none that counts.
[[nodiscard]] bool has_identity(const Peer& peer, std::string_view token_name, const Identity& identity);

/// Those that are nobody else's, written as above: of a token, a certificate's subject and a user, in this order, what it has.
[[nodiscard]] std::vector<std::string> own_identities(const Peer& peer, std::string_view token_name);

/// The one by which people know the peer: the first of these; empty: it has none.
[[nodiscard]] std::string known_as(const Peer& peer, std::string_view token_name);

}  // namespace hearth
