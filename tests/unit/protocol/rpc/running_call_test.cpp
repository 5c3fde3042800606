// An object that answers when the test wants: who may overtake whom, and what becomes of dropped and unknown answers.
#include "protocol/rpc/running_call.h"

#include <doctest/doctest.h>

#include <map>

namespace hearth {
namespace {

enum MethodId : int { write, read };

class SlowObject final : public RemoteObject {
 public:
  [[nodiscard]] std::string_view class_name() const override { return "Slow"; }
  [[nodiscard]] std::span<const Method> methods(Dialect) const override { return methods_; }
  [[nodiscard]] bool may_overtake_answers(const Method& method, std::span<const Value>) const override {
    return method.id == write;
  }
  [[nodiscard]] Answer invoke(Call& call, Responder& later) override {
    log.emplace_back(call.method.name);
    batches.push_back(call.batch);
    if (call.method.id == read) return Value("read");
    waiting.push_back(std::move(later));
    return std::nullopt;
  }

  std::vector<std::string> log;
  std::vector<std::uint64_t> batches;
  std::vector<Responder> waiting;

 private:
  std::vector<Method> methods_{{"write", write, {}}, {"read", read, {}}};
};

struct Sink final : public ReplySink {
  void reply(ConnectionId, std::uint64_t number, CallResult result) override {
    replies.emplace(number, std::move(result));
  }
  std::map<std::uint64_t, CallResult> replies;
};

/// Nothing here answers with items outside a batch.
struct NoItems final : public ItemSink {
  [[nodiscard]] bool add(std::string_view, const Value&) override { return false; }
};

struct Bench {
  Bench() { objects.add("slow", object); }

  RunningCall run(const std::vector<std::string>& methods, bool is_batch = true) {
    List items;
    for (const std::string& method : methods) items.items.push_back(make_tuple({method, make_tuple({}), Dict{}}));
    CallValue call = is_batch ? CallValue{"slow", "<batch>", std::move(items), Value()}
                              : CallValue{"slow", methods.front(), make_tuple({}), Dict{}};
    RunningCall running({objects, sink, peer, Dialect::pyro5, 10, limits, no_items}, std::move(call), is_batch);
    running.advance();
    return running;
  }

  Sink sink;
  Peer peer;
  Limits limits;
  NoItems no_items;
  SlowObject object;
  ObjectTable objects;
};

}  // namespace

TEST_CASE("writes of a batch start together, a read waits for them, and later writes wait for the read") {
  Bench bench;
  RunningCall running = bench.run({"write", "write", "read", "write"});
  CHECK(bench.object.log == std::vector<std::string>{"write", "write"});
  CHECK(bench.object.batches[0] != 0);
  CHECK(bench.object.batches[0] == bench.object.batches[1]);
  running.answer(11, Value("second"));
  running.advance();
  CHECK(bench.object.log.size() == 2);
  CHECK_FALSE(running.wants_turn());
  running.answer(10, Value("first"));
  running.advance();
  CHECK(bench.object.log == std::vector<std::string>{"write", "write", "read"});
  CHECK(running.wants_turn());  // what is answered at once ends a turn
  running.advance();
  CHECK(bench.object.log == std::vector<std::string>{"write", "write", "read", "write"});
  CHECK_FALSE(running.wants_turn());
  CHECK_FALSE(running.result().has_value());
  running.answer(13, Value("last"));
  running.advance();
  REQUIRE(running.result().has_value());
  CHECK(running.result()->value() == make_list({"first", "second", "read", "last"}));
}

TEST_CASE("unknown, early and repeated answers are ignored") {
  Bench bench;
  RunningCall running = bench.run({"write", "read", "write"});
  for (const std::uint64_t number : {0U, 9U, 11U, 12U, 13U}) running.answer(number, Value("nonsense"));
  running.answer(10, Value(1));
  running.answer(10, Value(2));
  running.advance();
  running.advance();
  running.answer(12, Value(3));
  running.advance();
  REQUIRE(running.result().has_value());
  CHECK(running.result()->value() == make_list({1, "read", 3}));
}

TEST_CASE("a batch has so many unanswered writes at most, then waits for all of them") {
  Bench bench;
  bench.limits.commit_items_max = 2;
  RunningCall running = bench.run({"write", "write", "write"});
  CHECK(bench.object.log.size() == 2);
  running.answer(10, Value(1));
  running.advance();
  CHECK(bench.object.log.size() == 2);
  running.answer(11, Value(2));
  running.advance();
  CHECK(bench.object.log.size() == 3);
}

TEST_CASE("a batch whose results grow too large fails at the next call") {
  Bench bench;
  bench.limits.batch_result_nodes_max = 2;
  RunningCall running = bench.run({"read", "read", "read", "read", "read"});
  while (running.wants_turn()) running.advance();
  CHECK(bench.object.log.size() == 3);
  const auto* results = running.result()->value().as_items();
  REQUIRE(results->size() == 4);
  const Value* failure = unwrap_batch_exception(results->back());
  REQUIRE(failure != nullptr);
  CHECK(exception_from_value(*failure)->text().find("batch") != std::string::npos);
}

TEST_CASE("a batch that is stopped answers when what it has started is answered") {
  Bench bench;
  RunningCall running = bench.run({"write", "read", "write"});
  running.stop();
  running.advance();
  CHECK_FALSE(running.result().has_value());
  running.answer(10, Value(1));
  running.advance();
  REQUIRE(running.result().has_value());
  CHECK(running.result()->error().text() == "the server is stopping");
  CHECK(bench.object.log == std::vector<std::string>{"write"});
}

TEST_CASE("a single call has no batch id") {
  Bench bench;
  RunningCall running = bench.run({"write"}, false);
  CHECK(bench.object.batches == std::vector<std::uint64_t>{0});
}

TEST_CASE("a responder that nobody answers with answers with an error by itself, once") {
  Bench bench;
  RunningCall running = bench.run({"write", "write"});
  std::move(bench.object.waiting[0]).answer(Value(1));
  bench.object.waiting.clear();
  REQUIRE(bench.sink.replies.size() == 2);
  CHECK(bench.sink.replies.at(10).value() == Value(1));
  CHECK_FALSE(bench.sink.replies.at(11).has_value());
}

}  // namespace hearth
