// A file of access rules is refused with a line number, or allows what a look at each of its words allows, and nobody else anything.
#include "nameserver/access/access_file.h"

#include <memory>
#include <string>

#include "protocol/base/check.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {
namespace {

constexpr Right rights_on_names[] = {Right::read, Right::registration, Right::removal};

bool grants_something(const AccessRules::Grants& grants) {
  for (const PrefixSet& names : grants) {
    if (!names.is_empty()) return true;
  }
  return false;
}

}  // namespace

void check(BytesView input) {
  auto parsed = parse_access(input, "access.conf");
  if (!parsed) {
    HEARTH_CHECK(parsed.error().text.starts_with("access.conf:"));
    HEARTH_CHECK(parsed.error().text.find('\n') == std::string::npos);
    return;
  }
  const auto rules = std::make_shared<const AccessRules>(std::move(*parsed));
  bool allows_strangers = false;
  for (const auto& [identity, grants] : rules->grants) {
    HEARTH_CHECK(grants_something(grants));
    HEARTH_CHECK(!grants.at(3).is_empty() == grants.at(3).covers_everything());  // admin: all or nothing
    allows_strangers = allows_strangers || std::holds_alternative<identity::Anyone>(identity);
  }
  // On no network, in no directory, without a token: what only `anyone` can be.
  Peer stranger;
  stranger.address = "nowhere";
  const Caller caller(rules, stranger);
  bool has_any = caller.has(Right::admin);
  for (const Right right : rights_on_names) {
    has_any = has_any || caller.has(right);
    HEARTH_CHECK(caller.has(right) || !caller.may(right, "name"));
    HEARTH_CHECK(!caller.may(right, "") || caller.may(right, "name"));
  }
  HEARTH_CHECK(has_any == allows_strangers);
}

}  // namespace hearth::fuzz
