/// Timer and SignalWatch: the two other things a server waits for.
///
/// Layer: loop (base only).        Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "protocol/loop/loop.h"

namespace hearth {

/// Calls back after a time, once or again and again. Destroying it from inside its own callback is allowed.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> expired);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Counted from the call, however long this turn of the loop has taken already.
  void start_once(std::uint64_t after_ms);
  void start_every(std::uint64_t period_ms);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Calls back when the process gets the signal. Does not keep the loop alive.
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, std::function<void()> received);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
