// Copies of the storage through the committer: in order, between commits, and over when the storage fails.
#include <algorithm>

#include "protocol/loop/timer.h"
#include "tests/unit/nameserver/commit/committing.h"

namespace hearth {
namespace {

using Kind = CopyTask::Kind;

/// Until it is stopped: a task of a copy alone does not keep the loop going.
void run_loop(Committing& test) {
  Timer safety(test.loop, [] { FAIL("no answer from the writer"); });
  safety.start_once(60000);
  test.loop.run();
}

/// Does the tasks one after the other, each when the one before has come back.
class Copying {
 public:
  explicit Copying(Committing& test) : test_(test) {}

  Result<CopyState> run(CopyTask task) {
    Result<CopyState> result;
    test_.committer->copy(task, [this, &result](Result<CopyState> state) {
      result = std::move(state);
      test_.loop.stop();
    });
    run_loop(test_);
    return result;
  }
  CopyState complete() {
    CopyState state;
    while (!state.progress.is_complete) state = run({Kind::advance}).value();
    return state;
  }

 private:
  Committing& test_;
};

TEST_CASE("a copy of the storage is made and read in pieces") {
  Limits limits;
  limits.backup_chunk_bytes_max = 4096;
  Committing test(limits);
  for (int i = 0; i < 1000; ++i) test.submit(put(std::to_string(i), "PYRO:o@h:1"));
  test.loop.run();
  Copying copying(test);
  const CopyState begun = copying.run({Kind::begin}).value();
  CHECK(begun.progress.total == 1000);
  CHECK(begun.progress.done == 0);
  CHECK(begun.size_bytes == 0);
  CHECK(begun.data.empty());
  const CopyState advanced = copying.run({Kind::advance}).value();
  CHECK(advanced.progress.done > 0);
  CHECK_FALSE(advanced.progress.is_complete);
  const CopyState complete = copying.complete();
  CHECK(complete.size_bytes > 10 * limits.backup_chunk_bytes_max);
  Bytes file;
  while (file.size() < complete.size_bytes) {
    const Bytes piece = copying.run({Kind::read, file.size()}).value().data;
    REQUIRE(piece.size() == std::min<std::size_t>(limits.backup_chunk_bytes_max, complete.size_bytes - file.size()));
    file += piece;
  }
  CHECK(file.starts_with("SQLite format 3"));
  CHECK(copying.run({Kind::end}).has_value());
  CHECK(copying.run({Kind::read, 0}).error().kind == ErrorKind::storage);
}

TEST_CASE("tasks of a copy come back in their order, and commits go on between them") {
  Committing test;
  std::string told;
  for (const Kind kind : {Kind::begin, Kind::advance, Kind::end, Kind::advance}) {
    test.committer->copy({kind}, [&told, &test](const Result<CopyState>& state) {
      told += state ? 'c' : 'E';
      if (told.size() == 4) test.submit(put("last", "1"), [&test] { test.loop.stop(); });
    });
    test.submit(put("a", "1"));
  }
  run_loop(test);
  CHECK(told == "cccE");
  CHECK(test.told() == "aaaaa");
}

TEST_CASE("a storage failure ends a copy, and the next one can begin") {
  Committing test;
  Copying copying(test);
  CHECK(copying.run({Kind::begin}).has_value());
  test.control->fail_commits(1);
  test.submit(put("a", "1"));
  test.loop.run();
  CHECK(test.told() == "S");
  CHECK(copying.run({Kind::advance}).error().text == "it was given up because the storage has failed");
  test.submit(put("a", "1"));
  test.loop.run();
  CHECK(copying.run({Kind::begin}).value().progress.total == 1);
  CHECK(copying.complete().size_bytes > 0);
}

TEST_CASE("a committer can be destroyed in the middle of a copy") {
  Committing test;
  Copying copying(test);
  CHECK(copying.run({Kind::begin}).has_value());
  bool was_called = false;
  test.committer->copy({Kind::advance}, [&was_called](const Result<CopyState>&) { was_called = true; });
  test.committer.reset();
  CHECK_FALSE(was_called);
}

}  // namespace
}  // namespace hearth
