/// Requests that are one call of a CallPool.
///
/// Layer: client-lib/uv, private (no sockets).        Thread rule: the thread of the loop.
/// They hold the pool weakly: begun after its end, they do nothing and tell nothing.
#pragma once

#include <hearth/uv/proxy.h>

#include <memory>
#include <utility>

#include "client-lib/uv/call_pool.h"

namespace hearth::uv {

/// `read` makes the result of the answer: a function of ClientResult<Answer>.
template <class T, class Read>
[[nodiscard]] Request<T> ask(const std::shared_ptr<CallPool>& calls, Question question, CallOptions options,
                             Read read) {
  return Request<T>([weak = std::weak_ptr<CallPool>(calls), question = std::move(question),
                     options = std::move(options), read = std::move(read)](typename Request<T>::Callback done) mutable {
    const auto pool = weak.lock();
    if (pool == nullptr) return Operation();
    return pool->start(std::move(question), std::move(options),
                       [done = std::move(done), read = std::move(read)](ClientResult<Answer> answer) {
                         done(read(std::move(answer)));
                       });
  });
}

/// The doors into a Proxy for the rest of the library.
struct ProxyAccess {
  [[nodiscard]] static Proxy make(const std::shared_ptr<Engine>& engine, Uri uri, const SharedSettings& settings) {
    return Proxy(std::make_shared<CallPool>(engine, std::move(uri), settings, 1));
  }
  [[nodiscard]] static const std::shared_ptr<CallPool>& calls(const Proxy& proxy) { return proxy.calls_; }
};

}  // namespace hearth::uv
