/// Proxy: a Pyro object of another program, in whichever dialect its server speaks. Any number of calls may be under way.
///
/// Layer: client-lib/uv, public.        Thread rule: the thread of the loop.
/// Ownership: a Proxy owns its connections and closes them when destroyed; nothing that was asked of it is answered then.
/// Order: calls go out in the order in which they are begun. A Pyro server runs those of one connection one after the other, and
/// so they take effect in that order, oneway calls included, as long as there is one connection only, which is the default.
/// With more (ProxyOptions::connections_max) calls run at the same time, in any order; and a server that makes an object for
/// each connection (Pyro's instance mode "session") makes as many.
/// Connection: made by the first call, and anew when it was lost. A proxy for a name (`PYRONAME:`, `PYROMETA:`, `PYROLOC:`) asks the
/// name server for each new connection where the object is now; if that cannot be asked, the last known place is tried. A call that
/// has been sent is repeated only as far as ClientSettings::call_retries allows: the method may have run.
/// Deadlines: of a call from then() on, with the time to connect. After a call that was not answered in time its connection takes
/// no more calls, and is closed when those behind it are done.
/// Errors: as in <hearth/client_error.h>; those of the whole connection reach every call on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/api.h>
#include <hearth/batch.h>
#include <hearth/call_arguments.h>
#include <hearth/client_settings.h>
#include <hearth/convert.h>
#include <hearth/dialect.h>
#include <hearth/object_metadata.h>
#include <hearth/uri.h>
#include <hearth/uv/item_stream.h>
#include <hearth/uv/request.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {
namespace uv {

class Client;
class CallPool;

struct ProxyOptions {
  std::optional<ClientSettings> settings = std::nullopt;  ///< instead of the Client's
  /// At the same time; another one is made when all are busy. Python's servers have 40 (Pyro5: 80) threads for the connections
  /// of all their clients.
  std::uint32_t connections_max = 1;
};

class Proxy {
 public:
  /// Connects with the first call, not yet. Any URI that names an object.
  Proxy(const Client& client, Uri uri, ProxyOptions options = {});
  Proxy(Proxy&&) noexcept;
  Proxy& operator=(Proxy&& other) noexcept;
  ~Proxy();

  // ---- in C++ types

  /// `proxy.call<double>("add", 1, 2.5).then([](hearth::ClientResult<double> sum) { … })`. Among the arguments may be keyword
  /// arguments (`kw("x", 1)`) and CallOptions. A result that is no T is an error of kind `protocol`.
  template <class T = void, class... Arguments>
  [[nodiscard]] Request<T> call(std::string_view method, Arguments&&... given) {
    CallArguments arguments = call_arguments(std::forward<Arguments>(given)...);
    return converted<T>(
        invoke(method, std::move(arguments.args), std::move(arguments.kwargs), std::move(arguments.options)),
        "the result of " + std::string(method) + "()");
  }

  template <Readable T>
  [[nodiscard]] Request<T> get(std::string_view attribute) {
    return converted<T>(read_attribute(attribute), "the attribute " + std::string(attribute));
  }

  template <Sendable T>
  [[nodiscard]] Request<void> set(std::string_view attribute, T&& value) {
    return write_attribute(attribute, to_value(std::forward<T>(value)));
  }

  // ---- in Values

  /// What the method raises is ClientErrorKind::remote; so is the AttributeError for a method that the object does not have,
  /// which is found out here. A method that the server marks as oneway is answered with None as soon as it is sent.
  [[nodiscard]] Request<Value> invoke(std::string_view method, std::vector<Value> args = {}, Dict kwargs = {},
                                      CallOptions options = {});

  /// Calls a method whose result is an iterator.
  [[nodiscard]] Request<ItemStream> open_stream(std::string_view method, std::vector<Value> args = {}, Dict kwargs = {},
                                                CallOptions options = {});

  /// `Batch batch; batch.call("deposit", 5).call("balance");`, and this with it: makes one call after the other up to the first that raises, with one message for all. An error of the whole means that
  /// it is not known which were made. A oneway batch has no results.
  [[nodiscard]] Request<BatchedResults> invoke_batch(std::vector<BatchedCall> calls, CallOptions options = {});

  [[nodiscard]] Request<Value> read_attribute(std::string_view name, CallOptions options = {});
  [[nodiscard]] Request<void> write_attribute(std::string_view name, Value value, CallOptions options = {});

  // ---- the connection

  /// Connects, if no connection is there: for those who want to know the metadata before the first call, or whether anybody
  /// is there.
  [[nodiscard]] Request<void> connect();

  /// Closes the connections, at once or when the calls on them are done, so that they cost the server nothing. The next call
  /// makes a new one.
  void release();
  [[nodiscard]] bool is_connected() const;

  [[nodiscard]] const Uri& uri() const;
  /// What the server spoke last; before the first connection ClientSettings::first_dialect.
  [[nodiscard]] Dialect dialect() const;
  /// As the server told when the last connection was made; empty before.
  [[nodiscard]] const ObjectMetadata& metadata() const;
  /// What the server answered to ClientSettings::handshake then.
  [[nodiscard]] const Value& handshake_answer() const;
  /// The annotations that came with the last answer, without Pyro's own: inside a callback, with the one it is told.
  [[nodiscard]] const std::vector<Annotation>& response_annotations() const;

 private:
  friend struct ProxyAccess;
  explicit Proxy(std::shared_ptr<CallPool> calls);

  template <class T>
  [[nodiscard]] static Request<T> converted(Request<Value> request, std::string what) {
    auto shared = std::make_shared<Request<Value>>(std::move(request));  // a std::function's captures must be copyable
    return Request<T>([shared, what = std::move(what)](typename Request<T>::Callback done) {
      return std::move(*shared).then([done = std::move(done), what](ClientResult<Value> result) {
        if (!result) return done(forward_error(result));
        if constexpr (std::is_void_v<T>) {
          done({});
        } else {
          done(from_value<T>(std::move(*result), what));
        }
      });
    });
  }

  std::shared_ptr<CallPool> calls_;
};

}  // namespace uv
}  // namespace hearth
