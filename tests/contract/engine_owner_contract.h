/// The part of the engine contract that is about owners: who has one, what a claim changes, and how many one may own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/contract/engine_copy_contract.h"
#include "tests/contract/engine_under_test.h"

namespace hearth {

/// Of somebody who may change what is his own and nobody's, and own so many registrations.
inline ClaimRef strict(std::vector<std::string> identities, std::uint32_t registrations_max = UINT32_MAX) {
  return std::make_shared<const Claim>(Claim{std::move(identities), true, registrations_max});
}
/// Of somebody who may change everything.
inline ClaimRef lenient(std::vector<std::string> identities, std::uint32_t registrations_max = UINT32_MAX) {
  return std::make_shared<const Claim>(Claim{std::move(identities), false, registrations_max});
}

inline ChainedMutation put_by(ClaimRef claim, std::string name, std::string uri = "u", ChainId chain = no_chain) {
  return {Put{{std::move(name), std::move(uri), {}}, false, std::move(claim)}, chain};
}
inline ChainedMutation put_if_absent_by(ClaimRef claim, std::string name) {
  return {Put{{std::move(name), "u", {}}, true, std::move(claim)}, no_chain};
}
inline ChainedMutation set_tags_by(ClaimRef claim, std::string name) {
  return {SetTags{std::move(name), {"t"}, std::move(claim)}, no_chain};
}
inline ChainedMutation remove_by(ClaimRef claim, std::vector<std::string> names, ChainId chain = no_chain) {
  return {Remove{std::move(names), std::move(claim)}, chain};
}

inline void check_owners(EngineUnderTest& subject) {
  const ClaimRef alice = strict({"alice"});
  const ClaimRef bob = strict({"bob"});
  CHECK(subject.owners() == "");
  CHECK(subject.commit({put_by(alice, "a"), put_by(alice, "a2"), put_by(bob, "b"), put("nobody's", "u"),
                        put_by(strict({}), "no identity's")}) == "aaaaa");
  CHECK(subject.owners() == "a=alice a2=alice b=bob ");
  CHECK(subject.owners_after_start() == "a=alice a2=alice b=bob ");
  // Who is told from nobody, and who is somebody else, cannot change it in any way; nothing of it is done.
  for (const ClaimRef& other : {strict({}), bob, strict({"carol", "bob"})}) {
    CHECK(subject.commit({put_by(other, "a", "v"), set_tags_by(other, "a"), remove_by(other, {"a"}),
                          remove_by(other, {"b", "a2", "nobody's"}), put_if_absent_by(other, "a")}) == "oooot");
  }
  CHECK(subject.owners() == "a=alice a2=alice b=bob ");
  CHECK(subject.stored().front() == Registration{"a", "u", {}});
  CHECK(subject.stored().size() == 5);
  // The owner can, by whichever of his identities; what nobody owns, or does not exist, anybody can.
  const ClaimRef alice_by_another = strict({"alice's token", "alice"});
  CHECK(subject.commit({put_by(alice, "a", "v"), set_tags_by(alice_by_another, "a2"), put_by(alice_by_another, "a"),
                        set_tags_by(bob, "nobody's"), remove_by(bob, {"b", "missing", "no identity's"}),
                        set_tags_by(bob, "missing")}) == "aaaaau");
  CHECK(subject.owners_after_start() == "a=alice's token a2=alice ");
  CHECK(subject.commit({put_by(bob, "nobody's"), set_tags_by(alice, "nobody's")}) == "ao");
  // A registration has the owner that has made it, were it nobody.
  CHECK(subject.commit({put_by(lenient({"bob"}), "a"), put_by(lenient({}), "a2"), set_tags_by(lenient({"bob"}), "a2"),
                        set_tags("a", {"t"})}) == "aaaa");
  CHECK(subject.owners_after_start() == "a=bob nobody's=bob ");
  CHECK(subject.commit({put("a", "u"), evict({{"nobody's", "u"}}), put("nobody's", "again")}) == "aaa");
  CHECK(subject.owners_after_start() == "");
}

inline void check_owners_in_chains(EngineUnderTest& subject) {
  const ClaimRef bob = strict({"bob"});
  CHECK(subject.commit({put_by(strict({"alice"}), "a")}) == "a");
  CHECK(subject.commit({put_by(bob, "b", "u", 7), put_by(bob, "a", "u", 7), put_by(bob, "c", "u", 7),
                        remove_by(bob, {"b", "a"}, 8), put_by(bob, "d", "u", 8), put_by(bob, "e", "u", 9)}) ==
        "aonona");
  CHECK(subject.owners() == "a=alice b=bob e=bob ");
}

/// Counted by what is owned, whatever has come of it, and to the last place.
inline void check_owner_limit(EngineUnderTest& subject) {
  const auto alice = [](std::uint32_t registrations_max) { return strict({"alice"}, registrations_max); };
  CHECK(subject.commit({put_by(alice(2), "a"), put_by(alice(2), "b"), put_by(alice(2), "c"), put_by(alice(2), "a", "v"),
                        put_if_absent_by(alice(2), "b"), put_if_absent_by(alice(2), "c"), put("nobody's", "u"),
                        put_by(alice(2), "nobody's"), put_by(strict({"bob"}, 1), "d"), put_by(strict({}, 0), "e")}) ==
        "aafatfafaa");
  CHECK(subject.owners_after_start() == "a=alice b=alice d=bob ");
  // Each way to own less, then room for one.
  const auto is_full_with = [&](std::uint32_t count) {
    return subject.commit({put_by(alice(count), "x"), put_by(alice(count + 1), "x"), put_by(alice(count + 1), "y"),
                           remove_by(nullptr, {"x"})}) == "fafa";
  };
  CHECK(is_full_with(2));
  CHECK(subject.commit({remove_by(alice(2), {"a", "missing", "a"})}) == "a");
  CHECK(is_full_with(1));
  CHECK(subject.commit({put_by(lenient({"bob"}), "b")}) == "a");
  CHECK(is_full_with(0));
  CHECK(subject.commit({put_by(alice(3), "b1"), put_by(alice(3), "b2"), put_by(alice(3), "b3")}) == "aaa");
  CHECK(subject.commit({evict({{"b1", "u"}, {"b2", "other"}})}) == "a");
  CHECK(is_full_with(2));
  CHECK(subject.commit({put("b2", "u")}) == "a");
  CHECK(is_full_with(1));
  CHECK(subject.commit({remove_by(strict({"bob"}), {"d", "b3"}), set_tags_by(alice(1), "b3")}) == "oa");
  CHECK(is_full_with(1));
  CHECK(subject.owners_after_start() == "b=bob b3=alice d=bob ");
  CHECK(is_full_with(1));
  REQUIRE(subject.engine().reopen().has_value());
  CHECK(is_full_with(1));
  if (subject.break_storage()) {
    CHECK(subject.commit({put_by(alice(3), "lost"), remove_by(alice(3), {"b3"})}) == "SS");
    subject.mend_storage();
    REQUIRE(subject.engine().reopen().has_value());
    CHECK(is_full_with(1));
  }
  // Many at once.
  Batch batch;
  Remove all;
  for (int i = 0; i < 1000; ++i) {
    batch.push_back(put_by(i % 4 == 0 ? strict({"bob"}) : alice(751), std::to_string(i)));
    all.names.push_back(std::to_string(i));
  }
  CHECK(subject.commit(batch) == std::string(1000, 'a'));
  CHECK(is_full_with(751));
  CHECK(subject.commit({{std::move(all), no_chain}}) == "a");
  CHECK(is_full_with(1));
}

/// What another program has changed is nobody's, were it changed to what it was.
inline void check_owners_and_other_writers(EngineUnderTest& subject) {
  const ClaimRef alice = strict({"alice"}, 4);
  const ClaimRef bob = strict({"bob"});
  CHECK(subject.commit({put_by(alice, "a"), put_by(alice, "b"), put_by(alice, "c"), put_by(alice, "d")}) == "aaaa");
  if (!subject.change_from_outside({{"b", "u", {}}, {"new", "u", {}}}, {"c"})) return;
  CHECK(subject.commit({set_tags_by(bob, "b"), put_if_absent_by(bob, "c"), put_by(bob, "a"), put_by(alice, "e"),
                        put_by(alice, "f"), put_by(alice, "g")}) == "aaoaaf");
  CHECK(subject.owners_after_start() == "a=alice c=bob d=alice e=alice f=alice ");
  // Before a commit has taken it over, and while nobody runs.
  CHECK(subject.change_from_outside({{"a", "u", {}}, {"f", "v", {}}}, {"d", "e"}));
  CHECK(subject.change_from_outside({{"d", "again", {}}}, {}));
  CHECK(subject.owners_after_start() == "c=bob ");
  CHECK(subject.change_from_outside({{"c", "u", {}}}, {}));
  REQUIRE(subject.engine().reopen().has_value());
  CHECK(subject.owners() == "");
  CHECK(subject.commit({put_by(alice, "c")}) == "a");
}

inline void check_owners_in_a_copy(EngineUnderTest& subject) {
  CHECK(subject.commit({put_by(strict({"alice"}), "a"), put("b", "u"), put_by(strict({"bob"}), "c")}) == "aaa");
  const auto copy = subject.engine().begin_copy().value();
  CHECK(subject.commit({put_by(lenient({"carol"}), "a"), put_by(lenient({"carol"}), "c"), remove({"c"})}) == "aaa");
  finish(*copy);
  CHECK(owners_in_copy(*copy) == "a=alice c=bob ");
  CHECK(subject.owners() == "a=carol ");
}

}  // namespace hearth
