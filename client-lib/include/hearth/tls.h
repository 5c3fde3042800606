/// client_tls(): what a client needs to speak TLS.
///
/// Layer: client-lib, public.        Thread rule: any thread. Reads files.
/// The result goes into ClientSettings::tls. Connections that share it resume each other's sessions, from any thread.
#pragma once

#include <memory>

#include <hearth/api.h>
#include <hearth/client_error.h>
#include <hearth/tls_files.h>

namespace HEARTH_API hearth {

class TlsContext;

/// Servers must show a certificate for the host of their URI, issued by a CA of the system or one of `files`, as in Pyro.
/// `files.certificate` is what we show to servers that ask who we are. Errors: ClientErrorKind::invalid, with the file's name.
[[nodiscard]] HEARTH_API ClientResult<std::shared_ptr<const TlsContext>> client_tls(const TlsFiles& files);

}  // namespace hearth
