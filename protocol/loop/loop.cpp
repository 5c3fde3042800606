#include "protocol/loop/loop.h"

#include <uv.h>

#include <array>
#include <cstdio>
#include <optional>
#include <thread>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/loop/handle.h"

namespace hearth {
namespace {

/// What has been retired, and the prepare handle that buries it: prepare handles run before the loop blocks, when no other
/// callback is on the stack. A block of its own that lives until the handle's close callback: where a lent loop is left in the
/// middle of a callback, that is the moment to bury the rest.
class Graveyard {
 public:
  explicit Graveyard(uv_loop_t* loop) {
    HEARTH_CHECK(uv_prepare_init(loop, &undertaker_) == 0);
    uv_handle_set_data(as_base(&undertaker_), this);
    HEARTH_CHECK(uv_prepare_start(&undertaker_, [](uv_prepare_t* handle) { of(as_base(handle))->work(); }) == 0);
    uv_unref(as_base(&undertaker_));
  }
  Graveyard(const Graveyard&) = delete;
  Graveyard& operator=(const Graveyard&) = delete;

  /// The loop does not end with something unburied.
  void add(std::unique_ptr<Retirable> finished) {
    retired_.push_back(std::move(finished));
    uv_ref(as_base(&undertaker_));
  }

  void bury() {
    while (!retired_.empty()) {
      auto finished = std::move(retired_);
      retired_.clear();
      finished.clear();  // may retire more
    }
  }

  /// Destroys itself, later.
  void close() {
    uv_close(as_base(&undertaker_), [](uv_handle_t* handle) {
      const std::unique_ptr<Graveyard> closed(of(handle));
      closed->bury();
    });
  }

 private:
  static Graveyard* of(uv_handle_t* handle) { return static_cast<Graveyard*>(uv_handle_get_data(handle)); }

  void work() {
    bury();  // the Loop may end in here, but this block does not
    uv_unref(as_base(&undertaker_));
  }

  uv_prepare_t undertaker_{};
  std::vector<std::unique_ptr<Retirable>> retired_;
};

}  // namespace

struct Loop::Impl {
  std::optional<uv_loop_t> own;
  uv_loop_t* loop;
  std::array<char, shared_read_buffer_bytes> read_buffer;
  const std::thread::id thread = std::this_thread::get_id();
  Graveyard* graveyard;  ///< its own owner once it is closed

  /// nullptr: a loop of our own.
  explicit Impl(uv_loop_t* lent) : loop(lent) {
    if (lent == nullptr) {
      loop = &own.emplace();
      HEARTH_CHECK(uv_loop_init(loop) == 0);
    }
    graveyard = new Graveyard(loop);
  }

  /// Close callbacks come at the end of a turn and start nothing new: one turn does, unless a pending stop() swallows it.
  /// Then only a host name can be left that a thread of libuv's is still looking up: nothing stops it, it ends by itself.
  void finish_closing() {
    for (int turn = 0; turn < 2 && uv_loop_alive(loop) != 0; ++turn) uv_run(loop, UV_RUN_NOWAIT);
    while (uv_loop_alive(loop) != 0 && !has_handle()) uv_run(loop, UV_RUN_ONCE);
  }

  [[nodiscard]] bool has_handle() {
    bool found = false;
    uv_walk(
        loop, [](uv_handle_t*, void* result) { *static_cast<bool*>(result) = true; }, &found);
    return found;
  }

  void close_own() {
    graveyard->bury();
    graveyard->close();
    finish_closing();
    const bool every_handle_was_closed = uv_loop_close(loop) == 0;
    if (!every_handle_was_closed) uv_print_all_handles(loop, stderr);
    HEARTH_CHECK(every_handle_was_closed);
  }
};

Loop::Loop() : Loop(std::make_unique<Impl>(nullptr)) {}

Loop::Loop(uv_loop_s* lent) : Loop(std::make_unique<Impl>(lent)) {}

Loop::Loop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Loop::~Loop() {
  assert_on_loop_thread();
  if (impl_->own) {
    impl_->close_own();
  } else {
    impl_->graveyard->close();
  }
}

void Loop::run() {
  assert_on_loop_thread();
  uv_run(impl_->loop, UV_RUN_DEFAULT);
}

void Loop::stop() {
  assert_on_loop_thread();
  uv_stop(impl_->loop);
}

std::uint64_t Loop::now_ms() const { return uv_now(impl_->loop); }

void Loop::retire(std::unique_ptr<Retirable> finished) {
  assert_on_loop_thread();
  impl_->graveyard->add(std::move(finished));
}

void Loop::assert_on_loop_thread() const { HEARTH_CHECK(std::this_thread::get_id() == impl_->thread); }

uv_loop_s* Loop::uv() { return impl_->loop; }

char* Loop::read_buffer() { return impl_->read_buffer.data(); }

}  // namespace hearth
