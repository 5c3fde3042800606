#include <hearth/uv/event_loop.h>

#include "protocol/loop/loop.h"

namespace hearth::uv {

class EventLoop::State {
 public:
  Loop loop;
};

EventLoop::EventLoop() : state_(std::make_unique<State>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::run() { state_->loop.run(); }
void EventLoop::stop() { state_->loop.stop(); }
uv_loop_s* EventLoop::get() { return state_->loop.uv(); }

}  // namespace hearth::uv
