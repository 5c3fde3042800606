/// Listeners for tests that want any, and the question whether somebody listens.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "protocol/loop/listener.h"

namespace hearth {

/// On a free port of the IPv4 loopback.
[[nodiscard]] std::unique_ptr<Listener> listen_on_loopback(Loop& loop);

/// `host` is a numeric address of either family.
[[nodiscard]] bool can_connect(const std::string& host, std::uint16_t port);

}  // namespace hearth
