/// The rooms below speak of Error and RemoteException; users of the library get a ClientError.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <hearth/client_error.h>
#include <hearth/result.h>

namespace hearth {

[[nodiscard]] ClientErrorKind client_error_kind(ErrorKind kind);

/// What went wrong between us and the other side.
[[nodiscard]] tl::unexpected<ClientError> client_error(const Error& error);

/// What the caller gave cannot be sent, or is no place to send it to.
[[nodiscard]] tl::unexpected<ClientError> unsendable(const Error& error);

/// Kind `remote`; the text is class and text of the exception.
[[nodiscard]] ClientError remote_error(RemoteException exception);

}  // namespace hearth
