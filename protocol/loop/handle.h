/// Handle<Uv>: the owner of one libuv handle (EXAMPLES.md section 7.3). Private to protocol/loop.
///
/// Layer: loop.        Thread rule: loop thread.
/// Ownership: what libuv sees is a heap block of its own. close(), or the owner's end, only cuts the tie: the block lives on
/// until libuv's close callback frees it. So the C++ owner may die while libuv still has callbacks to make: they ask
/// owner_of(), get nullptr, and touch nothing.
/// `data` is reached through libuv's functions only: libuv is built without strict aliasing and promises none.
#pragma once

#include <uv.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {

/// Size of Loop::read_buffer().
inline constexpr std::size_t shared_read_buffer_bytes = 64U * 1024U;

template <class Uv>
[[nodiscard]] uv_handle_t* as_base(Uv* block) {
  return reinterpret_cast<uv_handle_t*>(block);
}

/// nullptr once the handle is closed. `Owner` must be the type that was given to Handle::init().
template <class Owner, class Uv>
[[nodiscard]] Owner* owner_of(Uv* block) {
  return static_cast<Owner*>(uv_handle_get_data(as_base(block)));
}

template <class Uv>
class Handle {
 public:
  Handle() = default;
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  /// `init` calls uv_*_init() on the block it is given. Returns its status: if negative there is no handle.
  template <class Owner, class Init>
  [[nodiscard]] int init(Owner* owner, Init init) {
    HEARTH_CHECK(uv_ == nullptr);
    auto block = std::make_unique<Uv>();
    const int status = init(block.get());
    if (status < 0) return status;  // libuv never registered it, so it must not see uv_close() either
    uv_ = block.release();
    uv_handle_set_data(as_base(uv_), owner);
    return status;
  }

  /// No callback reaches the owner from now on.
  void close() noexcept {
    if (uv_ == nullptr) return;
    uv_handle_set_data(as_base(uv_), nullptr);
    uv_close(as_base(uv_), [](uv_handle_t* block) { delete reinterpret_cast<Uv*>(block); });
    uv_ = nullptr;
  }

  [[nodiscard]] bool is_open() const { return uv_ != nullptr; }
  [[nodiscard]] Uv* get() const { return uv_; }

 private:
  Uv* uv_ = nullptr;
};

/// A handle whose only news is that something happened: a timer, a signal, a wake. The callback may destroy its owner.
template <class Uv>
class CallbackHandle {
 public:
  template <class Init>
  CallbackHandle(std::function<void()> callback, Init init) : callback_(std::move(callback)) {
    HEARTH_CHECK(handle_.init(this, init) >= 0);
  }

  [[nodiscard]] Uv* get() const { return handle_.get(); }

  /// For the trampoline that is given to libuv.
  static void fire(Uv* block) {
    auto* self = owner_of<CallbackHandle>(block);
    if (self == nullptr) return;
    std::function<void()> running = std::move(self->callback_);  // must survive the owner
    running();
    self = owner_of<CallbackHandle>(block);  // the block outlives this callback in any case
    if (self != nullptr) self->callback_ = std::move(running);
  }

 private:
  std::function<void()> callback_;
  Handle<Uv> handle_;
};

}  // namespace hearth
