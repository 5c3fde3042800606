#include "nameserver/registry/pending_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "protocol/base/check.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Of those that the mutation is about, the first that its claim must not change.
std::string_view name_of_another(const Index& index, const Mutation& mutation) {
  if (const auto* put = std::get_if<Put>(&mutation)) return put->registration.name;
  if (const auto* set = std::get_if<SetTags>(&mutation)) return set->name;
  const Remove& removal = std::get<Remove>(mutation);
  const auto found = std::ranges::find_if(
      removal.names, [&](const std::string& name) { return !index.may_change(removal.claim, name); });
  return found == removal.names.end() ? std::string_view(removal.names.front()) : std::string_view(*found);
}

/// For people. The storage may know of an owner that somebody has written into it since the start.
std::string_view owner_of(const Index& index, std::string_view name) {
  const CompactRegistration* entry = index.find(name);
  const std::string_view owner = entry == nullptr ? std::string_view() : index.owner_of(*entry);
  return owner.empty() ? "somebody else" : owner;
}

CallResult owner_is_full(const Claim& claim) {
  return raise("NamingError",
               fmt::format("no room for another name of {}, which may own {} (registrations-per-owner-max): remove "
                           "some, or ask whoever runs the name server to raise that limit",
                           claim.owner(), claim.registrations_max));
}

}  // namespace

void PendingAnswer::committed(Mutation mutation, Result<Outcome> outcome) {
  CallResult result = result_of(mutation, outcome);
  if (outcome && outcome->kind == Outcome::Kind::applied) {
    if (author_ != nullptr) gate_.changed(*author_, mutation, index_);
    index_.apply(std::move(mutation));
    if (applied_) applied_();
  }
  std::move(responder_).answer(std::move(result));
}

CallResult PendingAnswer::result_of(const Mutation& mutation, const Result<Outcome>& outcome) {
  if (!outcome) return raise("NamingError", outcome.error().text);
  switch (outcome->kind) {
    case Outcome::Kind::applied: break;
    case Outcome::Kind::name_taken:
      return raise("NamingError", "name already registered: " + std::get<Put>(mutation).registration.name);
    case Outcome::Kind::unknown_name: return unknown_name(std::get<SetTags>(mutation).name);
    case Outcome::Kind::not_owner: return tl::unexpected<RemoteException>(not_owner(mutation));
    case Outcome::Kind::owner_is_full: return owner_is_full(*std::get<Put>(mutation).claim);
  }
  if (std::holds_alternative<Remove>(mutation)) return Value(std::int64_t{outcome->count});
  return Value();
}

RemoteException PendingAnswer::not_owner(const Mutation& mutation) {
  HEARTH_CHECK(author_ != nullptr);  // since there is a claim
  const std::string_view name = name_of_another(index_, mutation);
  return gate_.refusal_to_stranger(*author_, name, owner_of(index_, name));
}

CallResult unknown_name(std::string_view name) { return raise("NamingError", "unknown name: " + std::string(name)); }

}  // namespace hearth
