/// RunningCall: one INVOKE being carried out: a single call, or the calls of a batch up to its first failure.
///
/// Layer: rpc, private to the server session.        Thread rule: that of the session.
/// A batch starts its calls in order, in turns: a turn ends with a call that was answered at once, so that a long batch does
/// not keep others waiting; writes, which only queue, go on in the same turn. A call waits for the answers of those before it, unless its object says that it may
/// overtake them (RemoteObject::may_overtake_answers): that lets consecutive writes share one sync.
/// A LongAnswer gets a piece done in each turn. The items of a single call go to Context::items, those of a batch into its result.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/limits.h"
#include "protocol/rpc/call.h"
#include "protocol/rpc/object.h"
#include "protocol/rpc/object_table.h"
#include "protocol/serial/serializer.h"

namespace hearth {

class RunningCall {
 public:
  struct Context {
    const ObjectTable& objects;
    ReplySink& late_replies;
    const Peer& peer;
    Dialect dialect;
    std::uint64_t first_number;  ///< number of the first call; the following ones take the following numbers
    const Limits& limits;
    ItemSink& items;
  };

  RunningCall(const Context& context, CallValue&& call, bool is_batch);

  /// Starts what can be started in one turn. Done when result() has a value.
  void advance();
  /// The answer of one call that was put off; then call advance(). Unknown numbers are ignored.
  void answer(std::uint64_t number, CallResult result);
  /// Starts no further call: what has been started is answered, the rest of a batch fails.
  void stop();
  /// Forgets the items that the single call has added: it runs again from its beginning.
  void restart();

  /// advance() would start something; false while answers are awaited.
  [[nodiscard]] bool wants_turn() const { return !result_ && !must_wait_; }

  /// The result is the dict of what was added to Context::items, and not what result() has.
  [[nodiscard]] bool result_is_items() const { return result_is_items_; }

  /// The value or exception that goes into the reply, once every call that was started has been answered and no other will be.
  [[nodiscard]] std::optional<CallResult>& result() { return result_; }

  /// The first number that no call of this one has.
  [[nodiscard]] std::uint64_t end_number() const { return context_.first_number + steps_.size(); }

 private:
  struct Step {
    Value method;
    Value args;
    Value kwargs;
    const Method* found = nullptr;
    std::vector<Value> bound = {};  ///< the arguments, once `found` is set
    std::optional<CallResult> result = std::nullopt;
  };

  /// Where the items of a batch's call are gathered.
  class Gathered final : public ItemSink {
   public:
    explicit Gathered(std::uint64_t nodes_max) : nodes_left_(nodes_max) {}
    [[nodiscard]] bool add(std::string_view key, const Value& value) override;
    [[nodiscard]] bool is_full() const { return nodes_left_ == 0; }
    [[nodiscard]] Dict& dict() { return dict_; }

   private:
    std::uint64_t nodes_left_;
    Dict dict_;
  };

  void prepare(CallValue& call);
  enum class Progress : unsigned char { started, answered, unfinished, must_wait };
  [[nodiscard]] Progress start_next();
  [[nodiscard]] bool may_start(const Step& step) const;
  void invoke(Step& step);
  [[nodiscard]] Progress go_on();
  [[nodiscard]] Progress settle(const Step& step);
  void finish();
  [[nodiscard]] CallResult batch_results();
  void fail_whole(RemoteException exception);

  Context context_;
  RemoteObject* object_ = nullptr;
  bool is_batch_;
  std::vector<Step> steps_;
  std::size_t started_ = 0;
  std::size_t unanswered_ = 0;
  std::size_t first_unanswered_ = 0;  ///< the step that ended the last time when nothing was awaited
  std::uint64_t result_nodes_ = 0;    ///< values held as results
  std::unique_ptr<LongAnswer> work_;  ///< of the step started last, as long as it is unfinished
  std::optional<Gathered> gathered_;  ///< by it, in a batch
  bool result_is_items_ = false;
  bool stopped_ = false;                          ///< no further step is started
  bool must_wait_ = false;                        ///< the next step waits for the answers of those before it
  std::optional<RemoteException> whole_failure_;  ///< an error that is not a step's result but the reply
  std::optional<CallResult> result_;
};

}  // namespace hearth
