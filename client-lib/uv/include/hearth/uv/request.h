/// Request and Operation: something that takes a while. A Request is what is to be done, an Operation is it under way.
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// Completion: the callback is called exactly once, from the loop, never from inside then(); not at all after cancel(), or once
/// the object that was asked (Client, Proxy, NameServer, ItemStream, Registration) is gone. It may do whatever it likes, destroy
/// that object too, but throw: there are frames of C below it.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <hearth/api.h>
#include <hearth/client_error.h>

namespace HEARTH_API hearth {
namespace uv {

namespace detail {

class OperationState {
 public:
  virtual ~OperationState() = default;
  virtual void cancel() = 0;
};

}  // namespace detail

/// A handle: copies mean the same operation, and dropping them all does nothing to it.
class Operation {
 public:
  /// Of nothing.
  Operation() = default;
  explicit Operation(std::weak_ptr<detail::OperationState> state) : state_(std::move(state)) {}

  /// Nobody is called back from now on. What has been sent may be done all the same. If it is over already: nothing.
  void cancel() {
    if (const auto state = state_.lock()) state->cancel();
    state_.reset();
  }

 private:
  std::weak_ptr<detail::OperationState> state_;
};

/// Nothing happens before then(), or before a coroutine waits for it (<hearth/uv/coroutine.h>):
///
///     name_server.lookup("example.warehouse").then([](hearth::ClientResult<hearth::NameEntry> entry) { … });
template <class T, class E = ClientError>
class [[nodiscard]] Request {
 public:
  using Result = tl::expected<T, E>;
  using Callback = std::function<void(Result)>;

  /// `begin` does it, under the rules above.
  explicit Request(std::function<Operation(Callback)> begin) : begin_(std::move(begin)) {}

  /// Once.
  Operation then(Callback done) && { return std::exchange(begin_, nullptr)(std::move(done)); }

 private:
  std::function<Operation(Callback)> begin_;
};

}  // namespace uv
}  // namespace hearth
