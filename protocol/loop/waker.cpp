#include <uv.h>

#include "protocol/loop/handle.h"
#include "protocol/loop/loop.h"

namespace hearth {

struct Waker::Impl {
  CallbackHandle<uv_async_t> async;
};

Waker::Waker(Loop& loop, std::function<void()> woken)
    : impl_(new Impl{{std::move(woken), [&loop](uv_async_t* block) {
                        loop.assert_on_loop_thread();
                        return uv_async_init(loop.uv(), block, CallbackHandle<uv_async_t>::fire);
                      }}}) {
  keep_loop_alive(false);
}

Waker::~Waker() = default;

void Waker::wake() { HEARTH_CHECK(uv_async_send(impl_->async.get()) == 0); }

void Waker::keep_loop_alive(bool keep) {
  uv_handle_t* base = as_base(impl_->async.get());
  keep ? uv_ref(base) : uv_unref(base);
}

}  // namespace hearth
