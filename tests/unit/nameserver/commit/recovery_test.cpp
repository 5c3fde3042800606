#include "tests/unit/nameserver/commit/committing.h"

namespace hearth {
namespace {

using Sizes = std::vector<std::size_t>;

/// A failed reopen() is not repeated as long as a test lasts.
Limits patient() {
  Limits limits;
  limits.storage_retry_ms = 3600U * 1000U;
  return limits;
}

/// A failed reopen() is repeated at once.
Limits eager() {
  Limits limits;
  limits.storage_retry_ms = 0;
  return limits;
}

TEST_CASE("a storage failure is everybody's in the batch, and the next batch finds the engine reopened") {
  Committing test(patient());
  test.control->fail_commits(1);
  test.submit_all({put("a", "1"), set_tags("missing", {})});
  test.loop.run();
  REQUIRE(test.told() == "SS");
  CHECK(test.committer->statistics().last_error == "the disk is full");
  CHECK(test.results[0].error().text == "the name server cannot store changes: the disk is full");

  test.submit_all({put("a", "1")});
  test.loop.run();
  CHECK(test.told() == "SSa");
  CHECK(test.control->reopens() == 1);
  const Committer::Statistics statistics = test.committer->statistics();
  CHECK(statistics.commits == 1);
  CHECK(statistics.mutations == 1);
  CHECK(statistics.failures == 1);
}

TEST_CASE("while the engine cannot be reopened, mutations are refused without touching it") {
  Committing test(patient());
  test.control->fail_commits(1);
  test.control->fail_reopens(1);
  for (int i = 0; i < 4; ++i) {
    test.submit(put("a", "1"));
    test.loop.run();
  }
  CHECK(test.told() == "SSSS");
  CHECK(test.results[3].error().text == "the name server cannot store changes: still no room");
  CHECK(test.control->reopens() == 1);
  CHECK(test.control->batch_sizes() == Sizes{1});
  CHECK(test.committer->statistics().failures == 1);
  CHECK(test.committer->statistics().refusal == test.results[3].error().text);
}

TEST_CASE("a reopen is tried again without anybody asking, and writes go on after it") {
  Committing test(eager());
  test.control->fail_commits(1);
  test.control->fail_reopens(2);
  Waker recovered(test.loop, [&] { test.loop.stop(); });
  test.control->on_recovery([&] { recovered.wake(); });
  test.submit(put_if_absent("a", "1"));
  test.submit(put_if_absent("a", "1"));
  recovered.keep_loop_alive(true);
  test.loop.run();
  CHECK(test.control->reopens() == 3);
  recovered.keep_loop_alive(false);
  test.submit_all({put_if_absent("a", "1"), put_if_absent("a", "2")});
  test.loop.run();
  CHECK(test.told() == "SSat");
  const Committer::Statistics statistics = test.committer->statistics();
  CHECK(statistics.failures == 1);
  CHECK(statistics.commits == 1);
  CHECK_FALSE(statistics.refusal.has_value());
  CHECK(statistics.last_error == "still no room");
}

TEST_CASE("a chain whose first part failed with the storage does not go on after the recovery") {
  Limits limits = patient();
  limits.commit_items_max = 2;
  Committing test(limits);
  test.control->fail_commits(1);
  test.submit_all({put("a", "1", {}, 5), put("b", "1", {}, 5), put("c", "1", {}, 5), put("d", "1")});
  test.loop.run();
  CHECK(test.told() == "SSna");
  CHECK(test.control->batch_sizes() == Sizes{2, 1});
}

}  // namespace
}  // namespace hearth
