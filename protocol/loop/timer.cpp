#include "protocol/loop/timer.h"

#include <uv.h>

#include "protocol/base/check.h"
#include "protocol/loop/handle.h"

namespace hearth {
namespace {

/// libuv counts from the start of the turn. Where that was long ago (a name was resolved, a database loaded), the timer
/// would be over before what it waits for has been looked at.
void update_time(uv_timer_t* timer) { uv_update_time(uv_handle_get_loop(as_base(timer))); }

}  // namespace

struct Timer::Impl {
  CallbackHandle<uv_timer_t> timer;
};

Timer::Timer(Loop& loop, std::function<void()> expired)
    : impl_(new Impl{{std::move(expired), [&loop](uv_timer_t* block) {
                        loop.assert_on_loop_thread();
                        return uv_timer_init(loop.uv(), block);
                      }}}) {}

Timer::~Timer() = default;

void Timer::start_once(std::uint64_t after_ms) {
  update_time(impl_->timer.get());
  HEARTH_CHECK(uv_timer_start(impl_->timer.get(), CallbackHandle<uv_timer_t>::fire, after_ms, 0) == 0);
}

void Timer::start_every(std::uint64_t period_ms) {
  HEARTH_CHECK(period_ms > 0);  // to libuv, 0 means once
  update_time(impl_->timer.get());
  HEARTH_CHECK(uv_timer_start(impl_->timer.get(), CallbackHandle<uv_timer_t>::fire, period_ms, period_ms) == 0);
}

void Timer::stop() { uv_timer_stop(impl_->timer.get()); }

struct SignalWatch::Impl {
  CallbackHandle<uv_signal_t> signal;
};

SignalWatch::SignalWatch(Loop& loop, int signal_number, std::function<void()> received)
    : impl_(new Impl{{std::move(received), [&loop](uv_signal_t* block) {
                        loop.assert_on_loop_thread();
                        return uv_signal_init(loop.uv(), block);
                      }}}) {
  uv_signal_t* block = impl_->signal.get();
  const auto fire = [](uv_signal_t* fired, int) { CallbackHandle<uv_signal_t>::fire(fired); };
  HEARTH_CHECK(uv_signal_start(block, fire, signal_number) == 0);
  uv_unref(as_base(block));
}

SignalWatch::~SignalWatch() = default;

}  // namespace hearth
