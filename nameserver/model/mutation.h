/// Mutation: one change of the registrations, as it travels from an object to the engine; and what came of it.
///
/// Layer: model.        Thread rule: plain values; cross between the threads by move.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nameserver/model/claim.h"
#include "nameserver/model/registration.h"

namespace hearth {

/// Adds the registration, or replaces URI, tags and owner of the one that has the name.
struct Put {
  Registration registration;
  bool only_if_absent = false;  ///< register(safe=True): `name_taken` instead of replacing, whosever it is
  ClaimRef claim = nullptr;     ///< `not_owner` if it may not change that one; `owner_is_full` if it must not own more
};

/// Replaces the tags of an existing registration, whose owner stays; `unknown_name` if there is none.
struct SetTags {
  std::string name;
  Tags tags;
  ClaimRef claim = nullptr;  ///< `not_owner`
};

/// Removes those of the names that exist, all at once or none; Outcome::count says how many did.
struct Remove {
  std::vector<std::string> names;
  ClaimRef claim = nullptr;  ///< `not_owner` if it may not change one of them: then none is removed
};

struct NameAndUri {
  std::string name;
  std::string uri;  ///< exactly as registered

  bool operator==(const NameAndUri&) const = default;
};

/// Removes those of the names that still have that URI, all at once or none; Outcome::count says how many did. For who has
/// found out that nothing answers at a URI any more, while others may register anew.
struct Evict {
  std::vector<NameAndUri> registrations;
};

using Mutation = std::variant<Put, SetTags, Remove, Evict>;

/// Conditions are decided by the engine, at the moment of the change: a shared engine has other writers.
struct Outcome {
  enum class Kind : unsigned char { applied, name_taken, unknown_name, not_owner, owner_is_full };
  Kind kind = Kind::applied;
  std::uint32_t count = 0;  ///< registrations removed (Remove and Evict)

  bool operator==(const Outcome&) const = default;
};

/// What a claim makes of a Put whose name belongs to `owner` so far, if the claimant owns so many registrations.
[[nodiscard]] Outcome::Kind admit(const Claim& claim, std::string_view owner, std::uint64_t owned);

/// Mutations of equal, non-zero chain id in one batch stop at the first that does not apply or fails: the later ones of
/// that chain are not attempted (a Pyro batch ends at its first failure).
using ChainId = std::uint64_t;
inline constexpr ChainId no_chain = 0;

struct ChainedMutation {
  Mutation mutation;
  ChainId chain = no_chain;
};

/// Bytes of text that the mutation carries: what bounds a commit's size.
[[nodiscard]] std::size_t text_bytes(const Mutation& mutation);

}  // namespace hearth
