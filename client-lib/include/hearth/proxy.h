/// Proxy: a connection to one Pyro object, in whichever dialect its server speaks. Blocking.
///
/// Layer: client-lib, public.        Thread rule: one thread at a time.
/// Ownership: a Proxy owns its connection and closes it when destroyed. It never reconnects by itself.
/// Errors: after any error but `remote`, `invalid` (and the name server's two) the connection is closed,
/// and every later call fails as unreachable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hearth/api.h>
#include <hearth/call_arguments.h>
#include <hearth/client_error.h>
#include <hearth/client_settings.h>
#include <hearth/convert.h>
#include <hearth/dialect.h>
#include <hearth/exceptions.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

struct ConnectFailure;

/// One call of a batch.
struct BatchedCall {
  std::string method;
  std::vector<Value> args = {};
  Dict kwargs = {};
};

/// What the calls of a batch came to, in their order. Only the last can be an error: the calls behind it were not run.
using BatchedResults = std::vector<ClientResult<Value>>;

class Proxy {
 public:
  /// Connects to a `PYRO:` URI, which must name a location. Finds out which dialect its server speaks.
  [[nodiscard]] static ClientResult<Proxy> connect(const Uri& uri, const ClientSettings& settings = {});

  Proxy(Proxy&&) noexcept;
  Proxy& operator=(Proxy&&) noexcept;
  ~Proxy();

  /// Calls a method and waits for its result. What the method raises is ClientErrorKind::remote.
  [[nodiscard]] ClientResult<Value> invoke(std::string_view method, std::vector<Value> args = {}, Dict kwargs = {},
                                           const CallOptions& options = {});

  /// Calls one method after the other up to the first that raises, with one message for all. An error of the whole means that
  /// it is not known which were run; what a server raises because it has no such method is one.
  [[nodiscard]] ClientResult<BatchedResults> invoke_batch(std::vector<BatchedCall> calls,
                                                          const CallOptions& options = {});

  /// One call in C++ types: `double sum = proxy.call<double>("add", 1, 2.5)`. Among the arguments may be keyword arguments
  /// (`kw("x", 1)`) and CallOptions. Throws RemoteError for what the method raises, ClientException for any other failure;
  /// a result that is no T is one of kind `protocol`, and leaves the connection open.
  template <class T = void, class... Arguments>
  T call(std::string_view method, Arguments&&... given) {
    CallArguments arguments = call_arguments(std::forward<Arguments>(given)...);
    Value result = or_throw(invoke(method, std::move(arguments.args), std::move(arguments.kwargs), arguments.options));
    if constexpr (!std::is_void_v<T>) {
      return or_throw(from_value<T>(std::move(result), "the result of " + std::string(method) + "()"));
    }
  }

  [[nodiscard]] const Uri& uri() const;
  [[nodiscard]] Dialect dialect() const;
  /// What the server told about the object: {"methods": …, "oneway": …, "attrs": …}; sets in Pyro5, lists
  /// in Pyro4.
  [[nodiscard]] const Value& metadata() const;

 private:
  class Impl;
  friend tl::expected<Proxy, ConnectFailure> connect_proxy(const Uri& uri, const ClientSettings& settings);
  explicit Proxy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
