#include "nameserver/access/access_rules.h"

#include <algorithm>
#include <utility>

namespace hearth {
namespace {

/// Empty: none of them.
std::string_view token_name(const AccessRules& rules, const Peer& peer) {
  const auto found = std::ranges::find_if(
      rules.tokens, [&peer](const AccessRules::Token& token) { return matches(token.hash, peer.handshake); });
  return found == rules.tokens.end() ? std::string_view() : found->name;
}

const PrefixSet& names_of(const AccessRules::Grants& grants, Right right) {
  return grants.at(static_cast<std::size_t>(right));
}

}  // namespace

Caller::Caller(std::shared_ptr<const AccessRules> rules, const Peer& peer) : rules_(std::move(rules)) {
  const bool has_sent_token = peer.handshake != default_handshake;
  const std::string_view token = has_sent_token ? token_name(*rules_, peer) : std::string_view();
  has_unknown_token_ = has_sent_token && token.empty();
  identities_ = own_identities(peer, token);
  for (const auto& [identity, grants] : rules_->grants) {
    if (has_identity(peer, token, identity)) grants_.push_back(&grants);
  }
}

bool Caller::may(Right right, std::string_view name) const {
  return std::ranges::any_of(grants_, [&](const auto* grants) { return names_of(*grants, right).covers(name); });
}

bool Caller::has(Right right) const {
  return std::ranges::any_of(grants_, [&](const auto* grants) { return !names_of(*grants, right).is_empty(); });
}

}  // namespace hearth
