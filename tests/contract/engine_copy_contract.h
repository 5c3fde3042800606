/// The part of the engine contract that is about consistent copies of a storage which goes on changing.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "tests/contract/engine_under_test.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {

/// With what a start of the name server with the copy as its file would open.
template <class Use>
auto with_copy(EngineCopy& copy, Use use) {
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
  return use(*open_engine("sql:" + (directory / "copy.db")).value());
}
inline Registrations in_copy(EngineCopy& copy) {
  return with_copy(copy, [](Engine& engine) { return sorted_by_name(loaded(engine).value()); });
}
inline std::string owners_in_copy(EngineCopy& copy) {
  return with_copy(copy, [](Engine& engine) { return loaded_owners(engine).value(); });
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
  Registrations before;
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

}  // namespace hearth
