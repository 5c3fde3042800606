#include "protocol/loop/loop.h"

#include <uv.h>

#include <array>
#include <cstdio>
#include <thread>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/loop/handle.h"

namespace hearth {

struct Loop::Impl {
  uv_loop_t loop{};
  std::array<char, shared_read_buffer_bytes> read_buffer;
  std::vector<std::unique_ptr<Retirable>> graveyard;
  Handle<uv_prepare_t> undertaker;
  const std::thread::id thread = std::this_thread::get_id();

  void bury() {
    while (!graveyard.empty()) {
      auto finished = std::move(graveyard);
      graveyard.clear();
      finished.clear();  // may retire more
    }
  }

  /// Close callbacks come at the end of a turn and start nothing new: one turn does, unless a pending stop() swallows it.
  /// Then only a host name can be left that a thread of libuv's is still looking up: nothing stops it, it ends by itself.
  void finish_closing() {
    for (int turn = 0; turn < 2 && uv_loop_alive(&loop) != 0; ++turn) uv_run(&loop, UV_RUN_NOWAIT);
    while (uv_loop_alive(&loop) != 0 && !has_handle()) uv_run(&loop, UV_RUN_ONCE);
  }

  [[nodiscard]] bool has_handle() {
    bool found = false;
    uv_walk(
        &loop, [](uv_handle_t*, void* result) { *static_cast<bool*>(result) = true; }, &found);
    return found;
  }
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  HEARTH_CHECK(uv_loop_init(&impl_->loop) == 0);
  uv_loop_set_data(&impl_->loop, impl_->read_buffer.data());
  HEARTH_CHECK(impl_->undertaker.init(
                   impl_.get(), [this](uv_prepare_t* block) { return uv_prepare_init(&impl_->loop, block); }) == 0);
  // Prepare handles run before the loop blocks, when no other callback is on the stack.
  HEARTH_CHECK(uv_prepare_start(impl_->undertaker.get(), [](uv_prepare_t* block) {
                 if (auto* impl = owner_of<Impl>(block)) impl->bury();
               }) == 0);
  uv_unref(as_base(impl_->undertaker.get()));
}

Loop::~Loop() {
  assert_on_loop_thread();
  impl_->bury();
  impl_->undertaker.close();
  impl_->finish_closing();
  const bool every_handle_was_closed = uv_loop_close(&impl_->loop) == 0;
  if (!every_handle_was_closed) uv_print_all_handles(&impl_->loop, stderr);
  HEARTH_CHECK(every_handle_was_closed);
}

void Loop::run() {
  assert_on_loop_thread();
  uv_run(&impl_->loop, UV_RUN_DEFAULT);
}

void Loop::stop() {
  assert_on_loop_thread();
  uv_stop(&impl_->loop);
}

std::uint64_t Loop::now_ms() const { return uv_now(&impl_->loop); }

void Loop::retire(std::unique_ptr<Retirable> finished) {
  assert_on_loop_thread();
  impl_->graveyard.push_back(std::move(finished));
}

void Loop::assert_on_loop_thread() const { HEARTH_CHECK(std::this_thread::get_id() == impl_->thread); }

uv_loop_s* Loop::uv() { return &impl_->loop; }

}  // namespace hearth
