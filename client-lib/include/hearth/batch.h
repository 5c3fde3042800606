/// Batch: calls of one object that are made with one message.
///
/// Layer: client-lib, public.        Thread rule: plain values.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hearth/api.h>
#include <hearth/call_arguments.h>
#include <hearth/client_error.h>

namespace HEARTH_API hearth {

/// One call of a batch.
struct BatchedCall {
  std::string method;
  std::vector<Value> args = {};
  Dict kwargs = {};
};

/// What the calls of a batch came to, in their order. Only the last can be an error: the calls behind it were not made.
using BatchedResults = std::vector<ClientResult<Value>>;

/// `Batch batch; batch.call("deposit", 5).call("balance");`, then Proxy::invoke_batch().
class Batch {
 public:
  /// Arguments as Proxy::call() takes them, but for CallOptions, which are for a batch as a whole.
  template <class... Arguments>
  Batch& call(std::string method, Arguments&&... given) {
    static_assert((!std::is_same_v<std::decay_t<Arguments>, CallOptions> && ...), "CallOptions go to invoke_batch()");
    CallArguments arguments = call_arguments(std::forward<Arguments>(given)...);
    calls_.push_back({std::move(method), std::move(arguments.args), std::move(arguments.kwargs)});
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  operator std::vector<BatchedCall>() const& { return calls_; }
  operator std::vector<BatchedCall>() && { return std::move(calls_); }

 private:
  std::vector<BatchedCall> calls_;
};

}  // namespace hearth
