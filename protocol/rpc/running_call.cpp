#include "protocol/rpc/running_call.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/binding.h"
#include "protocol/rpc/class_dicts.h"

namespace hearth {
namespace {

/// Numbers begin at 1 and neither counter wraps in practice, so this is unique in the process and never 0.
std::uint64_t batch_id(const RunningCall::Context& context) {
  return (context.peer.connection << 32U) + (context.first_number & 0xFFFFFFFFU);
}

std::uint64_t count_nodes(const Value& value) {
  std::uint64_t nodes = 1;
  if (const auto* items = value.as_items()) {
    for (const Value& item : *items) nodes += count_nodes(item);
  } else if (const auto* dict = value.as<Dict>()) {
    for (const DictItem& item : dict->items) nodes += 1 + count_nodes(item.value);
  }
  return nodes;
}

tl::unexpected<RemoteException> results_too_large() {
  return raise("PyroError", "the results of this batch are larger than this server holds; make it shorter");
}

}  // namespace

bool RunningCall::Gathered::add(std::string_view key, const Value& value) {
  nodes_left_ -= std::min(nodes_left_, 1 + count_nodes(value));
  if (is_full()) return false;
  dict_.add(std::string(key), value);
  return true;
}

RunningCall::RunningCall(const Context& context, CallValue&& call, bool is_batch)
    : context_(context), is_batch_(is_batch) {
  prepare(call);
}

/// Takes what it needs of the call.
void RunningCall::prepare(CallValue& call) {
  const std::string* id = call.object.as_str();
  object_ = id == nullptr ? nullptr : context_.objects.find(*id);
  if (object_ == nullptr) return fail_whole(raise("DaemonError", "unknown object").value());
  for (const Value* part : {&call.args, &call.kwargs}) {
    if (auto refused = refused_class(*part)) return fail_whole(std::move(*refused));
  }
  if (!is_batch_) {
    steps_.push_back({std::move(call.method), std::move(call.args), std::move(call.kwargs)});
    return;
  }
  auto* items = call.args.as_items();
  if (items == nullptr) {
    return fail_whole(
        raise("builtins.TypeError", "'" + std::string(call.args.type_name()) + "' object is not iterable").value());
  }
  steps_.reserve(items->size());
  for (Value& item : *items) {
    auto* parts = item.as_items();
    if (parts == nullptr || parts->size() != 3) {
      // Fails the batch where Python would unpack it: after the calls before it have run.
      whole_failure_ = raise("builtins.ValueError", "a batch entry must be (method, args, kwargs)").value();
      return;
    }
    steps_.push_back({std::move((*parts)[0]), std::move((*parts)[1]), std::move((*parts)[2])});
  }
}

void RunningCall::fail_whole(RemoteException exception) {
  whole_failure_ = std::move(exception);
  stopped_ = true;
}

void RunningCall::stop() {
  if (started_ == steps_.size()) return;
  fail_whole(raise("DaemonError", "the server is stopping").value());
}

void RunningCall::restart() {
  HEARTH_CHECK(work_ != nullptr && !is_batch_);
  work_.reset();
  --started_;
}

void RunningCall::advance() {
  must_wait_ = false;
  Progress progress = work_ == nullptr ? Progress::started : go_on();
  while (progress == Progress::started && !stopped_ && started_ < steps_.size()) progress = start_next();
  if (progress == Progress::unfinished) return;
  const bool will_start_more = !stopped_ && started_ < steps_.size();
  if (unanswered_ == 0 && !will_start_more) return finish();
  must_wait_ = progress == Progress::must_wait || !will_start_more;
}

RunningCall::Progress RunningCall::start_next() {
  Step& step = steps_[started_];
  if (!is_batch_ && (step.method == Value("__getattr__") || step.method == Value("__setattr__"))) {
    fail_whole(attribute_error(*object_, context_.dialect, step.args));
    return Progress::answered;
  }
  if (step.found == nullptr) {
    auto method = find_method(*object_, context_.dialect, step.method);
    if (!method) {
      // Unlike a failing call, this is raised outside the loop's try block in Pyro: it fails the whole batch.
      fail_whole(std::move(method.error()));
      return Progress::answered;
    }
    step.found = *method;
    auto bound = bind_arguments(*object_, *step.found, std::move(step.args), std::move(step.kwargs));
    if (bound) {
      step.bound = std::move(*bound);
    } else {
      step.result = tl::unexpected<RemoteException>(std::move(bound.error()));
    }
  }
  if (!step.result) {
    if (!may_start(step)) return Progress::must_wait;
    if (result_nodes_ > context_.limits.batch_result_nodes_max) {
      step.result = results_too_large();
    } else {
      invoke(step);
    }
  }
  ++started_;
  return work_ == nullptr ? settle(step) : go_on();
}

RunningCall::Progress RunningCall::settle(const Step& step) {
  if (!step.result) return Progress::started;
  if (!step.result->has_value()) stopped_ = true;
  return Progress::answered;
}

/// One turn for the step that is unfinished.
RunningCall::Progress RunningCall::go_on() {
  Step& step = steps_[started_ - 1];
  ItemSink& items = gathered_ ? static_cast<ItemSink&>(*gathered_) : context_.items;
  LongAnswer::Turn turn = work_->advance(items, context_.limits.turn_items_max);
  if (gathered_ && gathered_->is_full()) turn = CallResult(results_too_large());
  if (auto* result = std::get_if<CallResult>(&turn)) {
    step.result = std::move(*result);
  } else {
    switch (std::get<LongAnswer::Progress>(turn)) {
      case LongAnswer::Progress::unfinished: return Progress::unfinished;
      case LongAnswer::Progress::deferred:
        if (unanswered_++ == 0) first_unanswered_ = started_ - 1;
        break;
      case LongAnswer::Progress::all_items:
        result_is_items_ = !is_batch_;
        step.result = gathered_ ? Value(std::move(gathered_->dict())) : Value();
        break;
    }
  }
  work_.reset();
  gathered_.reset();
  if (is_batch_ && step.result && *step.result) result_nodes_ += count_nodes(**step.result);
  return settle(step);
}

/// Writes go on while earlier ones are unanswered, until there are so many that they would crowd out other clients' writes:
/// then all are awaited, since the engine remembers that a chain has stopped only among what it was handed together.
bool RunningCall::may_start(const Step& step) const {
  if (unanswered_ == 0) return true;
  const bool was_full = started_ - first_unanswered_ >= context_.limits.commit_items_max;
  return !was_full && object_->may_overtake_answers(*step.found, step.bound);
}

void RunningCall::invoke(Step& step) {
  Responder later(context_.late_replies, context_.peer.connection, context_.first_number + started_);
  Call call{*step.found, std::move(step.bound), context_.dialect, context_.peer, is_batch_ ? batch_id(context_) : 0};
  Answer answer = object_->invoke(call, later);
  step.result = std::move(answer.result());
  work_ = std::move(answer.work());
  HEARTH_CHECK(work_ != nullptr || step.result.has_value() == later.is_armed());
  later.disarm();
  if (work_ != nullptr) {
    step.bound = std::move(call.arguments);  // for restart()
    if (is_batch_) gathered_.emplace(context_.limits.batch_result_nodes_max);
    return;
  }
  if (step.result) {
    if (is_batch_ && *step.result) result_nodes_ += count_nodes(**step.result);
    return;
  }
  if (unanswered_++ == 0) first_unanswered_ = started_;
}

void RunningCall::answer(std::uint64_t number, CallResult result) {
  const std::uint64_t index = number - context_.first_number;
  if (number < context_.first_number || index >= started_ || steps_[index].result) return;
  if (!result) stopped_ = true;
  steps_[index].result = std::move(result);
  --unanswered_;
}

void RunningCall::finish() {
  if (is_batch_) {
    result_ = batch_results();
  } else if (whole_failure_) {
    result_ = tl::unexpected<RemoteException>(std::move(*whole_failure_));
  } else {
    result_ = std::move(*steps_.front().result);
  }
}

CallResult RunningCall::batch_results() {
  List results;
  results.items.reserve(started_);
  for (std::size_t i = 0; i < started_; ++i) {
    CallResult& result = *steps_[i].result;
    if (!result) {
      results.items.push_back(
          wrap_batch_exception(exception_value(result.error(), context_.dialect), context_.dialect));
      return results;
    }
    results.items.push_back(std::move(*result));
  }
  if (whole_failure_) return tl::unexpected<RemoteException>(std::move(*whole_failure_));
  return results;
}

}  // namespace hearth
