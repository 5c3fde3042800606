/// The contract of nameserver/store/engine.h as a test suite. A new engine adds one case to engine_contract_test.cpp.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/loaded.h"
#include "tests/support/mutations.h"
#include "tests/support/temp_dir.h"

namespace hearth {

class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual Engine& engine() = 0;
  /// What the next start of the name server would find. An engine that lasts is closed and opened again for it.
  virtual std::vector<Registration> load() = 0;

  /// As another program that shares the storage, while the engine is open: these registrations are there afterwards, those
  /// names are not. False: the storage is not shared.
  virtual bool change_from_outside(const std::vector<Registration>& /*put*/,
                                   const std::vector<std::string>& /*removed*/) {
    return false;
  }

  std::vector<Registration> stored() {
    auto all = load();
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return all;
  }
  std::string commit(const Batch& batch) { return letters(engine().commit(batch)); }
};

/// Makes an empty one.
using MakeEngine = std::function<std::unique_ptr<EngineUnderTest>()>;

inline void check_put(EngineUnderTest& subject) {
  CHECK(subject.stored().empty());
  CHECK(subject.commit({}) == "");
  CHECK(subject.commit({put("b", "PYRO:b@h:1", {"t1", "t2"}), put("a", "PYRO:a@h:1")}) == "aa");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {"t1", "t2"}}});

  CHECK(subject.commit({put("b", "PYRO:b@h:2", {"t2", "t3"}), put("a", "PYRO:a@h:1", {"t"})}) == "aa");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:a@h:1", {"t"}}, {"b", "PYRO:b@h:2", {"t2", "t3"}}});

  CHECK(subject.commit({put("b", "PYRO:b@h:2")}) == "a");
  CHECK(subject.stored()[1].tags.empty());
}

inline void check_put_if_absent(EngineUnderTest& subject) {
  CHECK(subject.commit({put_if_absent("a", "PYRO:first@h:1"), put_if_absent("a", "PYRO:second@h:1")}) == "at");
  CHECK(subject.commit({set_tags("a", {"kept"}), put_if_absent("a", "PYRO:third@h:1")}) == "at");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:first@h:1", {"kept"}}});
  CHECK(subject.commit({remove({"a"}), put_if_absent("a", "PYRO:fourth@h:1")}) == "aa");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:fourth@h:1", {}}});
}

inline void check_set_tags(EngineUnderTest& subject) {
  CHECK(subject.commit({set_tags("a", {"x"}), put("a", "PYRO:a@h:1", {"x", "y"}), put("b", "PYRO:b@h:1", {"x"})}) ==
        "uaa");
  CHECK(subject.commit({set_tags("a", {"y", "z"})}) == "a");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:a@h:1", {"y", "z"}}, {"b", "PYRO:b@h:1", {"x"}}});
  CHECK(subject.commit({set_tags("a", {}), set_tags("c", {})}) == "au");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {"x"}}});
}

inline void check_remove(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "u", {"t"}), put("b", "u", {"t"}), put("c", "u", {"t"}), put("d", "u")}) == "aaaa");
  const Batch batch{remove({"a", "missing", "c", "a"}), remove({"c"}), remove({})};
  const auto results = subject.engine().commit(batch);
  REQUIRE(letters(results) == "aaa");
  CHECK(results[0]->count == 2);
  CHECK(results[1]->count == 0);
  CHECK(results[2]->count == 0);
  CHECK(subject.stored() == std::vector<Registration>{{"b", "u", {"t"}}, {"d", "u", {}}});
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
  CHECK(subject.stored() == std::vector<Registration>{{"stays", "u", {"t"}}});
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
  CHECK(subject.stored() == std::vector<Registration>{{"b", "u", {"t"}}, {"c", "new", {}}, {"d", "other", {}}});
  // Nothing of it left behind: the name can be had again, without its old tags.
  CHECK(subject.commit({put_if_absent("a", "again")}) == "a");
  CHECK(subject.stored()[0] == Registration{"a", "again", {}});
}

inline void check_order_of_one_name(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "1"), remove({"a"}), set_tags("a", {"lost"}), put("a", "2", {"x"}), put("a", "3"),
                        set_tags("a", {"y"})}) == "aauaaa");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "3", {"y"}}});
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
  std::vector<Registration> expected;
  for (const std::string& text : texts) {
    Tags tags{text, text + "!"};
    sort_tags(tags);
    batch.push_back(put(text, "u" + text, tags));
    expected.push_back({text, "u" + text, tags});
  }
  std::sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  CHECK(subject.commit(batch) == std::string(batch.size(), 'a'));
  CHECK(subject.stored() == expected);
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

/// Puts as themselves, removals without URI, in the order of the names.
inline std::vector<Registration> foreign_changes(Engine& engine) {
  std::vector<Registration> all;
  for (Mutation& change : engine.take_foreign_changes()) {
    if (auto* put = std::get_if<Put>(&change)) {
      all.push_back(std::move(put->registration));
    } else {
      for (const std::string& name : std::get<Remove>(change).names) all.push_back({name, "", {}});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

inline void check_other_writers(EngineUnderTest& subject) {
  Engine& engine = subject.engine();
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1", {"t"}), put("c", "1")}) == "aaa");
  CHECK(foreign_changes(engine).empty());
  if (!subject.change_from_outside({{"a", "2", {"s"}}, {"new", "1", {}}}, {"b"})) return;
  // Conditions are decided on what is there now, and what is told is what was there before the batch.
  CHECK(subject.commit({put_if_absent("new", "2"), put_if_absent("b", "3"), set_tags("a", {"u"})}) == "taa");
  CHECK(foreign_changes(engine) == std::vector<Registration>{{"a", "2", {"s"}}, {"b", "", {}}, {"new", "1", {}}});
  CHECK(foreign_changes(engine).empty());
  CHECK(subject.commit({put("c", "2")}) == "a");
  CHECK(foreign_changes(engine).empty());

  // A commit without mutations asks too, and a reopen() forgets nothing.
  CHECK(subject.change_from_outside({{"c", "3", {"x", "y"}}}, {}));
  REQUIRE(engine.reopen().has_value());
  CHECK(subject.commit({}) == "");
  CHECK(foreign_changes(engine) == std::vector<Registration>{{"c", "3", {"x", "y"}}});

  CHECK(subject.stored() ==
        std::vector<Registration>{{"a", "2", {"u"}}, {"b", "3", {}}, {"c", "3", {"x", "y"}}, {"new", "1", {}}});
  CHECK(subject.commit({put("d", "1")}) == "a");
  CHECK(foreign_changes(subject.engine()).empty());  // what was there at the start is no change
}

inline void check_reopen(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1")}) == "aa");
  REQUIRE(subject.engine().reopen().has_value());
  const auto loaded = hearth::loaded(subject.engine());
  REQUIRE(loaded.has_value());
  CHECK(loaded->size() == 2);
  CHECK(subject.commit({put_if_absent("a", "2"), set_tags("b", {"t"})}) == "ta");
  CHECK(subject.stored() == std::vector<Registration>{{"a", "1", {"t"}}, {"b", "1", {"t"}}});
}

/// What a start of the name server with the copy as its file would find.
inline std::vector<Registration> in_copy(EngineCopy& copy) {
  REQUIRE(copy.progress().is_complete);
  Bytes file;
  while (file.size() < copy.size_bytes()) {
    const auto piece = copy.read(file.size(), 10000);
    REQUIRE_MESSAGE(piece.has_value(), piece.error().text);
    REQUIRE_FALSE(piece->empty());
    file += *piece;
  }
  CHECK(copy.read(file.size(), 10).value().empty());
  CHECK(copy.read(file.size() + 1, 10).value().empty());
  CHECK(copy.read(10, 20).value() == file.substr(10, 20));
  const TempDir directory;
  write_file(directory / "copy.db", file);
  auto all = loaded(*open_engine("sql:" + (directory / "copy.db")).value()).value();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

inline void finish(EngineCopy& copy) {
  while (!copy.progress().is_complete) REQUIRE(copy.advance(1000).has_value());
  CHECK(copy.progress().done == copy.progress().total);
}

inline void check_copy(EngineUnderTest& subject) {
  {
    const auto of_nothing = subject.engine().begin_copy().value();
    finish(*of_nothing);
    CHECK(in_copy(*of_nothing).empty());
  }
  std::vector<Registration> before;
  Batch batch;
  for (int i = 1000; i < 2000; ++i) {
    before.push_back({std::to_string(i), "PYRO:o@h:" + std::to_string(i), {"all", "even" + std::to_string(i % 2)}});
    batch.push_back({Put{before.back()}, no_chain});
  }
  CHECK(subject.commit(batch) == std::string(batch.size(), 'a'));
  auto copy = subject.engine().begin_copy().value();
  CHECK_FALSE(copy->progress().is_complete);
  CHECK(copy->progress().total > 10);
  // What is committed on the way is not in it, wherever the copy has got to by then.
  int number = 1000;
  while (!copy->progress().is_complete) {
    const std::string name = std::to_string(number++);
    CHECK(subject.commit({remove({name}), put("new" + name, "u"), set_tags(std::to_string(3000 - number), {"changed"}),
                          put(std::to_string(2500 - number), "changed"), put(name, "u")}) == "aaaaa");
    const std::uint64_t done = copy->progress().done;
    REQUIRE(copy->advance(1000).has_value());
    CHECK(copy->progress().done > done);
    CHECK(copy->progress().done <= copy->progress().total);
  }
  CHECK(number > 1010);
  CHECK(copy->advance(1000).has_value());
  CHECK(subject.commit({put("late", "u")}) == "a");
  CHECK(in_copy(*copy) == before);
  copy.reset();

  // One that is given up half-way is as if it had not been; and the next one has everything.
  auto given_up = subject.engine().begin_copy().value();
  CHECK(given_up->advance(1).has_value());
  CHECK(subject.commit({remove({"late"})}) == "a");
  given_up.reset();
  CHECK(subject.commit({put("later", "u", {"t"})}) == "a");
  copy = subject.engine().begin_copy().value();
  finish(*copy);
  const auto copied = in_copy(*copy);
  copy.reset();
  CHECK(copied == subject.stored());
  CHECK(copied.back() == Registration{"new" + std::to_string(number - 1), "u", {}});
}

inline void check_engine_contract(const MakeEngine& make) {
  for (const auto check :
       {check_put, check_put_if_absent, check_set_tags, check_remove, check_removal_of_many, check_evict,
        check_order_of_one_name, check_chains, check_texts, check_reopen, check_other_writers, check_copy}) {
    const auto subject = make();
    CHECK_FALSE(subject->engine().description().empty());
    check(*subject);
  }
}

}  // namespace hearth
