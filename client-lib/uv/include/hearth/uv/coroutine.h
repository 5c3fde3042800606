/// Requests in C++20 coroutines: `auto entry = co_await name_server.lookup("example.warehouse");`, in a coroutine of whichever
/// kind. The result is what the callback would get: a ClientResult, of which or_throw() makes a value.
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// Ownership: destroying a coroutine that waits cancels what it waits for.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include <hearth/api.h>
#include <hearth/uv/request.h>

namespace HEARTH_API hearth {
namespace uv {

namespace detail {

template <class T, class E>
class RequestAwaiter {
 public:
  explicit RequestAwaiter(Request<T, E> request) : request_(std::move(request)) {}
  ~RequestAwaiter() { operation_.cancel(); }
  RequestAwaiter(const RequestAwaiter&) = delete;
  RequestAwaiter& operator=(const RequestAwaiter&) = delete;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    operation_ = std::move(request_).then([this, waiting](typename Request<T, E>::Result result) {
      result_.emplace(std::move(result));
      waiting.resume();  // this may be gone afterwards
    });
  }
  [[nodiscard]] typename Request<T, E>::Result await_resume() { return std::move(*result_); }

 private:
  Request<T, E> request_;
  Operation operation_;
  std::optional<typename Request<T, E>::Result> result_;
};

}  // namespace detail

template <class T, class E>
[[nodiscard]] detail::RequestAwaiter<T, E> operator co_await(Request<T, E>&& request) {
  return detail::RequestAwaiter<T, E>(std::move(request));
}

/// A coroutine that runs at once up to its first co_await, and that whoever holds this owns: destroyed, it ends where it waits.
/// For programs without a coroutine library. An exception that leaves it ends the program.
class [[nodiscard]] Coroutine {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the language's names
  struct promise_type {
    Coroutine get_return_object() { return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  // NOLINTEND(readability-identifier-naming)

  Coroutine(Coroutine&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Coroutine& operator=(Coroutine&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Coroutine() {
    if (frame_) frame_.destroy();
  }

  [[nodiscard]] bool is_done() const { return frame_.done(); }

 private:
  explicit Coroutine(std::coroutine_handle<promise_type> frame) : frame_(frame) {}

  std::coroutine_handle<promise_type> frame_;
};

}  // namespace uv
}  // namespace hearth
