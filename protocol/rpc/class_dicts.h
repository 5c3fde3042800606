/// Class dicts: dicts with a "__class__", which stand for objects of Python classes (PYRO.md section 2, "Values").
///
/// Layer: rpc.        Thread rule: none, pure functions.
#pragma once

#include <optional>
#include <string>

#include <hearth/dialect.h>
#include <hearth/remote_exception.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace hearth {

[[nodiscard]] Value uri_value(Uri uri, Dialect dialect);

/// Whether the value is a URI object, of either dialect.
[[nodiscard]] bool is_uri_value(const Value& value);
/// The URI inside; only for values that is_uri_value() accepts. Malformed if its state has another shape.
[[nodiscard]] Result<Uri> uri_from_value(const Value& value);

/// Whether the value is a Proxy object, of either dialect.
[[nodiscard]] bool is_proxy_value(const Value& value);

/// The exception that Python raises while it recreates the objects inside a call's arguments: classes that nobody knows, or
/// whose name is suspicious (Pyro4/util.py dict_to_class). nullopt if there is nothing to object to.
[[nodiscard]] std::optional<RemoteException> refused_class(const Value& value);

/// The name of the Python type that the value is on the other side, as error texts spell it: "URI" for a URI object.
[[nodiscard]] std::string python_type_name(const Value& value);

}  // namespace hearth
