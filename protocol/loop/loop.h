/// Loop: one libuv event loop and the thread that runs it. The loop is our own, or lent by a program that runs it anyway.
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
  /// Works on a loop that somebody else owns, runs and closes; nothing of it is changed, its user data neither.
  explicit Loop(uv_loop_s* lent);
  /// Every handle must have been closed by its owner. A loop of our own: runs it until the close callbacks are done, waits for host
  /// names that are being looked up (resolver.h), empties the graveyard, and aborts if libuv still knows of a handle (that would
  /// be a leak). A lent one, which may be in the middle of a callback: it has to run once more; what is in the graveyard then dies
  /// after the Loop, and must not ask for it any more.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop() or until nothing is left to wait for.
  void run();
  void stop();

  /// Milliseconds since an arbitrary start, as of this turn of the loop or the last start of a timer in it; monotonic.
  [[nodiscard]] std::uint64_t now_ms() const;

  /// Keeps `finished` alive until none of its callbacks can be on the stack: destroyed before the loop next blocks, or ends.
  void retire(std::unique_ptr<Retirable> finished);

  void assert_on_loop_thread() const;

  [[nodiscard]] uv_loop_s* uv();

  /// Of handle.h's shared_read_buffer_bytes. On Unix libuv asks for a buffer and fills it back to back, so one serves every handle;
  /// what is in it is valid until the read callback returns.
  [[nodiscard]] char* read_buffer();

 private:
  struct Impl;
  explicit Loop(std::unique_ptr<Impl> impl);
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
