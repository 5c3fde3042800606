/// The state of a Uri as Pyro pickles and serializes its URI objects.
///
/// Layer: value.        Thread rule: none, pure functions.
#pragma once

#include <hearth/result.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace hearth {

/// The 5-tuple of URI.__getstate__: (protocol, object, sockname, host, port); object is a set of tags for PYROMETA.
[[nodiscard]] Value uri_state(Uri uri);

/// The reverse (URI.__setstate__): any list or tuple of five. Not checked beyond the types, as in Pyro: malformed if the shape is wrong.
[[nodiscard]] Result<Uri> uri_from_state(const Value& state);

}  // namespace hearth
