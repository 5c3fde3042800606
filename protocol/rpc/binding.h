/// Finding a method by its name and binding arguments to its parameters, with the texts that Python's errors have.
///
/// Layer: rpc.        Thread rule: none, pure functions.
#pragma once

#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include <hearth/remote_exception.h>

#include "protocol/rpc/object.h"

namespace hearth {

/// Pyro4/util.py getAttribute: AttributeError for private, unknown and unexposed names. `name` is what the peer sent.
[[nodiscard]] tl::expected<const Method*, RemoteException> find_method(const RemoteObject& object, Dialect dialect,
                                                                       const Value& name);

/// Reading or writing an attribute (`__getattr__`, `__setattr__`): our objects expose none, so this only finds the error
/// (Pyro4/util.py get_exposed_property_value).
[[nodiscard]] RemoteException attribute_error(const RemoteObject& object, Dialect dialect, const Value& args);

/// One value for each parameter of the method. The TypeErrors are CPython 3.11's (Python/ceval.c, initialize_locals), in its order:
/// unexpected or repeated keyword, too many positional arguments, missing ones.
[[nodiscard]] tl::expected<std::vector<Value>, RemoteException> bind_arguments(const RemoteObject& object,
                                                                               const Method& method, Value args,
                                                                               Value kwargs);

}  // namespace hearth
