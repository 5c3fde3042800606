#include "nameserver/model/mutation.h"

namespace hearth {
namespace {

struct TextBytes {
  static std::size_t sum(const std::vector<std::string>& texts) {
    std::size_t bytes = 0;
    for (const std::string& text : texts) bytes += text.size();
    return bytes;
  }
  std::size_t operator()(const Put& put) const {
    const Registration& registration = put.registration;
    return registration.name.size() + registration.uri.size() + sum(registration.tags);
  }
  std::size_t operator()(const SetTags& set) const { return set.name.size() + sum(set.tags); }
  std::size_t operator()(const Remove& remove) const { return sum(remove.names); }
  std::size_t operator()(const Evict& evict) const {
    std::size_t bytes = 0;
    for (const NameAndUri& registration : evict.registrations)
      bytes += registration.name.size() + registration.uri.size();
    return bytes;
  }
};

}  // namespace

Outcome::Kind admit(const Claim& claim, std::string_view owner, std::uint64_t owned) {
  if (!claim.may_change(owner)) return Outcome::Kind::not_owner;
  const bool is_another = !claim.owner().empty() && claim.owner() != owner;
  return is_another && owned >= claim.registrations_max ? Outcome::Kind::owner_is_full : Outcome::Kind::applied;
}

std::size_t text_bytes(const Mutation& mutation) { return std::visit(TextBytes{}, mutation); }

}  // namespace hearth
