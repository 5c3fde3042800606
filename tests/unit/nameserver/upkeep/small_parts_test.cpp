// The small parts of upkeep: locations, the queue of probes, speech, private mounts, pauses, the watched sink.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/upkeep/location.h"
#include "nameserver/upkeep/pause_watch.h"
#include "nameserver/upkeep/private_mounts.h"
#include "nameserver/upkeep/probe_queue.h"
#include "nameserver/upkeep/speech.h"
#include "nameserver/upkeep/watched_sink.h"
#include "protocol/tls/tls_record.h"
#include "tests/support/mutations.h"

namespace hearth {

TEST_CASE("location: where the object of a URI is, if anybody could ask there") {
  const auto text = [](std::string_view uri) {
    const auto target = target_of(uri);
    return target ? target->object + " " + target->location.text : "nothing";
  };
  CHECK(text("PYRO:o@host:9090") == "o host:9090");
  CHECK(text("pyro:o@host:9090") == "o host:9090");
  CHECK(text("PYRO:o@[::1]:1") == "o [::1]:1");
  CHECK(text("PYRO:o@./u:/run/x") == "o ./u:/run/x");
  for (const char* uri : {"PYRONAME:o", "PYRONAME:o@host:1", "PYROMETA:a@host:1", "PYRO:o@host:0", "PYRO:o@host:70000",
                          "PYRO:o@host:-1", "PYRO:o@./u:relative", "nonsense", ""}) {
    CAPTURE(uri);
    CHECK(text(uri) == "nothing");
  }
  CHECK(text("PYRO:o@./u:/" + std::string(107, 'x')) == "nothing");
  const auto v6 = target_of("PYRO:o@[::1]:80")->location;
  CHECK(v6.host == "::1");
  CHECK(v6.port == 80);
  CHECK_FALSE(v6.is_unix_socket());
  CHECK(v6.likely_place() == "[::1]:80");
  CHECK(target_of("PYRO:o@localhost:80")->location.likely_place() == "127.0.0.1:80");
  CHECK(target_of("PYRO:o@./u:/x")->location.is_unix_socket());
}

TEST_CASE("probe queue: so many at once, so many at one host, and hosts take turns") {
  ProbeQueue queue(4, 2);
  const std::vector<std::string> hosts{"a", "a", "a", "a", "b", "c", "c"};
  for (const std::string& host : hosts) queue.add(host);
  std::string order;
  std::vector<std::size_t> running;
  const auto take_all = [&] {
    while (const auto item = queue.take()) {
      order += hosts[*item];
      running.push_back(*item);
    }
  };
  take_all();
  CHECK(order == "abca");
  queue.finish(running[1]);  // b: c has one more; a is full
  take_all();
  CHECK(order == "abcac");
  queue.finish(running[0]);
  take_all();
  CHECK(order == "abcaca");
  for (const std::size_t item : {running[2], running[3], running[4], running[5]}) queue.finish(item);
  CHECK_FALSE(queue.is_empty());
  running.clear();
  take_all();
  CHECK(order == "abcacaa");
  queue.finish(running[0]);
  CHECK(queue.is_empty());
  CHECK(queue.take() == std::nullopt);
}

TEST_CASE("speech: who says what") {
  CHECK(speech_of("") == Speech::unclear);
  CHECK(speech_of("PYR") == Speech::unclear);
  CHECK(speech_of("PYRO") == Speech::pyro);
  CHECK(speech_of("PYRO and more") == Speech::pyro);
  CHECK(speech_of("PYT") == Speech::other);
  CHECK(speech_of("HTTP/1.1 400") == Speech::other);
  CHECK(speech_of("\x15") == Speech::unclear);
  CHECK(speech_of("\x15\x03\x03") == Speech::tls);
  CHECK(speech_of(tls_probe_hello()) == Speech::tls);
  CHECK(speech_of("\x16\x04") == Speech::other);
  CHECK(speech_of(std::string_view("\0", 1)) == Speech::other);
}

TEST_CASE("private mounts: what systemd has mounted for this process alone") {
  const std::string_view mounts =
      "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
      "23 22 0:20 / /run rw - tmpfs tmpfs rw\n"
      "24 22 8:1 /tmp/systemd-private-0123-hearthd.service-x/tmp /tmp rw - ext4 /dev/sda1 rw\n"
      "25 24 0:33 / /tmp/shared rw - tmpfs tmpfs rw\n"
      "26 22 0:20 /systemd/inaccessible/dir /home rw - tmpfs tmpfs rw\n"
      "27 22 8:1 /tmp/systemd-private-1/a /with\\040blank rw - ext4 /dev/sda1 rw\n"
      "28 22 8:1 /tmp/systemd-private-1/b /twice rw - ext4 /dev/sda1 rw\n"
      "29 28 8:1 /b /twice rw - ext4 /dev/sda1 rw\n"
      "nonsense\n";
  for (const char* path : {"/tmp/x", "/tmp", "/tmp/a/b", "/home", "/with blank/x"}) {
    CAPTURE(path);
    CHECK(is_below_private_mount(path, mounts));
  }
  for (const char* path : {"/x", "/run/x", "/tmpx", "/tmp/shared/x", "/homes", "/twice/x"}) {
    CAPTURE(path);
    CHECK_FALSE(is_below_private_mount(path, mounts));
  }
  CHECK_FALSE(is_below_private_mount("/x", ""));
  CHECK_FALSE(is_below_private_mount("/proc/self"));
}

TEST_CASE("pause watch: a tick that comes much too late was a pause") {
  PauseWatch watch(1000, 5000, 10000);
  CHECK(watch.tick(11000) == std::nullopt);
  CHECK(watch.tick(16999) == std::nullopt);
  CHECK(watch.tick(22999) == 5000);
  CHECK(watch.tick(23999) == std::nullopt);
  CHECK(watch.tick(3623999) == 3599000);
}

namespace {

struct Watched : RegistrationWatcher, MutationSink {
  void on_registered(std::string_view name, std::string_view uri) override {
    seen += "+" + std::string(name) + "=" + std::string(uri) + " ";
  }
  void on_removed(std::string_view name) override { seen += "-" + std::string(name) + " "; }
  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override {
    seen += "submitted ";
    mutations.push_back(std::move(mutation));
    waiters.push_back(std::move(waiter));
  }
  void commit(Result<Outcome> outcome) {
    waiters.back()->committed(std::move(mutations.back().mutation), std::move(outcome));
  }
  std::string taken() { return std::exchange(seen, {}); }

  std::string seen;
  std::vector<ChainedMutation> mutations;
  std::vector<std::unique_ptr<CommitWaiter>> waiters;
};

class NotingWaiter final : public CommitWaiter {
 public:
  explicit NotingWaiter(Watched& watched) : watched_(watched) {}
  void committed(Mutation, Result<Outcome>) override { watched_.seen += "told "; }

 private:
  Watched& watched_;
};

}  // namespace

TEST_CASE("watched sink: the watcher hears of every name before anybody can see the change") {
  Watched watched;
  const Index index;
  WatchedSink sink(watched, watched, index);
  const auto submit = [&](ChainedMutation mutation) {
    sink.submit(std::move(mutation), std::make_unique<NotingWaiter>(watched));
    return watched.taken();
  };
  CHECK(submit(put("n", "u", {}, 7)) == "+n=u submitted ");
  CHECK(watched.mutations.back().chain == 7);
  CHECK(submit(remove({"a", "b"})) == "-a -b submitted ");
  CHECK(submit(set_tags("n", {})) == "submitted ");
  CHECK(submit(evict({{"n", "u"}})) == "submitted ");
}

TEST_CASE("watched sink: a conditional registration is one only if it comes about") {
  Watched watched;
  const Index index;
  WatchedSink sink(watched, watched, index);
  const auto outcome_of = [&](Result<Outcome> outcome) {
    sink.submit(put_if_absent("n", "u"), std::make_unique<NotingWaiter>(watched));
    CHECK(watched.taken() == "submitted ");
    watched.commit(std::move(outcome));
    return watched.taken();
  };
  CHECK(outcome_of(Outcome{}) == "+n=u told ");
  CHECK(outcome_of(Outcome{Outcome::Kind::name_taken}) == "told ");
  CHECK(outcome_of(fail(ErrorKind::storage, "no room")) == "told ");
}

TEST_CASE("watched sink: a change of what belongs to somebody else is one only if it comes about") {
  Watched watched;
  Index index;
  index.put("n", "u", {});
  index.set_owner("n", "token:alice");
  WatchedSink sink(watched, watched, index);
  const auto claim = [](const char* who) { return std::make_shared<const Claim>(Claim{{who}, true}); };
  const auto outcome_of = [&](Mutation mutation, Outcome::Kind kind) {
    sink.submit({std::move(mutation), no_chain}, std::make_unique<NotingWaiter>(watched));
    const std::string before = watched.taken();
    watched.commit(Outcome{kind});
    return before + watched.taken();
  };
  using Kind = Outcome::Kind;
  CHECK(outcome_of(Put{{"n", "v", {}}, false, claim("token:bob")}, Kind::not_owner) == "submitted told ");
  CHECK(outcome_of(Put{{"n", "v", {}}, false, claim("token:bob")}, Kind::applied) == "submitted +n=v told ");
  CHECK(outcome_of(Put{{"n", "v", {}}, false, claim("token:alice")}, Kind::applied) == "+n=v submitted told ");
  CHECK(outcome_of(Remove{{"m", "n"}, claim("token:bob")}, Kind::not_owner) == "submitted told ");
  CHECK(outcome_of(Remove{{"m", "n"}, claim("token:bob")}, Kind::applied) == "submitted -m -n told ");
  CHECK(outcome_of(Remove{{"m"}, claim("token:bob")}, Kind::applied) == "-m submitted told ");
}

}  // namespace hearth
