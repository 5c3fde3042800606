/// AccessRules: who may do what, and Caller: what one client may do under them. Nobody may do anything that no rule allows.
///
/// Layer: access (no file, socket, clock or log).        Thread rule: constant once built.
/// Ownership: a Caller shares the rules it was made with; new rules are a new object, and new Callers.
/// Work: making a Caller costs a hash for each token and a look at each identity; afterwards a question costs a search in a tree
/// for each identity that the client has.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nameserver/access/identity.h"
#include "nameserver/access/prefix_set.h"
#include "nameserver/access/token.h"
#include "nameserver/model/right.h"
#include "protocol/rpc/call.h"

namespace hearth {

struct AccessRules {
  struct Token {
    std::string name;
    TokenHash hash;
  };
  /// For each right the names it is on. `admin` is not about names: it is on all of them, or on none.
  using Grants = std::array<PrefixSet, right_names.size()>;

  std::vector<Token> tokens;  ///< a name may have several
  std::map<Identity, Grants> grants;
  bool is_owner_only = false;  ///< only their owners, and `admin`, may change registrations that have one
};

class Caller {
 public:
  Caller(std::shared_ptr<const AccessRules> rules, const Peer& peer);

  /// For all names, ask for "": only who may do something with every name may do it with that one.
  [[nodiscard]] bool may(Right right, std::string_view name) const;
  /// With some names at least.
  [[nodiscard]] bool has(Right right) const;

  /// "token:alice"; empty: nothing tells it from others but its address.
  [[nodiscard]] std::string identity() const { return identities_.empty() ? std::string() : identities_.front(); }
  /// That one, and the others it has which are nobody else's: by each it is the owner of what it has registered.
  [[nodiscard]] const std::vector<std::string>& identities() const { return identities_; }
  /// It has sent what may have been meant as a token, but no rule knows it.
  [[nodiscard]] bool has_unknown_token() const { return has_unknown_token_; }

 private:
  std::shared_ptr<const AccessRules> rules_;
  std::vector<const AccessRules::Grants*> grants_;  ///< of the rules, one for each identity that it has
  std::vector<std::string> identities_;
  bool has_unknown_token_ = false;
};

}  // namespace hearth
