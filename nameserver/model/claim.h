/// Claim: in whose name a change is made, and what that allows. An owner is written as the access rules write an identity
/// ("token:alice"); an empty one is nobody.
///
/// Layer: model.        Thread rule: constant once made; shared by the changes of a client, on both threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

struct Claim {
  std::vector<std::string> identities;  ///< all that the client has; the first becomes the owner of what it registers
  bool is_owner_only = false;           ///< what belongs to none of them, but to somebody, is not to be changed
  std::uint32_t registrations_max = UINT32_MAX;  ///< of that owner

  [[nodiscard]] std::string_view owner() const {
    return identities.empty() ? std::string_view() : std::string_view(identities.front());
  }
  [[nodiscard]] bool may_change(std::string_view owner) const {
    return !is_owner_only || owner.empty() || std::ranges::find(identities, owner) != identities.end();
  }
};

/// nullptr: of whoever may change everything, and becomes nobody's owner: hearthd itself, other programs that write into the
/// storage, everybody where there are no access rules.
using ClaimRef = std::shared_ptr<const Claim>;

[[nodiscard]] inline std::string_view owner_by(const ClaimRef& claim) {
  return claim ? claim->owner() : std::string_view();
}
[[nodiscard]] inline bool may_change(const ClaimRef& claim, std::string_view owner) {
  return !claim || claim->may_change(owner);
}

}  // namespace hearth
