#include "nameserver/access/identity.h"

#include <charconv>
#include <optional>
#include <utility>

namespace hearth {
namespace {

constexpr std::string_view kinds =
    "expected anyone, or one of token:NAME, subject:TEXT, cn:NAME, uid:NUMBER and net:ADDRESS/BITS";

/// The text behind "kind:"; nullopt: it is another kind.
std::optional<std::string_view> behind(std::string_view kind, std::string_view text) {
  if (!text.starts_with(kind)) return std::nullopt;
  return text.substr(kind.size());
}

Result<Identity> parse_user(std::string_view text) {
  std::uint32_t uid = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), uid);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return identity::User{uid};
  return fail(ErrorKind::malformed, "a user is written as its number (`id -u NAME` prints it)");
}

struct Matcher {
  const Peer& peer;
  std::string_view token_name;

  bool operator()(const identity::Anyone&) const { return true; }
  bool operator()(const identity::Token& token) const { return token.name == token_name; }
  bool operator()(const identity::Subject& subject) const { return peer.tls_subject == subject.text; }
  bool operator()(const identity::CommonName& name) const { return peer.tls_common_name == name.text; }
  bool operator()(const identity::User& user) const { return peer.uid == user.uid; }
  bool operator()(const Network& network) const {
    if (peer.uid) return false;  // the text of its address is no address
    const auto address = address_of_peer(peer.address);
    return address && network.contains(*address);
  }
};

}  // namespace

Result<Identity> parse_identity(std::string_view text) {
  if (text == "anyone") return identity::Anyone{};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size())
    return fail(ErrorKind::malformed, std::string(kinds));
  if (const auto name = behind("token:", text)) return identity::Token{std::string(*name)};
  if (const auto subject = behind("subject:", text)) return identity::Subject{std::string(*subject)};
  if (const auto name = behind("cn:", text)) return identity::CommonName{std::string(*name)};
  if (const auto uid = behind("uid:", text)) return parse_user(*uid);
  if (const auto network = behind("net:", text)) {
    auto parsed = parse_network(*network);
    if (!parsed) return forward_error(parsed);
    return *parsed;
  }
  return fail(ErrorKind::malformed, std::string(kinds));
}

bool has_identity(const Peer& peer, std::string_view token_name, const Identity& identity) {
  return std::visit(Matcher{peer, token_name}, identity);
}

std::vector<std::string> own_identities(const Peer& peer, std::string_view token_name) {
  std::vector<std::string> identities;
  if (!token_name.empty()) identities.push_back("token:" + std::string(token_name));
  if (peer.tls_subject) identities.push_back("subject:" + *peer.tls_subject);
  if (peer.uid) identities.push_back("uid:" + std::to_string(*peer.uid));
  return identities;
}

std::string known_as(const Peer& peer, std::string_view token_name) {
  auto identities = own_identities(peer, token_name);
  return identities.empty() ? std::string() : std::move(identities.front());
}

}  // namespace hearth
