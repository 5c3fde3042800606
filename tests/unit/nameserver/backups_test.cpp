// The one backup of a server: its copy made while others write, handed out in pieces, given up when nobody asks for them.
#include "nameserver/backups.h"

#include <map>

#include "protocol/base/base64.h"
#include "tests/unit/nameserver/commit/committing.h"

namespace hearth {
namespace {

class BackingUp final : public ReplySink {
 public:
  explicit BackingUp(const Limits& given = {}) : limits(given), committing(given) {
    backups.emplace(committing.loop, *committing.committer, limits);
  }
  ~BackingUp() {
    committing.committer.reset();  // its answers go to the backups
    backups.reset();               // and theirs here
  }

  CallResult begin() {
    return ask([this](Responder& later) { return backups->begin(later); });
  }
  CallResult read(std::int64_t id, std::uint64_t offset) {
    return ask([&](Responder& later) { return backups->read(id, offset, later); });
  }
  void register_names(int count) {
    for (int i = 0; i < count; ++i) committing.submit(put(std::to_string(i), "PYRO:o@h:1"));
    committing.loop.run();
  }
  /// Puts a question whose answer nobody waits for here.
  void ask_only(const std::function<std::optional<CallResult>(Responder&)>& question) {
    Responder later(*this, 1, ++last_call);
    CHECK_FALSE(question(later).has_value());
  }

  Limits limits;
  Committing committing;
  std::optional<Backups> backups;
  std::uint64_t last_call = 0;
  std::map<std::uint64_t, CallResult> answers;

 private:
  CallResult ask(const std::function<std::optional<CallResult>(Responder&)>& question) {
    Responder later(*this, 1, ++last_call);
    auto at_once = question(later);
    CHECK(at_once.has_value() == later.is_armed());
    later.disarm();
    if (at_once) return std::move(*at_once);
    while (!answers.contains(last_call)) committing.loop.run();
    return answers.at(last_call);
  }
  void reply(ConnectionId, std::uint64_t call_number, CallResult result) override {
    answers.emplace(call_number, std::move(result));
    committing.loop.stop();
  }
};

const Value& member(const CallResult& answer, std::string_view key) {
  REQUIRE_MESSAGE(answer.has_value(), answer.error().text());
  return *answer->as<Dict>()->find(key);
}
std::int64_t id_of(const CallResult& answer) { return *member(answer, "id").as<std::int64_t>(); }

Limits small_pieces() {
  Limits limits;
  limits.backup_chunk_bytes_max = 4096;
  return limits;
}

TEST_CASE("a backup is copied, read in pieces, and ended") {
  BackingUp test(small_pieces());
  test.register_names(1000);
  CallResult answer = test.begin();
  const std::int64_t id = id_of(answer);
  CHECK(member(answer, "total") == Value(1000));
  CHECK(member(answer, "size").is_none());
  std::int64_t done = 0;
  while (member(answer, "size").is_none()) {
    CHECK(member(answer, "data") == Value(""));
    CHECK(*member(answer, "done").as<std::int64_t>() >= done);
    done = *member(answer, "done").as<std::int64_t>();
    answer = test.read(id, 0);
  }
  const auto size = static_cast<std::size_t>(*member(answer, "size").as<std::int64_t>());
  Bytes file;
  while (file.size() < size) {
    const auto piece = decode_base64(*member(test.read(id, file.size()), "data").as_str());
    REQUIRE(piece.has_value());
    REQUIRE_FALSE(piece->empty());
    file += *piece;
  }
  CHECK(file.size() == size);
  CHECK(file.starts_with("SQLite format 3"));
  CHECK_FALSE(test.backups->end(id + 1));
  CHECK(test.backups->end(id));
  CHECK_FALSE(test.backups->end(id));
  CHECK(test.read(id, 0).error().text().starts_with("there is no such backup any more"));
}

TEST_CASE("one backup at a time, until it has ended") {
  BackingUp test;
  const std::int64_t id = id_of(test.begin());
  CHECK(test.begin().error().text() ==
        "another backup is under way; one that nobody asks for its next piece ends after 20000 ms");
  CHECK(test.read(id + 1, 0).error().text().starts_with("there is no such backup any more"));
  CHECK(test.backups->end(id));
  CHECK(id_of(test.begin()) != id);
}

TEST_CASE("a backup that nobody asks for its next piece is given up") {
  Limits limits;
  limits.backup_silence_ms = 1;
  BackingUp test(limits);
  const std::int64_t id = id_of(test.begin());
  test.committing.loop.run();  // until the timer, which is all that is left, has expired
  CHECK(test.read(id, 0).error().text().starts_with("there is no such backup any more"));
  CHECK(test.begin().has_value());
}

TEST_CASE("a client that waits for a slow disk is not silent") {
  Limits limits;
  limits.backup_silence_ms = 1;
  BackingUp test(limits);
  int rounds = 0;
  Timer disk(test.committing.loop, [&] {
    if (++rounds == 20) test.committing.control->release();
  });
  Waker held(test.committing.loop, [&] {
    disk.start_every(1);
    test.committing.loop.stop();
  });
  test.committing.control->hold([&held] { held.wake(); });
  test.committing.submit(put("a", "1"));
  test.committing.loop.run();  // until the engine is in the middle of the commit
  const CallResult answer = test.begin();
  CHECK(rounds >= 20);
  CHECK(member(answer, "total") == Value(1));
  disk.stop();
}

TEST_CASE("a backup fails with the storage, whoever waits or asks next is told") {
  BackingUp test(small_pieces());
  test.register_names(1000);
  const std::int64_t id = id_of(test.begin());
  test.committing.control->fail_commits(1);
  test.committing.submit(put("b", "1"));
  CallResult answer = test.read(id, 0);
  while (answer.has_value() && member(answer, "size").is_none()) answer = test.read(id, 0);
  if (answer.has_value()) answer = test.read(id, 0);  // it was quicker than the failure
  CHECK(answer.error().text() == "the backup has failed: it was given up because the storage has failed");
  CHECK(test.read(id, 0).error().text().starts_with("there is no such backup any more"));
  CHECK(test.begin().has_value());
}

TEST_CASE("a backup that is ended or asked twice while an answer is under way") {
  BackingUp test;
  const std::int64_t id = id_of(test.begin());
  test.ask_only([&](Responder& later) { return test.backups->read(id, 0, later); });
  CHECK(test.read(id, 0).error().text() == "the backup's last piece is still being asked for");
  CHECK(test.backups->end(id));
  CHECK(test.answers.at(2).error().text() == "the server dropped this call without an answer");
  CHECK(test.begin().has_value());
}

}  // namespace
}  // namespace hearth
