/// EventLoop: a libuv loop for programs that have none yet.
///
/// Layer: client-lib/uv, public.        Thread rule: everything on the thread that made it.
/// Ownership: what works on the loop must be gone before it; a handle that is still open then ends the program, as it would
/// otherwise use memory that is not there any more.
#pragma once

#include <memory>

#include <hearth/api.h>

struct uv_loop_s;

namespace HEARTH_API hearth {
namespace uv {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Until stop(), or until nothing is left to wait for: an open connection is something to wait for.
  void run();
  /// Makes run() return, for a callback to call.
  void stop();

  /// For a Client, and for handles of the program's own.
  [[nodiscard]] uv_loop_s* get();

 private:
  class [[gnu::visibility("hidden")]] State;
  std::unique_ptr<State> state_;
};

}  // namespace uv
}  // namespace hearth
