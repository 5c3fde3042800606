/// Who holds the address that we want: found in /proc, as far as this user may look. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: plain functions; slow, for error texts only.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <optional>
#include <string>

#include "protocol/loop/proc_net.h"

namespace hearth {

/// "PROGRAM (pid N)" of a process that listens on the address (UDP: has bound it), or on one that stands in its way.
[[nodiscard]] std::optional<std::string> port_owner(const sockaddr_storage& wanted,
                                                    Transport transport = Transport::tcp);

/// "PROGRAM (pid N)"
[[nodiscard]] std::string process_text(pid_t pid);

}  // namespace hearth
