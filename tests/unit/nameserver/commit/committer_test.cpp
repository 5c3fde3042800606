#include "nameserver/commit/committer.h"

#include "tests/unit/nameserver/commit/committing.h"

namespace hearth {
namespace {

using Sizes = std::vector<std::size_t>;

TEST_CASE("a mutation comes back with its outcome, after submit() has returned") {
  Committing test;
  test.submit(put("a", "PYRO:a@h:1", {"t"}));
  test.submit(remove({"a", "b"}));
  CHECK(test.results.empty());
  test.loop.run();
  REQUIRE(test.told() == "aa");
  CHECK(std::get<Put>(test.mutations[0]).registration == Registration{"a", "PYRO:a@h:1", {"t"}});
  CHECK(std::get<Remove>(test.mutations[1]).names == std::vector<std::string>{"a", "b"});
  CHECK(test.results[1]->count == 1);
  CHECK(test.waiters_alive == 0);
}

TEST_CASE("waiters are called once each, in the order of submission") {
  Limits limits;
  limits.commit_items_max = 7;
  Committing test(limits);
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i / 2);
    test.submit(put_if_absent(name, std::to_string(i)));
    expected += i % 2 == 0 ? 'a' : 't';
  }
  test.loop.run();
  CHECK(test.told() == expected);
  for (std::size_t i = 0; i < test.mutations.size(); ++i) {
    REQUIRE(std::get<Put>(test.mutations[i]).registration.uri == std::to_string(i));
  }
}

TEST_CASE("what piles up while the engine syncs shares one commit") {
  Committing test;
  CHECK(test.committer->statistics().stored_bytes == 1000);
  int turns = 0;
  std::unique_ptr<Waker> next_turn;
  next_turn = std::make_unique<Waker>(test.loop, [&] {
    ++turns;
    if (turns <= 10) test.submit(put(std::to_string(turns), "u"));
    if (turns <= 12) return next_turn->wake();  // two more, so that the last submission has reached the writer
    test.control->release();
  });
  test.control->hold([&] { next_turn->wake(); });
  test.submit(put("first", "u"));
  test.loop.run();
  CHECK(test.told() == std::string(11, 'a'));
  CHECK(test.control->batch_sizes() == Sizes{1, 10});
  const Committer::Statistics statistics = test.committer->statistics();
  CHECK(statistics.commits == 2);
  CHECK(statistics.mutations == 11);
  CHECK(statistics.largest_commit == 10);
  CHECK(statistics.stored_bytes == 3000);
  CHECK(statistics.failures == 0);
  CHECK(statistics.last_commit.has_value());
  CHECK_FALSE(statistics.refusal.has_value());
}

TEST_CASE("changes of other writers come before the outcomes of the commit that found them") {
  Committing test;
  test.submit(put("a", "1"));
  test.loop.run();
  CHECK(test.foreign_changes.empty());
  test.control->change_from_outside({put("b", "2").mutation, remove({"c"}).mutation});
  test.submit_all({put("b", "3"), set_tags("missing", {})});
  test.loop.run();
  REQUIRE(test.foreign_changes.size() == 2);
  CHECK(std::get<Put>(test.foreign_changes[0]).registration.uri == "2");
  CHECK(std::get<Remove>(test.foreign_changes[1]).names == std::vector<std::string>{"c"});
  CHECK(test.told_at_foreign_change == "a");
  CHECK(test.told() == "aau");
  CHECK(test.committer->statistics().foreign_changes == 2);
}

TEST_CASE("a commit is bounded by items") {
  Limits limits;
  limits.commit_items_max = 3;
  Committing test(limits);
  for (int i = 0; i < 7; ++i) test.submit(put(std::to_string(i), "u"));
  test.loop.run();
  CHECK(test.control->batch_sizes() == Sizes{3, 3, 1});
  CHECK(test.told() == "aaaaaaa");
}

TEST_CASE("a commit is bounded by bytes, but a mutation larger than the bound goes alone") {
  Limits limits;
  limits.commit_bytes_max = 10;
  Committing test(limits);
  test.submit_all({put("1234", "6"), put("1234", "0"), put("1", std::string(50, 'x')), put("2", "u")});
  test.loop.run();
  CHECK(test.control->batch_sizes() == Sizes{2, 1, 1});
  CHECK(test.told() == "aaaa");
}

TEST_CASE("a chain shares one commit and stops at its first failure") {
  Committing test;
  test.submit_all({put("a", "1", {}, 5), set_tags("missing", {}, 5), put("b", "1", {}, 5), put("c", "1")});
  test.loop.run();
  CHECK(test.told() == "auna");
  CHECK(test.control->batch_sizes() == Sizes{4});
}

TEST_CASE("an idle writer does not snatch the first mutations of a turn") {
  Committing test;
  constexpr std::size_t rounds = 50;  // the writer needs luck to get in between
  constexpr std::size_t of_a_turn = 20;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < of_a_turn; ++i) test.submit(put(std::to_string(i), "u", {}, round + 1));
    test.loop.run();
  }
  CHECK(test.control->batch_sizes() == Sizes(rounds, of_a_turn));
}

TEST_CASE("a chain cut in two by a bound still stops, and only that chain") {
  Limits limits;
  limits.commit_items_max = 2;
  Committing test(limits);
  test.submit_all({put("a", "1", {}, 5), set_tags("missing", {}, 5),  // the first commit
                   put("b", "1", {}, 6), put("c", "1", {}, 5), put("d", "1", {}, 6), put("e", "1"),
                   put("f", "1", {}, 5)});
  test.loop.run();
  CHECK(test.told() == "auanaan");
  CHECK(test.control->batch_sizes() == Sizes{2, 1, 2});
}

TEST_CASE("a waiter may submit more") {
  Committing test;
  test.submit(put("a", "1"), [&] { test.submit(put_if_absent("a", "2")); });
  test.loop.run();
  CHECK(test.told() == "at");
}

TEST_CASE("submissions over the queue's bound are refused until there is room") {
  Limits limits;
  limits.commit_queue_items_max = 2;
  Committing test(limits);
  test.submit(put("a", "1"));
  test.submit(put("b", "1"));
  test.submit(put("c", "1"));
  CHECK(test.results.empty());
  test.loop.run();
  REQUIRE(test.results.size() == 3);
  const auto& refused = test.results.front();  // nobody has to wait for the disk to hear that
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::limit);
  CHECK(refused.error().text == "overloaded: 2 changes are waiting for the disk, try again later");
  test.submit(put_if_absent("c", "1"));
  test.loop.run();
  CHECK(test.told() == "Eaaa");
}

TEST_CASE("limits change while it runs: the writer's with the next batch, the queue's at once") {
  Limits limits;
  limits.commit_items_max = 3;
  limits.commit_queue_items_max = 6;
  Committing test(limits);
  for (int i = 0; i < 6; ++i) test.submit(put(std::to_string(i), "u"));
  test.loop.run();
  CHECK(test.control->batch_sizes() == Sizes{3, 3});

  limits.commit_items_max = 5;
  limits.commit_queue_items_max = 10;
  test.committer->set_limits(limits);
  for (int i = 0; i < 11; ++i) test.submit(put(std::to_string(i), "u"));
  test.loop.run();
  CHECK(test.control->batch_sizes() == Sizes{3, 3, 5, 5});
  CHECK(test.told() == "aaaaaaEaaaaaaaaaa");
}

TEST_CASE("drain calls back when everything has been answered") {
  Committing test;
  std::string told_when_drained;
  std::unique_ptr<Waker> held = std::make_unique<Waker>(test.loop, [&] {
    test.committer->drain([&] { told_when_drained = test.told(); });
    test.control->release();
  });
  test.control->hold([&] { held->wake(); });
  test.submit_all({put("a", "1"), put_if_absent("a", "2")});
  test.loop.run();
  CHECK(told_when_drained == "at");
}

TEST_CASE("drain of an idle committer calls back from the loop") {
  Committing test;
  int drained = 0;
  test.committer->drain([&] { ++drained; });
  CHECK(drained == 0);
  test.loop.run();
  CHECK(drained == 1);
}

TEST_CASE("a committer that is destroyed commits what was submitted and drops the waiters uncalled") {
  Committing test;
  test.submit_all({put("a", "1"), put("b", "1"), put("c", "1")});
  test.committer.reset();
  CHECK(test.control->batch_sizes() == Sizes{3});
  CHECK(test.results.empty());
  CHECK(test.waiters_alive == 0);
}

TEST_CASE("a committer can be destroyed while the engine is in the middle of a commit") {
  Committing test;
  Waker held(test.loop, [&] { test.loop.stop(); });
  test.control->hold([&] { held.wake(); });
  test.submit_all({put("a", "1"), put("b", "1")});
  test.loop.run();
  test.submit(put("c", "1"));
  test.control->release();
  test.committer.reset();
  CHECK(test.control->batch_sizes() == Sizes{2, 1});
  CHECK(test.waiters_alive == 0);
}

}  // namespace
}  // namespace hearth
