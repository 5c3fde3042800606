/// resolve(): from a URI that names an object to one that says where it is, as Pyro's resolve does (PYRO.md section 3).
///
/// Layer: client-lib, public.        Thread rule: any thread; blocking.
#pragma once

#include <string_view>

#include <hearth/api.h>
#include <hearth/client_error.h>
#include <hearth/client_settings.h>
#include <hearth/uri.h>

namespace HEARTH_API hearth {

/// As parse_uri(), and besides `PYROLOC:object@host:port` or `PYROLOC:object@./u:path`, which Pyro 3 had. What is no URI is
/// ClientErrorKind::invalid.
[[nodiscard]] HEARTH_API ClientResult<Uri> parse_object_uri(std::string_view text);

/// The `PYRO:` URI that the other one stands for:
///
/// * `PYRO:` itself, without asking anybody;
/// * `PYRONAME:name`: what the name server has registered. `unknown_name` if that is nothing; with
///   ClientSettings::name_wait_ms it waits so long for the registration to come;
/// * `PYROMETA:tag,tag`: one that has all these tags, chosen at random. `unknown_name` if there is none;
/// * `PYROLOC:object@host:port`: no name server, the daemon there is asked whether it has the object. `unknown_name` if it
///   has not.
///
/// The name server is the one that the URI names (`…@host:port`), else the one that locate() finds. Other errors: what came of
/// each step of the search, else as Proxy's.
[[nodiscard]] HEARTH_API ClientResult<Uri> resolve(const Uri& uri, const ClientSettings& settings = {});
[[nodiscard]] HEARTH_API ClientResult<Uri> resolve(std::string_view uri, const ClientSettings& settings = {});

}  // namespace hearth
