/// ClientError: why an operation of the client library failed, by what the caller does about it.
///
/// Layer: client-lib, public.        Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include <hearth/api.h>
#include <hearth/remote_exception.h>

namespace HEARTH_API hearth {

/// Text never decides; kinds do.
enum class ClientErrorKind : unsigned char {
  unreachable,   ///< nobody answers there, or the connection was lost: try again later, or elsewhere
  timeout,       ///< no answer in time; a call may have taken effect all the same
  refused,       ///< a Pyro server is there and does not want this connection
  protocol,      ///< what answered is no Pyro server, or what it said makes no sense
  invalid,       ///< what the caller gave cannot be used or sent
  unknown_name,  ///< the name server has no registration of that name
  name_taken,    ///< the name server already has a registration of that name
  remote,        ///< the called method raised another exception
};

struct ClientError {
  ClientErrorKind kind;
  std::string text;                                         ///< one sentence for people, without a trailing full stop
  std::optional<RemoteException> exception = std::nullopt;  ///< set if the error is an exception of the other side
};

template <class T>
using ClientResult = tl::expected<T, ClientError>;

[[nodiscard]] inline tl::unexpected<ClientError> fail(ClientErrorKind kind, std::string text) {
  return tl::unexpected<ClientError>(ClientError{kind, std::move(text)});
}

/// Hands the error of one result on as the error of another.
template <class T>
[[nodiscard]] tl::unexpected<ClientError> forward_error(ClientResult<T>& failed) {
  return tl::unexpected<ClientError>(std::move(failed.error()));
}

}  // namespace hearth
