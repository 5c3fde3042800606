/// Checking what clients pass to the name server's methods, with the errors that the Python name server raises.
///
/// Layer: registry (model, rpc).        Thread rule: none, pure functions.
/// Sources: PYRO.md section 4; Pyro4/naming.py class NameServer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include <hearth/dialect.h>
#include <hearth/remote_exception.h>
#include <hearth/value.h>

#include "nameserver/model/registration.h"
#include "protocol/base/limits.h"

namespace hearth {

template <class T>
using Checked = tl::expected<T, RemoteException>;

/// A name to register or to change: "name must be a str", or a ValueError for text that no database could hold or that is
/// longer than Limits::name_bytes_max.
[[nodiscard]] Checked<std::string> checked_name(const Value& name, const Limits& limits);

/// A str that is a valid URI, kept verbatim; or a URI object, as its text. A ValueError for text as above.
[[nodiscard]] Checked<std::string> checked_uri(const Value& uri, const Limits& limits);

/// The tags to store with a registration, sorted. None and empty collections are no tags; in the Pyro4 dialect anything
/// false is. Not a str; each tag must be one, no longer and no more of them than the limits say.
[[nodiscard]] Checked<Tags> checked_metadata(const Value& metadata, Dialect dialect, const Limits& limits);

/// The tags to search for, sorted; what is not a str can match no tag: it is dropped, and `has_other` set.
struct SearchTags {
  Tags tags;
  bool has_other = false;
};
/// `parameter` names the argument in the error text.
[[nodiscard]] Checked<SearchTags> checked_search_tags(const Value& tags, std::string_view parameter);

/// Text that a lookup compares names with. Not a str: the TypeError of Python's `"unknown name: " + name`, or of a
/// dict lookup with something unhashable.
[[nodiscard]] Checked<std::string_view> checked_lookup_name(const Value& name);

}  // namespace hearth
