/// Python exceptions: raised by our objects, and as the values that cross the wire.
///
/// Layer: rpc.        Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include <hearth/dialect.h>
#include <hearth/remote_exception.h>
#include <hearth/result.h>
#include <hearth/value.h>

namespace hearth {

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
