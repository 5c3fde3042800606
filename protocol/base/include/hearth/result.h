/// Result<T>: the outcome of anything that a peer, a disk, a user or the kernel can make fail.
///
/// Layer: base, public.        Thread rule: none, plain values.
/// Our own bugs are not Results: they abort (protocol/base/check.h). A normal alternative ("name taken") is an
/// enum inside the value, not an Error.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include <hearth/api.h>

namespace HEARTH_API hearth {

/// Named after what the caller does about it, not after where it happened. Text never decides; kinds do.
enum class ErrorKind : unsigned char {
  malformed,     ///< the bytes or words are wrong: refuse them, tell the sender
  limit,         ///< right, but larger, deeper or more than we allow: refuse, name the limit
  unsupported,   ///< understood, not offered: fall back to something else
  disconnected,  ///< the peer is gone or cannot be reached: reconnect
  timeout,       ///< no answer in time: retry later
  storage,       ///< the disk or the file failed: refuse writes until the engine has recovered
  system,        ///< the kernel refused (address in use, no permission): tell the operator
};

struct Error {
  ErrorKind kind;
  std::string text;  ///< one sentence for people, without a trailing full stop
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::malformed, "…")` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string text) {
  return tl::unexpected<Error>(Error{kind, std::move(text)});
}

/// Hands the error of one Result on as the error of another.
template <class T>
[[nodiscard]] tl::unexpected<Error> forward_error(Result<T>& failed) {
  return tl::unexpected<Error>(std::move(failed.error()));
}

}  // namespace hearth
