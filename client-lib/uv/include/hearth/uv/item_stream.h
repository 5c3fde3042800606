/// ItemStream: a result that is an iterator at the other side; its items are fetched one by one.
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// Ownership: the stream belongs to the connection that it was opened on, and ends with that. Nothing is answered once the stream or its
/// proxy is gone. Destroyed before its end it tells the server that no more is wanted.
/// Errors: after any error the stream is over.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hearth/api.h>
#include <hearth/call_arguments.h>
#include <hearth/client_error.h>
#include <hearth/convert.h>
#include <hearth/uv/request.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {
namespace uv {

class ItemStream {
 public:
  ItemStream(ItemStream&& other) noexcept;
  ItemStream& operator=(ItemStream&& other) noexcept;
  ~ItemStream();

  /// The next item; nullopt: there are no more. Several may be under way, and come in their order. Cancelled, it is lost. What the
  /// iterator raises is ClientErrorKind::remote. The call is never repeated, whatever the settings say: a repeat would
  /// skip an item.
  [[nodiscard]] Request<std::optional<Value>> next(CallOptions options = {});

  /// The same in a C++ type. An item that is no T is an error of kind `protocol`, and not the end.
  template <Readable T>
  [[nodiscard]] Request<std::optional<T>> next_as(CallOptions options = {}) {
    auto request = std::make_shared<Request<std::optional<Value>>>(next(std::move(options)));
    return Request<std::optional<T>>([request](typename Request<std::optional<T>>::Callback done) {
      return std::move(*request).then([done = std::move(done)](ClientResult<std::optional<Value>> item) {
        if (!item) return done(forward_error(item));
        if (!*item) return done(std::nullopt);
        auto converted = from_value<T>(std::move(**item), "an item of the stream");
        if (!converted) return done(forward_error(converted));
        done(std::optional<T>(std::move(*converted)));
      });
    });
  }

  /// No more is wanted. The server forgets the stream; nobody waits for that.
  void close();

 private:
  friend class Proxy;
  class [[gnu::visibility("hidden")]] State;
  explicit ItemStream(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace uv
}  // namespace hearth
