/// The rules of resolving, without the asking.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <hearth/client_error.h>
#include <hearth/locate.h>
#include <hearth/name_server.h>
#include <hearth/uri.h>

#include <string_view>

namespace hearth {

inline constexpr std::string_view direct_protocol = "PYROLOC";

/// The name server that a PYRONAME or PYROMETA URI wants to be asked.
[[nodiscard]] NameServerPlace name_server_of(const Uri& uri);

[[nodiscard]] TagSet tags_of(const Uri& uri);

/// Any of what has the tags of a PYROMETA URI, as in Pyro: so many clients spread over what offers the same.
[[nodiscard]] ClientResult<Uri> any_place_in(const NameListing& found, const Uri& uri);

/// For a PYROLOC URI: where the object is, if it is there; and the daemon that knows.
[[nodiscard]] Uri direct_place(Uri uri);
[[nodiscard]] Uri daemon_of(Uri uri);
/// `told` is what that daemon answered to get_metadata() of the object.
[[nodiscard]] ClientResult<Uri> place_if_told(const Uri& uri, ClientResult<Value> told);

}  // namespace hearth
