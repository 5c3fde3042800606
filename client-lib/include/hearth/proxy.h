/// Proxy: a Pyro object of another program, in whichever dialect its server speaks. Blocking.
///
/// Layer: client-lib, public.        Thread rule: one thread at a time.
/// Ownership: a Proxy owns its connection and closes it when destroyed. Values that come and go are copies.
/// Connection: lost, or closed by the server while it was idle, it is made anew by the next call, to where the object is by
/// then. A call that has been sent is repeated only as far as ClientSettings::call_retries allows: the method may have run.
/// Errors: any but `remote` and `invalid` closes the connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/api.h>
#include <hearth/batch.h>
#include <hearth/call_arguments.h>
#include <hearth/client_error.h>
#include <hearth/client_settings.h>
#include <hearth/convert.h>
#include <hearth/dialect.h>
#include <hearth/exceptions.h>
#include <hearth/item_stream.h>
#include <hearth/object_metadata.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

struct ConnectFailure;
struct Invocation;
class [[gnu::visibility("hidden")]] ProxyCore;

class Proxy {
 public:
  /// Connects to the object of a `PYRO:`, `PYRONAME:`, `PYROMETA:` or `PYROLOC:` URI (<hearth/resolve.h>); all but the first are
  /// resolved anew whenever the proxy connects again. The settings, handshake value and annotations too, are for the name
  /// server as well: resolve() first if it shall not see them. Finds out which dialect the server speaks, and remembers it.
  [[nodiscard]] static ClientResult<Proxy> connect(const Uri& uri, const ClientSettings& settings = {});
  [[nodiscard]] static ClientResult<Proxy> connect(std::string_view uri, const ClientSettings& settings = {});

  Proxy(Proxy&&) noexcept;
  Proxy& operator=(Proxy&&) noexcept;
  ~Proxy();

  // ---- in C++ types. These throw: RemoteError for what the other side raises, ClientException for any other failure. A
  // result that is no T is one of kind `protocol`, and leaves the connection open.

  /// `double sum = proxy.call<double>("add", 1, 2.5)`. Among the arguments may be keyword arguments (`kw("x", 1)`) and
  /// CallOptions.
  template <class T = void, class... Arguments>
  T call(std::string_view method, Arguments&&... given) {
    CallArguments arguments = call_arguments(std::forward<Arguments>(given)...);
    Value result = or_throw(invoke(method, std::move(arguments.args), std::move(arguments.kwargs), arguments.options));
    if constexpr (!std::is_void_v<T>) {
      return or_throw(from_value<T>(std::move(result), "the result of " + std::string(method) + "()"));
    }
  }

  /// The items that a method's iterator gives, one by one: `for (int number : proxy.stream<int>("count_to", 5)) …`.
  template <Readable T, class... Arguments>
  [[nodiscard]] ItemRange<T> stream(std::string_view method, Arguments&&... given) {
    CallArguments arguments = call_arguments(std::forward<Arguments>(given)...);
    return ItemRange<T>(
        or_throw(open_stream(method, std::move(arguments.args), std::move(arguments.kwargs), arguments.options)));
  }

  /// Reads an attribute; `int counter = proxy.get<int>("counter")`.
  template <Readable T>
  [[nodiscard]] T get(std::string_view attribute) {
    return or_throw(from_value<T>(or_throw(read_attribute(attribute)), "the attribute " + std::string(attribute)));
  }

  /// Writes one.
  template <Sendable T>
  void set(std::string_view attribute, T&& value) {
    or_throw(write_attribute(attribute, to_value(std::forward<T>(value))));
  }

  // ---- in Values. These never throw.

  /// Calls a method and waits for its result. What the method raises is ClientErrorKind::remote; so is the AttributeError for
  /// a method that the object does not have, which is found out here. A method that the server marks as oneway answers None
  /// at once.
  [[nodiscard]] ClientResult<Value> invoke(std::string_view method, std::vector<Value> args = {}, Dict kwargs = {},
                                           const CallOptions& options = {});

  /// Calls a method whose result is an iterator.
  [[nodiscard]] ClientResult<ItemStream> open_stream(std::string_view method, std::vector<Value> args = {},
                                                     Dict kwargs = {}, const CallOptions& options = {});

  /// Makes one call after the other up to the first that raises, with one message for all. An error of the whole means that
  /// it is not known which were made. A oneway batch has no results.
  [[nodiscard]] ClientResult<BatchedResults> invoke_batch(std::vector<BatchedCall> calls,
                                                          const CallOptions& options = {});

  /// An attribute that the object does not have is ClientErrorKind::remote, as a method is.
  [[nodiscard]] ClientResult<Value> read_attribute(std::string_view name, const CallOptions& options = {});
  [[nodiscard]] ClientResult<void> write_attribute(std::string_view name, Value value, const CallOptions& options = {});

  // ---- the connection

  /// Closes the connection, so that it costs the server nothing (Python's has a thread for each). The next call makes a new one.
  void release();
  /// As far as can be seen from here: the server has not closed it.
  [[nodiscard]] bool is_connected() const;
  /// Waits until the server closes the connection (true), or so long (0: no limit; false).
  [[nodiscard]] bool wait_for_end(std::uint32_t timeout_ms) const;

  /// Instead of ClientSettings::call_timeout_ms, from the next call on. 0: wait for ever.
  void set_call_timeout(std::uint32_t timeout_ms);
  /// Those that it was made with.
  [[nodiscard]] const ClientSettings& settings() const;

  /// What it was made from.
  [[nodiscard]] const Uri& uri() const;
  /// The `PYRO:` URI of the object, as it was when the last connection was made.
  [[nodiscard]] const Uri& place() const;
  /// What the server spoke when the last connection was made.
  [[nodiscard]] Dialect dialect() const;
  /// As the server told when the connection was made.
  [[nodiscard]] const ObjectMetadata& metadata() const;
  /// What the server answered to ClientSettings::handshake.
  [[nodiscard]] const Value& handshake_answer() const;
  /// The annotations that came with the last result or exception, without Pyro's own. Valid until the next call.
  [[nodiscard]] const std::vector<Annotation>& response_annotations() const;

 private:
  friend tl::expected<Proxy, ConnectFailure> connect_proxy(const Uri& uri, const ClientSettings& settings);
  friend ClientResult<Proxy> connect_found(const Uri& uri, const Uri& place, const ClientSettings& settings);
  explicit Proxy(std::shared_ptr<ProxyCore> core);
  [[nodiscard]] ClientResult<Value> ask(Invocation invocation, const CallOptions& options);
  std::shared_ptr<ProxyCore> core_;
};

}  // namespace hearth
