#include "client-lib/src/blocking_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "client-lib/src/handshake_failure.h"
#include "client-lib/src/icmp_watch.h"
#include "protocol/base/limits.h"

namespace hearth {
namespace {

/// Of ciphertext at once: a record of TLS is not much longer.
constexpr std::size_t tls_read_bytes_max = 16U << 10U;

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
  socket->allow_waiting();
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
                                                                   const Deadline& deadline,
                                                                   const std::shared_ptr<const TlsContext>& tls) {
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
      BlockingStream stream(std::move(*socket), std::move(place));
      if (tls != nullptr) {
        // Another address of the host would show the same certificate.
        if (auto secured = stream.secure(uri, tls, deadline); !secured)
          return tl::unexpected<ConnectError>(std::move(secured.error()));
      }
      return stream;
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

void BlockingStream::close() {
  if (tls_ && socket_.is_open()) {
    tls_->finish();
    const Bytes goodbye = tls_->take_output();
    static_cast<void>(::send(socket_.descriptor(), goodbye.data(), goodbye.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }
  socket_ = Socket();
}

Result<void> BlockingStream::write(BytesView bytes, const Deadline& deadline) {
  if (!tls_) return write_socket(bytes, deadline);
  if (tls_->failure()) return tls_error();
  tls_->send(bytes);
  return flush_tls(deadline);
}

Result<std::size_t> BlockingStream::read(std::span<char> buffer, const Deadline& deadline) {
  return tls_ ? read_tls(buffer, deadline) : read_socket(buffer, deadline);
}

bool BlockingStream::is_idle() {
  if (tls_) return is_tls_idle();
  char next = 0;
  return ::recv(socket_.descriptor(), &next, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

std::optional<TlsFailure> BlockingStream::tls_failure() const { return tls_ ? tls_->failure() : std::nullopt; }

// ---- TLS

tl::expected<void, ConnectError> BlockingStream::secure(const Uri& uri,
                                                        const std::shared_ptr<const TlsContext>& context,
                                                        const Deadline& deadline) {
  tls_.emplace(context, *uri.host, *uri.tcp_port(), Limits().tls_handshake_bytes_max);
  auto done = shake_hands(deadline);
  if (done) return {};
  const auto failure = tls_->failure();
  const StepOutcome outcome = failure ? tls_outcome(failure->fault) : StepOutcome::silent;
  return no_connection(outcome, done.error().kind, std::move(done.error().text), failure ? failure->text : "");
}

Result<void> BlockingStream::shake_hands(const Deadline& deadline) {
  while (!tls_->is_handshake_done()) {
    if (auto sent = flush_tls(deadline); !sent && sent.error().kind != ErrorKind::disconnected) return sent;
    if (auto received = receive_tls(deadline); !received) return received;
    if (!tls_->failure()) continue;
    static_cast<void>(flush_tls(deadline));  // why
    return tls_error();
  }
  return flush_tls(deadline);
}

Result<void> BlockingStream::flush_tls(const Deadline& deadline) { return write_socket(tls_->take_output(), deadline); }

/// That the peer has gone is for TLS to judge: it may have said goodbye.
Result<void> BlockingStream::receive_tls(const Deadline& deadline) {
  std::array<char, tls_read_bytes_max> ciphertext;
  const auto count = read_socket(ciphertext, deadline);
  if (count) {
    tls_->receive({ciphertext.data(), *count}, decrypted_);
  } else if (count.error().kind == ErrorKind::disconnected) {
    tls_->receive_end();
  } else {
    return tl::unexpected<Error>(count.error());
  }
  return {};
}

Result<std::size_t> BlockingStream::read_tls(std::span<char> buffer, const Deadline& deadline) {
  while (handed_out_ == decrypted_.size()) {
    if (tls_->failure()) return tls_error();
    if (tls_->has_peer_finished())
      return fail(ErrorKind::disconnected, place_ + " closed the connection without an answer");
    if (auto received = receive_tls(deadline); !received) return forward_error(received);
    static_cast<void>(flush_tls(deadline));  // new keys, or why we refuse
  }
  const std::size_t count = decrypted_.copy(buffer.data(), buffer.size(), handed_out_);
  handed_out_ += count;
  if (handed_out_ == decrypted_.size()) {
    decrypted_ = Bytes();  // and not kept for an idle connection
    handed_out_ = 0;
  }
  return count;
}

bool BlockingStream::is_tls_idle() {
  std::array<char, tls_read_bytes_max> ciphertext;
  for (;;) {
    if (tls_->failure() || tls_->has_peer_finished() || handed_out_ < decrypted_.size()) return false;
    const ssize_t received = ::recv(socket_.descriptor(), ciphertext.data(), ciphertext.size(), MSG_DONTWAIT);
    if (received > 0) {
      tls_->receive({ciphertext.data(), static_cast<std::size_t>(received)}, decrypted_);
    } else if (received == 0 || errno != EINTR) {
      return received < 0 && errno == EAGAIN;
    }
  }
}

tl::unexpected<Error> BlockingStream::tls_error() const {
  const TlsFailure& failure = *tls_->failure();
  const ErrorKind kind = failure.fault == TlsFault::cut ? ErrorKind::disconnected : ErrorKind::unsupported;
  return fail(kind, place_ + ": " + failure.text);
}

// ---- the socket

Result<void> BlockingStream::write_socket(BytesView bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
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

Result<std::size_t> BlockingStream::read_socket(std::span<char> buffer, const Deadline& deadline) {
  const auto received = socket_.wait_and_receive(buffer, deadline);
  if (!received) return fail(ErrorKind::timeout, place_ + " did not answer in time");
  if (*received > 0) return static_cast<std::size_t>(*received);
  return fail(ErrorKind::disconnected, place_ + " closed the connection without an answer");
}

bool BlockingStream::wait_for_end(const Deadline& deadline) const { return socket_.wait_for(POLLRDHUP, deadline); }

}  // namespace hearth
