/// Waiting: asks a name server again and again until the answer is what somebody waits for, or the time is up.
///
/// Layer: client-lib/uv, private.        Thread rule: the thread of the loop.
/// Ownership: as OperationSet wants it.
#pragma once

#include <hearth/client_error.h>
#include <hearth/uv/request.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "client-lib/src/backoff.h"
#include "client-lib/src/name_server_calls.h"
#include "client-lib/uv/call_pool.h"
#include "client-lib/uv/operation_set.h"
#include "protocol/loop/timer.h"

namespace hearth::uv {

template <class T>
class Waiting {
 public:
  using Ask = std::function<Request<T>(CallOptions options)>;
  using Told = std::function<void(ClientResult<T>)>;

  /// `timeout_ms` 0: no end.
  Waiting(CallPool& calls, std::uint32_t timeout_ms, Ask ask, Told told)
      : loop_(calls.engine().loop()),
        settings_(calls.settings()),
        timeout_ms_(timeout_ms),
        ask_(std::move(ask)),
        told_(std::move(told)),
        backoff_(settings_->retry_wait_ms, settings_->retry_wait_ms_max),
        timer_(loop_, [this] { attempt(); }) {
    timer_.start_once(0);  // which also makes the loop look at the clock
    deadline_ms_ = loop_.now_ms() + timeout_ms;
  }

 private:
  [[nodiscard]] std::uint64_t left_ms() const {
    const std::uint64_t now_ms = loop_.now_ms();
    return deadline_ms_ > now_ms ? deadline_ms_ - now_ms : 0;
  }

  void attempt() {
    CallOptions options;
    if (timeout_ms_ != 0) {
      const std::uint64_t call_ms = settings_->call_timeout_ms;
      const std::uint64_t patience_ms = std::max<std::uint64_t>(1, left_ms());
      options.timeout_ms = static_cast<std::uint32_t>(call_ms == 0 ? patience_ms : std::min(call_ms, patience_ms));
    }
    current_ = ask_(std::move(options)).then([this](ClientResult<T> answer) { on_answer(std::move(answer)); });
  }

  /// No more than half of what is left until the deadline is waited: so what happens shortly before the end is seen.
  void on_answer(ClientResult<T> answer) {
    if (answer || !may_change(answer.error())) return finish(std::move(answer));
    std::uint64_t wait_ms = backoff_.next_ms();
    if (timeout_ms_ != 0) {
      const std::uint64_t left = left_ms();
      if (left == 0)
        return finish(tl::unexpected<ClientError>(when_time_is_up(std::move(answer.error()), timeout_ms_)));
      wait_ms = std::min(wait_ms, (left + 1) / 2);
    }
    timer_.start_once(wait_ms);
  }

  /// The last thing done.
  void finish(ClientResult<T> answer) {
    const Told told = std::move(told_);
    told(std::move(answer));
  }

  Loop& loop_;
  const SharedSettings settings_;
  const std::uint32_t timeout_ms_;
  std::uint64_t deadline_ms_ = 0;
  Ask ask_;
  Told told_;
  Backoff backoff_;
  Timer timer_;
  ScopedOperation current_;
};

}  // namespace hearth::uv
