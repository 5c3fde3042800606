/// The part of the engine contract that is about storages which last, fail, and have other writers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/contract/engine_under_test.h"

namespace hearth {

inline void check_reopen(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1")}) == "aa");
  REQUIRE(subject.engine().reopen().has_value());
  REQUIRE(subject.engine().reopen().has_value());
  const Registrations all{{"a", "1", {"t"}}, {"b", "1", {}}};
  CHECK(sorted_by_name(loaded(subject.engine()).value()) == all);
  CHECK(subject.commit({put_if_absent("a", "2"), set_tags("b", {"t"})}) == "ta");
  CHECK(subject.stored() == Registrations{{"a", "1", {"t"}}, {"b", "1", {"t"}}});
}

/// An `applied` outcome survives, and only that.
inline void check_kill(EngineUnderTest& subject) {
  const auto after_kill = [&subject] { return sorted_by_name(*subject.load_after_kill()); };
  if (!subject.load_after_kill()) return;
  CHECK(after_kill().empty());
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1"), put_if_absent("a", "2"), remove({"b"})}) == "aata");
  CHECK(after_kill() == Registrations{{"a", "1", {"t"}}});
  CHECK(subject.commit({set_tags("a", {"s"}), set_tags("b", {"s"})}) == "au");
  CHECK(after_kill() == Registrations{{"a", "1", {"s"}}});
  CHECK(subject.commit({evict({{"a", "1"}})}) == "a");
  CHECK(after_kill().empty());
}

/// None of a batch that fails is applied, and nothing more is until reopen() has succeeded.
inline void check_storage_failure(EngineUnderTest& subject) {
  const Registrations acknowledged{{"a", "1", {"t"}}, {"b", "1", {}}};
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1")}) == "aa");
  if (!subject.break_storage()) return;
  CHECK(subject.commit({put("a", "2"), set_tags("missing", {}, 7), put("c", "1", {}, 7), remove({"b"}),
                        evict({{"a", "1"}}), put_if_absent("d", "1")}) == "SSSSSS");
  const auto results = subject.engine().commit(Batch{put("c", "1")});
  REQUIRE(letters(results) == "S");
  CHECK_FALSE(results[0].error().text.empty());
  CHECK_FALSE(subject.engine().reopen().has_value());
  CHECK(subject.commit({put("c", "1")}) == "S");
  if (const auto after_kill = subject.load_after_kill()) CHECK(sorted_by_name(*after_kill) == acknowledged);

  subject.mend_storage();
  CHECK(subject.commit({put("c", "1")}) == "S");
  CHECK(subject.commit({}) == "");
  REQUIRE(subject.engine().reopen().has_value());
  CHECK(sorted_by_name(loaded(subject.engine()).value()) == acknowledged);
  // Nothing has stayed behind: neither a stopped chain nor a condition that is met no longer.
  CHECK(subject.commit({put("c", "1", {}, 7), put_if_absent("d", "1", 7), evict({{"a", "1"}})}) == "aaa");
  CHECK(subject.stored() == Registrations{{"b", "1", {}}, {"c", "1", {}}, {"d", "1", {}}});

  // A stop in the middle of a failure loses nothing either.
  REQUIRE(subject.break_storage());
  CHECK(subject.commit({remove({"b", "c", "d"})}) == "S");
  subject.mend_storage();
  CHECK(subject.stored() == Registrations{{"b", "1", {}}, {"c", "1", {}}, {"d", "1", {}}});
}

/// Puts as themselves, removals without URI, in the order of the names.
inline Registrations foreign_changes(Engine& engine) {
  Registrations all;
  for (Mutation& change : engine.take_foreign_changes()) {
    if (auto* put = std::get_if<Put>(&change)) {
      all.push_back(std::move(put->registration));
    } else {
      for (const std::string& name : std::get<Remove>(change).names) all.push_back({name, "", {}});
    }
  }
  return sorted_by_name(std::move(all));
}

inline void check_other_writers(EngineUnderTest& subject) {
  Engine& engine = subject.engine();
  CHECK(subject.commit({put("a", "1", {"t"}), put("b", "1", {"t"}), put("c", "1")}) == "aaa");
  CHECK(foreign_changes(engine).empty());
  if (!subject.change_from_outside({{"a", "2", {"s"}}, {"new", "1", {}}}, {"b"})) return;
  // Conditions are decided on what is there now, and what is told is what was there before the batch.
  CHECK(subject.commit({put_if_absent("new", "2"), put_if_absent("b", "3"), set_tags("a", {"u"})}) == "taa");
  CHECK(foreign_changes(engine) == Registrations{{"a", "2", {"s"}}, {"b", "", {}}, {"new", "1", {}}});
  CHECK(foreign_changes(engine).empty());
  CHECK(subject.commit({put("c", "2")}) == "a");
  CHECK(foreign_changes(engine).empty());

  // A commit without mutations asks too, and a reopen() forgets nothing.
  CHECK(subject.change_from_outside({{"c", "3", {"x", "y"}}}, {}));
  REQUIRE(engine.reopen().has_value());
  CHECK(subject.commit({}) == "");
  CHECK(foreign_changes(engine) == Registrations{{"c", "3", {"x", "y"}}});

  CHECK(subject.stored() == Registrations{{"a", "2", {"u"}}, {"b", "3", {}}, {"c", "3", {"x", "y"}}, {"new", "1", {}}});
  CHECK(subject.commit({put("d", "1")}) == "a");
  CHECK(foreign_changes(subject.engine()).empty());  // what was there at the start is no change
}

/// What others did is told once, by the commit that succeeds; in between it is not told, and not forgotten.
inline void check_other_writers_and_failures(EngineUnderTest& subject) {
  CHECK(subject.commit({put("a", "1"), put("b", "1"), put("c", "1")}) == "aaa");
  if (!subject.change_from_outside({{"a", "2", {"s"}}}, {"b"})) return;
  if (subject.break_storage()) {
    CHECK(subject.commit({put("a", "3")}) == "S");
    CHECK(foreign_changes(subject.engine()).empty());
    subject.mend_storage();
    REQUIRE(subject.engine().reopen().has_value());
    CHECK(sorted_by_name(loaded(subject.engine()).value()) == Registrations{{"a", "2", {"s"}}, {"c", "1", {}}});
  }
  CHECK(subject.change_from_outside({}, {"c"}));
  CHECK(subject.commit({put_if_absent("b", "4"), put_if_absent("a", "4")}) == "at");
  CHECK(foreign_changes(subject.engine()) == Registrations{{"a", "2", {"s"}}, {"b", "", {}}, {"c", "", {}}});

  // Of all that happened to a name only what it has come to counts, and our own commit in between is no news.
  CHECK(subject.change_from_outside({{"c", "5", {}}, {"b", "5", {}}}, {}));
  CHECK(subject.change_from_outside({{"c", "6", {"u"}}}, {"b"}));
  CHECK(subject.commit({put("d", "1")}) == "a");
  CHECK(foreign_changes(subject.engine()) == Registrations{{"b", "", {}}, {"c", "6", {"u"}}});
  CHECK(subject.commit({put("c", "7")}) == "a");
  CHECK(foreign_changes(subject.engine()).empty());
  CHECK(subject.stored() == Registrations{{"a", "2", {"s"}}, {"c", "7", {}}, {"d", "1", {}}});
}

}  // namespace hearth
