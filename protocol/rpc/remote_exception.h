/// RemoteException: a Python exception as it crosses the wire, and the result of a call.
///
/// Layer: rpc.        Thread rule: plain values.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/value/value.h"
#include "protocol/wire/dialect.h"

namespace hearth {

/// `type` is Pyro's own class without its module ("NamingError": the module differs by dialect), or a qualified name
/// ("builtins.TypeError").
struct RemoteException {
  std::string type;
  std::vector<Value> args;
  std::vector<std::string> traceback;  ///< lines; filled on what comes from a peer, empty on ours

  /// str(exception): the only argument as text, else the tuple's repr.
  [[nodiscard]] std::string text() const;
};

using CallResult = tl::expected<Value, RemoteException>;

/// The exceptions a server raises. `return raise("NamingError", "unknown name: x")`.
[[nodiscard]] tl::unexpected<RemoteException> raise(std::string_view type, std::string text);

/// Our Error as the exception Python would have raised.
[[nodiscard]] RemoteException to_exception(const Error& error);

/// The class dict of PYRO.md section 2, with the module that the dialect's clients know.
[[nodiscard]] Value exception_value(const RemoteException& exception, Dialect dialect);

/// The reverse, for either dialect's spelling: nullopt if the value is no exception.
[[nodiscard]] std::optional<RemoteException> exception_from_value(const Value& value);

/// The wrapper of a failure inside a batch's results (`_ExceptionWrapper`).
[[nodiscard]] Value wrap_batch_exception(Value exception, Dialect dialect);
/// The exception value inside, or nullptr if `value` is no wrapper.
[[nodiscard]] const Value* unwrap_batch_exception(const Value& value);

}  // namespace hearth
