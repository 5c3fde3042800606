#include "client-lib/src/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
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

void Socket::allow_waiting() {
  const int flags = ::fcntl(descriptor_, F_GETFL);
  static_cast<void>(::fcntl(descriptor_, F_SETFL, flags & ~O_NONBLOCK));
}

/// The kernel waits with the timeout that it knows, which is nearly always the right one already: a poll() before the recv() would
/// be one more system call for every call. Who may be interrupted needs it.
std::optional<ssize_t> Socket::wait_and_receive(std::span<char> buffer, const Deadline& deadline) {
  for (;;) {
    const int left_ms = deadline.poll_timeout_ms();
    int flags = MSG_DONTWAIT;
    if (deadline.interrupt_descriptor() >= 0) {
      if (!wait_for(POLLIN, deadline)) return std::nullopt;
    } else if (left_ms != 0) {
      set_receive_timeout(left_ms);
      flags = 0;
    }
    const ssize_t received = ::recv(descriptor_, buffer.data(), buffer.size(), flags);
    if (received >= 0 || (errno != EAGAIN && errno != EINTR)) return received;
    if (left_ms == 0) return std::nullopt;
  }
}

void Socket::set_receive_timeout(int timeout_ms) {
  if (timeout_ms == std::exchange(receive_timeout_ms_, timeout_ms)) return;
  constexpr int ms_per_s = 1000;
  timeval timeout{};  // for ever
  if (timeout_ms > 0) timeout = {timeout_ms / ms_per_s, timeout_ms % ms_per_s * 1000};
  static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout));
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
