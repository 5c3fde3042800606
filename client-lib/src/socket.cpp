#include "client-lib/src/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iterator>

namespace hearth {

Socket::~Socket() {
  if (is_open()) ::close(descriptor_);
}

bool Socket::wait_for(short events, const Deadline& deadline) const {
  pollfd entries[] = {{descriptor_, events, 0}, {deadline.interrupt_descriptor(), POLLIN, 0}};
  for (;;) {
    const int ready = ::poll(entries, std::size(entries), deadline.poll_timeout_ms());
    if (ready >= 0) return entries[0].revents != 0;
    if (errno != EINTR) return true;
  }
}

Result<Socket> open_socket(int family, int type) {
  Socket socket(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return fail(ErrorKind::system, std::string("cannot open a socket: ") + std::strerror(errno));
  return socket;
}

Result<AddressList> resolve_host(const std::string& host, std::uint16_t port, int family, int type) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = type;
  addrinfo* list = nullptr;
  const int status = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (status != 0) {
    const char* why = status == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(status);
    return fail(ErrorKind::disconnected, "the host name " + host + " cannot be resolved (" + why + ")");
  }
  return AddressList(list);
}

}  // namespace hearth
