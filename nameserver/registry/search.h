/// The searches of list(), yplookup() and remove(): arguments in, registrations out.
///
/// Layer: registry.        Thread rule: loop thread.
#pragma once

#include <hearth/remote_exception.h>

#include "nameserver/registry/arguments.h"
#include "nameserver/registry/index.h"
#include "protocol/base/limits.h"

namespace hearth {

/// Names that begin with the prefix, or with one of a tuple of them (str.startswith): a real prefix, where the reference's SQL storage uses LIKE.
[[nodiscard]] Checked<Index::Matches> search_prefix(const Index& index, const Value& prefix);

/// Names that Python's re.match() accepts; NamingError "invalid regex: …", or "regex refused: …" when it
/// needs more work than the limits allow.
[[nodiscard]] Checked<Index::Matches> search_regex(const Index& index, const Value& regex, const Limits& limits);

[[nodiscard]] Checked<Index::Matches> search_all_tags(const Index& index, const Value& tags);
[[nodiscard]] Checked<Index::Matches> search_any_tag(const Index& index, const Value& tags);

}  // namespace hearth
