#include "tests/support/listening.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "protocol/base/check.h"

namespace hearth {

std::unique_ptr<Listener> listen_on_loopback(Loop& loop) {
  auto listening = listen_tcp(loop, {"127.0.0.1"}, 0);
  HEARTH_CHECK(listening.has_value() && listening->listeners.size() == 1);
  return std::move(listening->listeners.front());
}

bool can_connect(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  HEARTH_CHECK(getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) == 0);
  const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = descriptor >= 0 && ::connect(descriptor, found->ai_addr, found->ai_addrlen) == 0;
  if (descriptor >= 0) ::close(descriptor);
  freeaddrinfo(found);
  return connected;
}

}  // namespace hearth
