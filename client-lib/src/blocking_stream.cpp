#include "client-lib/src/blocking_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "client-lib/src/icmp_watch.h"

namespace hearth {
namespace {

tl::unexpected<ConnectError> no_connection(StepOutcome outcome, ErrorKind kind, std::string text,
                                           std::string detail = {}) {
  return tl::unexpected<ConnectError>(ConnectError{{kind, std::move(text)}, outcome, std::move(detail)});
}

/// The error's own text is all there is to say.
tl::unexpected<ConnectError> no_connection(StepOutcome outcome, const Error& error) {
  return no_connection(outcome, error.kind, error.text, error.text);
}

tl::unexpected<ConnectError> cannot_be_reached(StepOutcome outcome, const std::string& place, int error) {
  const std::string why = std::strerror(error);
  return no_connection(outcome, ErrorKind::disconnected, place + " cannot be reached (" + why + ")", why);
}

tl::unexpected<ConnectError> connect_error(const std::string& place, int error) {
  switch (error) {
    case ECONNREFUSED:
      return no_connection(StepOutcome::refused, ErrorKind::disconnected, place + " refused the connection");
    case ETIMEDOUT: return no_connection(StepOutcome::no_reply, ErrorKind::timeout, place + " did not answer in time");
    case ENOENT: return no_connection(StepOutcome::no_socket, ErrorKind::disconnected, place + " does not exist");
    case EACCES:
    case EPERM: return cannot_be_reached(StepOutcome::forbidden, place, error);
    // A Unix socket whose queue of connections is full: its server takes none.
    case EAGAIN: return cannot_be_reached(StepOutcome::silent, place, error);
    default: return cannot_be_reached(StepOutcome::no_route, place, error);
  }
}

tl::expected<void, ConnectError> connect_now(const Socket& socket, const sockaddr* address, socklen_t address_bytes,
                                             const std::string& place, const Deadline& deadline) {
  const IcmpWatch watch(socket, address->sa_family);
  if (::connect(socket.descriptor(), address, address_bytes) == 0) return {};
  // A full Unix socket says EAGAIN and cannot be waited for (connect(2)).
  if (errno != EINPROGRESS) return connect_error(place, errno);
  if (!socket.wait_for(POLLOUT, deadline)) return connect_error(place, ETIMEDOUT);
  int error = 0;
  socklen_t error_bytes = sizeof error;
  if (::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &error_bytes) != 0) error = errno;
  if (error == 0) return {};
  if (watch.heard_firewall()) {
    return no_connection(StepOutcome::rejected, ErrorKind::disconnected, place + " is closed by a firewall");
  }
  return connect_error(place, error);
}

tl::expected<Socket, ConnectError> connect_socket(const sockaddr* address, socklen_t address_bytes,
                                                  const std::string& place, const Deadline& deadline) {
  auto socket = open_socket(address->sa_family, SOCK_STREAM);
  if (!socket) return no_connection(StepOutcome::forbidden, socket.error());
  auto connected = connect_now(*socket, address, address_bytes, place, deadline);
  if (!connected) return tl::unexpected<ConnectError>(std::move(connected.error()));
  return std::move(*socket);
}

std::vector<const addrinfo*> in_order(const AddressList& list, int preferred_ip_version) {
  std::vector<const addrinfo*> addresses;
  for (const addrinfo* address = list.get(); address != nullptr; address = address->ai_next)
    addresses.push_back(address);
  const int preferred = preferred_ip_version == 6 ? AF_INET6 : preferred_ip_version == 4 ? AF_INET : AF_UNSPEC;
  std::stable_partition(addresses.begin(), addresses.end(),
                        [preferred](const addrinfo* address) { return address->ai_family == preferred; });
  return addresses;
}

}  // namespace

tl::expected<BlockingStream, ConnectError> BlockingStream::connect(const Uri& uri, int preferred_ip_version,
                                                                   const Deadline& deadline) {
  std::string place = uri.location().value_or(uri.text());
  if (uri.socket_path) return connect_unix(*uri.socket_path, std::move(place), deadline);
  const auto port = uri.tcp_port();
  if (!uri.host || !port) {
    return no_connection(StepOutcome::impossible,
                         Error{ErrorKind::malformed, place + " is no place that one can connect to"});
  }
  auto list = resolve_host(*uri.host, *port, AF_UNSPEC, SOCK_STREAM);
  if (!list) return no_connection(StepOutcome::host_unknown, list.error());

  const auto addresses = in_order(*list, preferred_ip_version);
  std::optional<ConnectError> first_error;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const addrinfo* address = addresses[i];
    auto socket = connect_socket(address->ai_addr, address->ai_addrlen, place, deadline.share(addresses.size() - i));
    if (socket) {
      const int on = 1;
      static_cast<void>(::setsockopt(socket->descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
      return BlockingStream(std::move(*socket), std::move(place));
    }
    if (!first_error) first_error = std::move(socket.error());
  }
  if (first_error) return tl::unexpected<ConnectError>(std::move(*first_error));
  return no_connection(StepOutcome::host_unknown, ErrorKind::disconnected, place + " has no address");
}

tl::expected<BlockingStream, ConnectError> BlockingStream::connect_unix(const std::string& path, std::string place,
                                                                        const Deadline& deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return no_connection(StepOutcome::impossible,
                         Error{ErrorKind::malformed, place + " is no path of a Unix socket: it must have 1 to " +
                                                         std::to_string(sizeof address.sun_path - 1) + " bytes"});
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  auto socket = connect_socket(reinterpret_cast<const sockaddr*>(&address), sizeof address, place, deadline);
  if (!socket) return tl::unexpected<ConnectError>(std::move(socket.error()));
  return BlockingStream(std::move(*socket), std::move(place));
}

Result<void> BlockingStream::write(BytesView bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!socket_.wait_for(POLLOUT, deadline))
        return fail(ErrorKind::timeout, place_ + " does not read what is sent to it");
    } else if (errno != EINTR) {
      return fail(ErrorKind::disconnected, place_ + " closed the connection");
    }
  }
  return {};
}

Result<std::size_t> BlockingStream::read(std::span<char> buffer, const Deadline& deadline) {
  for (;;) {
    // The answer is never there yet, so wait first.
    if (!socket_.wait_for(POLLIN, deadline)) return fail(ErrorKind::timeout, place_ + " did not answer in time");
    const ssize_t received = ::recv(socket_.descriptor(), buffer.data(), buffer.size(), 0);
    if (received > 0) return static_cast<std::size_t>(received);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    return fail(ErrorKind::disconnected, place_ + " closed the connection without an answer");
  }
}

bool BlockingStream::is_idle() const {
  char next = 0;
  return ::recv(socket_.descriptor(), &next, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

bool BlockingStream::wait_for_end(const Deadline& deadline) const { return socket_.wait_for(POLLRDHUP, deadline); }

}  // namespace hearth
