#include "nameserver/upkeep/autoclean.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/nameserver/upkeep/cleaning.h"

namespace hearth {

namespace {

using Names = std::vector<std::string>;

class ForgetfulWaiter final : public CommitWaiter {
 public:
  void committed(Mutation, Result<Outcome>) override {}
};

}  // namespace

TEST_CASE("autoclean: a name goes in the first round that finds it gone for the grace, not before") {
  Cleaning test;
  test.add("dead", "PYRO:o@dead:1");
  test.add("live", "PYRO:o@live:1");
  test.prober.results["dead:1"] = gone();
  test.pass(2999);
  CHECK(test.prober.questions.empty());
  test.pass(1);  // the first round
  CHECK(test.autoclean.status().suspects == 1);
  CHECK(test.autoclean.status().locations == 2);
  CHECK(test.autoclean.status().failing == 1);
  test.rounds(6);  // 18 s later
  CHECK(test.has("dead"));
  test.rounds(1);
  CHECK(test.names() == Names{"live"});
  CHECK(test.autoclean.status().removed == 1);
  CHECK(test.autoclean.status().suspects == 0);
  test.check_consistent();
}

TEST_CASE("autoclean: one answer in between starts the grace anew") {
  Cleaning test;
  test.add("flaky", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.rounds(7);
  test.prober.results["h:1"] = answers();
  test.rounds(1);
  CHECK(test.autoclean.status().suspects == 0);
  test.prober.results["h:1"] = no_answer();
  test.rounds(7);
  CHECK(test.has("flaky"));
  test.rounds(1);
  CHECK_FALSE(test.has("flaky"));
}

TEST_CASE("autoclean: what cannot be probed stays, and so do the name server and daemons") {
  Cleaning test;
  test.prober.otherwise = [](const Location&) { return gone(); };
  const Names stay{"PYRO:Pyro.NameServer@h:9090",
                   "PYRO:Pyro.Daemon@h:1",
                   "PYRONAME:other",
                   "PYRONAME:other@h:1",
                   "PYROMETA:a,b@h:1",
                   "PYRO:o@h:0",
                   "PYRO:o@h:65536",
                   "PYRO:o@./u:relative"};
  test.add("Pyro.NameServer", stay[0]);
  test.add("Pyro.Daemon", stay[1]);
  for (std::size_t i = 2; i < stay.size(); ++i) test.add("n" + std::to_string(i), stay[i]);
  test.add("goes", "PYRO:o@[::1]:1");
  test.add("goes too", "PYRO:o@./u:/tmp/x");
  test.rounds(9);
  CHECK(test.index.size() == stay.size());
  CHECK(test.prober.questions.size() == 2 * 8);
}

TEST_CASE("autoclean: each location is probed once a round, for its object or for the list of them") {
  Cleaning test;
  for (const char* name : {"a1", "a2", "a3"}) test.add(name, "PYRO:same@one:1");
  test.add("b1", "PYRO:x@two:1");
  test.add("b2", "PYRO:y@two:1");
  test.add("b3", "PYRO:x@two:1");
  test.rounds(1);
  REQUIRE(test.prober.questions.size() == 2);
  CHECK(test.prober.questions[0].location.text == "one:1");
  CHECK(test.prober.questions[0].object == "same");
  CHECK(test.prober.questions[1].location.text == "two:1");
  CHECK(test.prober.questions[1].object.empty());
}

TEST_CASE("autoclean: an object that its server does not know goes, its neighbours stay") {
  Cleaning test;
  test.add("one.lost", "PYRO:x@one:1");
  test.add("two.lost", "PYRO:x@two:1");
  test.add("two.kept", "PYRO:y@two:1");
  test.add("unknown", "PYRO:z@three:1");
  test.prober.results["one:1"] = answers_with({});
  test.prober.results["two:1"] = answers_with({"y", "Pyro.Daemon"});
  test.rounds(8);
  CHECK(test.names() == Names{"two.kept", "unknown"});
  CHECK(test.autoclean.status().failing == 0);
}

TEST_CASE("autoclean: 300 names of 3 dead hosts among 2,000 live ones, in small pieces and few probes at once") {
  Limits limits;
  limits.autoclean_names_per_turn_max = 7;
  limits.autoclean_probes_max = 20;
  limits.autoclean_probes_per_host_max = 4;
  Cleaning test(limits);
  for (int i = 0; i < 2000; ++i) {
    test.add("live." + std::to_string(i),
             "PYRO:o" + std::to_string(i % 10) + "@live" + std::to_string(i % 4) + ":" + std::to_string(1000 + i / 8));
  }
  for (int i = 0; i < 300; ++i) {
    test.add("dead." + std::to_string(i), "PYRO:o@dead" + std::to_string(i % 3) + ":" + std::to_string(1 + i / 3));
  }
  test.prober.otherwise = [](const Location& location) {
    return location.host.starts_with("dead") ? no_answer() : answers();
  };
  test.rounds(8);
  CHECK(test.index.size() == 2000);
  CHECK(test.count_of("dead.") == 0);
  CHECK(test.autoclean.status().removed == 300);
  CHECK(test.prober.running_max == 20);
  CHECK(test.prober.running_at_host_max == 4);
  test.check_consistent();
}

TEST_CASE("autoclean: names that come and go while a round is under way do it no harm") {
  Limits limits;
  limits.autoclean_names_per_turn_max = 3;
  Cleaning test(limits);
  for (int i = 0; i < 50; ++i) test.add("dead." + std::to_string(i), "PYRO:o@dead:" + std::to_string(1 + i));
  for (int i = 0; i < 500; ++i) test.add("live." + std::to_string(i), "PYRO:o@live:" + std::to_string(1 + i));
  test.prober.otherwise = [](const Location& location) { return location.host == "dead" ? gone() : answers(); };
  int step = 0;
  test.between_pieces = [&] {
    ++step;
    test.submit(remove({"live." + std::to_string(step % 500)}));
    test.add("live." + std::to_string((step * 7) % 500), "PYRO:o@live:" + std::to_string(1 + step % 600));
    test.add("new." + std::to_string(step % 20), "PYRO:o@live:1");
  };
  test.rounds(9);
  CHECK(test.count_of("dead.") == 0);
  CHECK(test.autoclean.status().removed == 50);
  test.check_consistent();
}

TEST_CASE("autoclean: a registration starts fresh, even one that looks the same") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.rounds(7);
  test.add("n", "PYRO:o@h:1");
  test.rounds(7);
  CHECK(test.has("n"));
  test.rounds(1);
  CHECK_FALSE(test.has("n"));
}

TEST_CASE("autoclean: a name removed and registered again starts fresh") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.rounds(7);
  test.submit(remove({"n"}));
  test.submit(put_if_absent("n", "PYRO:o@h:1"));
  test.rounds(7);
  CHECK(test.has("n"));
}

TEST_CASE("autoclean: an attempt to register a name that is taken does not keep the dead one") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  for (int i = 0; i < 8; ++i) {
    test.rounds(1);
    if (test.has("n")) test.submit(put_if_absent("n", "PYRO:o@h:2"));
  }
  CHECK_FALSE(test.has("n"));
}

TEST_CASE("autoclean: who registers while the probes are under way is not judged by them") {
  for (const bool is_held : {false, true}) {
    CAPTURE(is_held);
    Cleaning test;
    test.add("n", "PYRO:o@h:1");
    test.add("other", "PYRO:o@h:1");
    test.prober.results["h:1"] = gone();
    test.rounds(7);
    test.work_until_probing();  // the round that would remove both
    test.sink.held = is_held;   // submitted, but not committed before they are judged
    test.add("n", "PYRO:o@h:1");
    test.work();
    test.sink.held = false;
    test.sink.commit();
    CHECK(test.names() == Names{"n"});
    test.check_consistent();
  }
}

TEST_CASE("autoclean: who registers another URI is not removed for the old one") {
  Cleaning test;
  test.add("n", "PYRO:o@dead:1");
  test.prober.results["dead:1"] = gone();
  test.rounds(7);
  // Not through the watched sink: as another writer of a shared engine would.
  test.sink.submit(put("n", "PYRO:o@dead:2"), std::make_unique<ForgetfulWaiter>());
  test.rounds(2);
  CHECK(test.sink.evictions == 1);
  REQUIRE(loaded(test.sink.engine)->size() == 1);
  CHECK(loaded(test.sink.engine)->front().uri == "PYRO:o@dead:2");
}

TEST_CASE("autoclean: a removal that the storage refuses is tried again") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.sink.failing = true;
  test.rounds(9);
  CHECK(test.has("n"));
  CHECK(test.sink.evictions == 2);
  CHECK(test.autoclean.status().removed == 0);
  test.sink.failing = false;
  test.rounds(1);
  CHECK_FALSE(test.has("n"));
}

TEST_CASE("autoclean: silence takes longer than the grace, unless the limit says never") {
  for (const std::uint32_t silence_ms : {60000U, 0U}) {
    CAPTURE(silence_ms);
    Limits limits;
    limits.autoclean_silence_ms = silence_ms;
    limits.autoclean_silent_probe_ms = 0;
    Cleaning test(limits);
    test.add("n", "PYRO:o@h:1");
    test.prober.results["h:1"] = silent("192.0.2.1:1");
    test.rounds(20);  // found silent for 57 s
    CHECK(test.has("n"));
    test.rounds(1);
    CHECK(test.has("n") == (silence_ms == 0));
    CHECK(test.autoclean.status().failing == 0);
  }
}

TEST_CASE("autoclean: a silent location is not asked every time") {
  Limits limits;
  limits.autoclean_silent_probe_ms = 10000;
  Cleaning test(limits);
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = silent("192.0.2.1:1");
  test.rounds(9);  // at 0, 12 and 24 s
  CHECK(test.prober.questions.size() == 3);
  CHECK(test.autoclean.status().suspects == 1);
  test.prober.results["h:1"] = answers();
  test.rounds(4);
  CHECK(test.autoclean.status().suspects == 0);
}

TEST_CASE("autoclean: a start and a pause give everybody a full period, and discard what is under way") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.rounds(7);
  test.work_until_probing();
  test.now_ms += 3600000;
  test.autoclean.start_afresh(test.now_ms);
  CHECK(test.prober.waiting.empty());
  CHECK(test.autoclean.status().suspects == 0);
  const auto asked = test.prober.questions.size();
  test.pass(2999);
  CHECK(test.prober.questions.size() == asked);
  test.rounds(7);
  CHECK(test.has("n"));
  test.rounds(1);
  CHECK_FALSE(test.has("n"));
}

TEST_CASE("autoclean: after stop() nothing is probed or removed") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.prober.results["h:1"] = gone();
  test.rounds(7);
  test.work_until_probing();
  test.autoclean.stop();
  CHECK(test.prober.waiting.empty());
  CHECK_FALSE(test.autoclean.work(test.now_ms + 3600000));
  test.add("m", "PYRO:o@h:1");
  CHECK(test.sink.evictions == 0);
}

TEST_CASE("autoclean: the last probe asks for more work") {
  Cleaning test;
  test.add("n", "PYRO:o@h:1");
  test.work_until_probing();
  CHECK_FALSE(test.autoclean.work(test.now_ms));
  CHECK(test.wishes == 0);
  test.prober.answer_oldest();
  CHECK(test.wishes == 1);
  CHECK(test.autoclean.work(test.now_ms));
}

}  // namespace hearth
