/// The contract of nameserver/store/engine.h as a test suite. A new engine adds one case to engine_contract_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/contract/engine_copy_contract.h"
#include "tests/contract/engine_owner_contract.h"
#include "tests/contract/engine_storage_contract.h"
#include "tests/contract/engine_under_test.h"

namespace hearth {

inline void check_put(EngineUnderTest& subject) {
  CHECK(subject.stored().empty());
  CHECK(subject.commit({}) == "");
  CHECK(subject.commit({put("b", "PYRO:b@h:1", {"t1", "t2"}), put("a", "PYRO:a@h:1")}) == "aa");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {"t1", "t2"}}});

  CHECK(subject.commit({put("b", "PYRO:b@h:2", {"t2", "t3"}), put("a", "PYRO:a@h:1", {"t"})}) == "aa");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:a@h:1", {"t"}}, {"b", "PYRO:b@h:2", {"t2", "t3"}}});

  CHECK(subject.commit({put("b", "PYRO:b@h:2")}) == "a");
  CHECK(subject.stored()[1].tags.empty());
}

inline void check_put_if_absent(EngineUnderTest& subject) {
  CHECK(subject.commit({put_if_absent("a", "PYRO:first@h:1"), put_if_absent("a", "PYRO:second@h:1")}) == "at");
  CHECK(subject.commit({set_tags("a", {"kept"}), put_if_absent("a", "PYRO:third@h:1")}) == "at");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:first@h:1", {"kept"}}});
  CHECK(subject.commit({remove({"a"}), put_if_absent("a", "PYRO:fourth@h:1")}) == "aa");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:fourth@h:1", {}}});
}

inline void check_set_tags(EngineUnderTest& subject) {
  CHECK(subject.commit({set_tags("a", {"x"}), put("a", "PYRO:a@h:1", {"x", "y"}), put("b", "PYRO:b@h:1", {"x"})}) ==
        "uaa");
  CHECK(subject.commit({set_tags("a", {"y", "z"})}) == "a");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:a@h:1", {"y", "z"}}, {"b", "PYRO:b@h:1", {"x"}}});
  CHECK(subject.commit({set_tags("a", {}), set_tags("c", {})}) == "au");
  CHECK(subject.stored() == Registrations{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {"x"}}});
}

inline void check_remove(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "u", {"t"}), put("b", "u", {"t"}), put("c", "u", {"t"}), put("d", "u")}) == "aaaa");
  const Batch batch{remove({"a", "missing", "c", "a"}), remove({"c"}), remove({})};
  const auto results = subject.engine().commit(batch);
  REQUIRE(letters(results) == "aaa");
  CHECK(results[0]->count == 2);
  CHECK(results[1]->count == 0);
  CHECK(results[2]->count == 0);
  CHECK(subject.stored() == Registrations{{"b", "u", {"t"}}, {"d", "u", {}}});
  CHECK(subject.commit({put("a", "again")}) == "a");
  CHECK(subject.stored()[0] == Registration{"a", "again", {}});
}

/// All of them with one sync, in a time that grows with their number and no faster: a quadratic engine would take minutes.
inline void check_removal_of_many(EngineUnderTest& subject) {
  constexpr int count = 50000;
  Batch puts{put("stays", "u", {"t"})};
  Remove removal;
  for (int i = 0; i < count; ++i) {
    const std::string name = "name" + std::to_string(i);
    puts.push_back(put(name, "u", {"t", "tag" + std::to_string(i % 10)}));
    removal.names.push_back(name);
  }
  REQUIRE(letters(subject.engine().commit(puts)) == std::string(puts.size(), 'a'));
  const Batch removals{ChainedMutation{std::move(removal), no_chain}};
  const auto results = subject.engine().commit(removals);
  REQUIRE(letters(results) == "a");
  CHECK(results[0]->count == count);
  CHECK(subject.stored() == Registrations{{"stays", "u", {"t"}}});
}

inline void check_evict(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "u", {"t"}), put("b", "u", {"t"}), put("c", "u"), put("d", "u")}) == "aaaa");
  const Batch batch{evict({{"a", "u"}, {"b", "U"}, {"missing", "u"}, {"c", "u"}, {"a", "u"}}),
                    evict({}),
                    put("d", "other"),
                    evict({{"d", "u"}}),
                    put_if_absent("c", "new"),
                    evict({{"c", "u"}})};
  const auto results = subject.engine().commit(batch);
  REQUIRE(letters(results) == "aaaaaa");
  CHECK(results[0]->count == 2);
  CHECK(results[1]->count == 0);
  CHECK(results[3]->count == 0);
  CHECK(results[5]->count == 0);
  CHECK(subject.stored() == Registrations{{"b", "u", {"t"}}, {"c", "new", {}}, {"d", "other", {}}});
  // Nothing of it left behind: the name can be had again, without its old tags.
  CHECK(subject.commit({put_if_absent("a", "again")}) == "a");
  CHECK(subject.stored()[0] == Registration{"a", "again", {}});
}

inline void check_order_of_one_name(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "1"), remove({"a"}), set_tags("a", {"lost"}), put("a", "2", {"x"}), put("a", "3"),
                        set_tags("a", {"y"})}) == "aauaaa");
  CHECK(subject.stored() == Registrations{{"a", "3", {"y"}}});
}

inline void check_chains(EngineUnderTest& subject) {
  CHECK(subject.commit({put("taken", "first")}) == "a");
  CHECK(subject.commit({put("a", "1", {}, 7), put_if_absent("taken", "second", 7), put("b", "1", {}, 7),
                        put("c", "1", {}, 8), put("d", "1"), set_tags("missing", {}, 8), remove({"a"}, 8),
                        put("e", "1"), put("f", "1", {}, 9)}) == "atnaaunaa");
  std::string names;
  for (const Registration& registration : subject.stored()) names += registration.name + " ";
  CHECK(names == "a c d e f taken ");
  // Without a chain nothing stops anything, and a removal of nothing applies.
  CHECK(subject.commit({set_tags("missing", {}), remove({"missing"}, 3), put("g", "1", {}, 3)}) == "uaa");
  // Nor does one whose condition is not met; what it has not removed is no failure.
  CHECK(subject.commit({evict({{"missing", "1"}, {"a", "other"}}, 5), put("e", "2", {}, 5)}) == "aa");
  // A batch is where a chain ends.
  CHECK(subject.commit({set_tags("missing", {}, 4)}) == "u");
  CHECK(subject.commit({put("h", "1", {}, 4)}) == "a");
}

inline void check_texts(EngineUnderTest& subject) {
  const std::vector<std::string> texts{"",
                                       "A",
                                       "a",
                                       "a%",
                                       "a_",
                                       "a b'\"\\;--",
                                       "\xC3\xA9",
                                       "e\xCC\x81",
                                       "\xF0\x9F\x94\xA5",
                                       std::string("nul\0inside", 10),
                                       std::string("nul\0", 4),
                                       "nul",
                                       " ",
                                       "\n",
                                       "NULL",
                                       "1",
                                       "1.0",
                                       std::string(100000, 'x')};
  Batch batch;
  Registrations expected;
  for (const std::string& text : texts) {
    Tags tags{text, text + "!"};
    sort_tags(tags);
    batch.push_back(put(text, "u" + text, tags));
    expected.push_back({text, "u" + text, tags});
  }
  CHECK(subject.commit(batch) == std::string(batch.size(), 'a'));
  CHECK(subject.stored() == sorted_by_name(std::move(expected)));
  for (const std::string& text : texts) {
    CAPTURE(text);
    const auto removed =
        subject.engine().commit(Batch{put_if_absent(text, "second"), evict({{text, "U" + text}}),
                                      evict({{text, "u" + text}}), put(text, "third"), remove({text})});
    CHECK(letters(removed) == "taaaa");
    CHECK(removed[1]->count == 0);
    CHECK(removed[2]->count == 1);
    CHECK(removed[4]->count == 1);
  }
  CHECK(subject.stored().empty());
}

/// Far more than any bound of the committer's.
inline void check_large_batch(EngineUnderTest& subject) {
  Batch batch;
  Remove all;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = std::to_string(10000 + i);
    batch.push_back(i % 3 == 0 ? put_if_absent("same", name) : put(name, name, {"t"}));
    expected.push_back(i % 3 == 0 && i > 0 ? 't' : 'a');
    all.names.push_back(name);
  }
  CHECK(subject.commit(batch) == expected);
  const Registrations stored = subject.stored();
  REQUIRE(stored.size() == 2001);
  CHECK(stored.back() == Registration{"same", "10000", {}});
  const auto results = subject.engine().commit(Batch{{std::move(all), no_chain}, remove({"same"})});
  REQUIRE(letters(results) == "aa");
  CHECK(results[0]->count == 2000);
  CHECK(subject.stored().empty());
}

/// A start hands over each registration once, its tags in order, as often as it is asked.
inline void check_load(EngineUnderTest& subject) {
  CHECK(subject.commit({put("b", "1", {"x", "y", "z"}), put("a", "1", {"y"}), put("c", "1"), put("a", "2", {"w", "y"}),
                        set_tags("b", {"a", "z"})}) == "aaaaa");
  const Registrations expected{{"a", "2", {"w", "y"}}, {"b", "1", {"a", "z"}}, {"c", "1", {}}};
  CHECK(subject.stored() == expected);
  CHECK(sorted_by_name(loaded(subject.engine()).value()) == expected);
}

inline void check_engine_contract(const MakeEngine& make) {
  for (const auto check : {check_put,
                           check_put_if_absent,
                           check_set_tags,
                           check_remove,
                           check_removal_of_many,
                           check_evict,
                           check_order_of_one_name,
                           check_chains,
                           check_texts,
                           check_large_batch,
                           check_load,
                           check_reopen,
                           check_kill,
                           check_storage_failure,
                           check_other_writers,
                           check_other_writers_and_failures,
                           check_copy,
                           check_owners,
                           check_owners_in_chains,
                           check_owner_limit,
                           check_owners_and_other_writers,
                           check_owners_in_a_copy}) {
    const auto subject = make();
    const std::string description = subject->engine().description();
    CHECK_FALSE(description.empty());
    CHECK(subject->engine().take_foreign_changes().empty());
    check(*subject);
    CHECK(subject->engine().description() == description);
  }
}

}  // namespace hearth
