/// Loop: one libuv event loop and the thread that runs it.
///
/// Layer: loop (base only; the only room that includes <uv.h>).
/// Thread rule: everything is for the loop thread, which is the one that constructed the Loop, except Waker::wake().
/// Ownership: EXAMPLES.md section 7.3. A libuv handle is a heap block that outlives its C++ owner until its close callback;
/// what may have one of its callbacks on the stack is destroyed through retire().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

struct uv_loop_s;

namespace hearth {

/// Whatever is handed to the graveyard.
class Retirable {
 public:
  virtual ~Retirable() = default;
};

class Loop {
 public:
  Loop();
  /// Every handle must have been closed by its owner: runs the loop until the close callbacks are done, waits for host names
  /// that are being looked up (resolver.h), empties the graveyard, and aborts if libuv still knows of a handle (that would be a leak).
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop() or until nothing is left to wait for.
  void run();
  void stop();

  /// Milliseconds since an arbitrary start, as of this turn of the loop or the last start of a timer in it; monotonic.
  [[nodiscard]] std::uint64_t now_ms() const;

  /// Keeps `finished` alive until none of its callbacks can be on the stack: destroyed before the loop next blocks.
  void retire(std::unique_ptr<Retirable> finished);

  void assert_on_loop_thread() const;

  [[nodiscard]] uv_loop_s* uv();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Wakes the loop from another thread; the callback runs on the loop thread. Wakes coalesce: one callback may stand for many.
/// The other thread must have been joined before the Waker is destroyed.
class Waker {
 public:
  Waker(Loop& loop, std::function<void()> woken);
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  /// Any thread.
  void wake();
  /// Whether the waker alone keeps Loop::run() from returning (it does not after construction).
  void keep_loop_alive(bool keep);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
