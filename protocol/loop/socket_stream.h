/// SocketStream: a Stream over a connected socket that libuv watches. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: loop thread.
#pragma once

#include <sys/socket.h>

#include <memory>

#include <hearth/result.h>

#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/stream.h"

namespace hearth {

/// Takes over a socket that was just accepted from `peer`.
[[nodiscard]] Result<std::unique_ptr<Stream>> stream_of_socket(Loop& loop, FileDescriptor socket,
                                                               const sockaddr_storage& peer);

}  // namespace hearth
