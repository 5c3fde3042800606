#include "protocol/loop/connector.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/handle.h"
#include "protocol/loop/socket_address.h"
#include "protocol/loop/socket_stream.h"
#include "protocol/loop/timer.h"

namespace hearth {
namespace {

constexpr std::uint64_t full_queue_retry_ms = 20;  // Unix sockets have no event for room in a server's queue

Error connect_error(const std::string& place, int error_number) {
  const std::string text = fmt::format("{}: {}", place, errno_text(error_number));
  switch (error_number) {
    case ETIMEDOUT: return {ErrorKind::timeout, text};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EACCES:  // a path that we may not use; a route or firewall rule of this machine
    case EPERM:
    case EADDRNOTAVAIL:  // no address of ours to connect from, or no port left
    case EAFNOSUPPORT: return {ErrorKind::system, text};
    default: return {ErrorKind::disconnected, text};
  }
}

/// The higher, the less it says against the peer.
int weight(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::timeout: return 2;
    case ErrorKind::disconnected: return 1;
    default: return 0;
  }
}

socklen_t address_bytes(const sockaddr_storage& address) {
  switch (address.ss_family) {
    case AF_INET: return sizeof(sockaddr_in);
    case AF_INET6: return sizeof(sockaddr_in6);
    default: return sizeof(sockaddr_un);
  }
}

FileDescriptor open_socket(int family) {
  return FileDescriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

class TcpConnecting final : public PendingConnection {
 public:
  TcpConnecting(Loop& loop, std::string host, std::uint16_t port, AddressOrder order, std::uint64_t timeout_ms,
                ConnectionResult told)
      : loop_(loop),
        host_(std::move(host)),
        port_(port),
        order_(order),
        deadline_ms_(loop.now_ms() + timeout_ms),
        told_(std::move(told)),
        timer_(loop, [this] { on_timer(); }) {
    timer_.start_once(0);  // what fails at once is told later all the same
  }

 private:
  enum class Step : unsigned char { fresh, resolving, connecting };

  [[nodiscard]] std::uint64_t left_ms() const {
    const std::uint64_t now_ms = loop_.now_ms();
    return deadline_ms_ > now_ms ? deadline_ms_ - now_ms : 0;
  }

  void on_timer() {
    switch (step_) {
      case Step::fresh: return resolve();
      case Step::resolving:
        return tell(fail(ErrorKind::system, fmt::format("the host name '{}' was not looked up in time", host_)));
      case Step::connecting: return try_next_after(ETIMEDOUT);
    }
  }

  void resolve() {
    if (auto numeric = numeric_addresses(host_, port_); !numeric.empty()) return connect_to(std::move(numeric));
    step_ = Step::resolving;
    timer_.start_once(left_ms());
    const auto resolved = [this](Result<SocketAddresses> addresses) {
      if (!addresses) return tell(forward_error(addresses));
      connect_to(std::move(*addresses));
    };
    resolution_.emplace(loop_, host_, port_, order_, resolved);
    if (!resolution_->begun()) tell(tl::unexpected<Error>(resolution_->begun().error()));
  }

  void connect_to(SocketAddresses addresses) {
    step_ = Step::connecting;
    addresses_ = std::move(addresses);
    try_next();
  }

  void try_next() {
    for (; next_ < addresses_.size(); ++next_) {
      const sockaddr_storage& address = addresses_[next_];
      socket_ = open_socket(address.ss_family);
      int error_number = socket_.is_open() ? 0 : errno;
      if (error_number == 0 &&
          ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), address_bytes(address)) != 0) {
        error_number = errno;
      }
      if (error_number == 0) return finish();
      if (error_number == EINPROGRESS) return watch();
      note(error_number);
    }
    tell(tl::unexpected<Error>(*worst_));
  }

  void watch() {
    timer_.start_once(left_ms() / (addresses_.size() - next_));
    const int status =
        poll_.init(this, [this](uv_poll_t* block) { return uv_poll_init(loop_.uv(), block, socket_.get()); });
    if (status < 0) return try_next_after(-status);
    const auto ready = [](uv_poll_t* block, int, int) {
      if (auto* self = owner_of<TcpConnecting>(block)) self->on_ready();
    };
    HEARTH_CHECK(uv_poll_start(poll_.get(), UV_WRITABLE, ready) == 0);
  }

  void on_ready() {
    int error_number = 0;
    socklen_t size = sizeof error_number;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) error_number = errno;
    // These two come after the handshake (tcp(7); the kernel's tcp_reset()): it was made, and the stream will tell its end.
    const bool was_made = error_number == ECONNRESET || error_number == EPIPE;
    if (error_number != 0 && !was_made) return try_next_after(error_number);
    finish();
  }

  void try_next_after(int error_number) {
    note(error_number);
    poll_.close();
    ++next_;
    try_next();
  }

  void note(int error_number) {
    const sockaddr_storage& address = addresses_[next_];
    Error error = connect_error(host_and_port(numeric_host(address), port_of(address)), error_number);
    if (!worst_ || weight(error.kind) > weight(worst_->kind)) worst_ = std::move(error);
  }

  void finish() {
    poll_.close();  // before another handle watches the socket
    tell(stream_of_socket(loop_, std::move(socket_), addresses_[next_]));
  }

  /// The last thing done: this may be gone afterwards.
  void tell(Result<std::unique_ptr<Stream>> result) {
    timer_.stop();
    const ConnectionResult told = std::move(told_);
    told(std::move(result));
  }

  Loop& loop_;
  const std::string host_;
  const std::uint16_t port_;
  const AddressOrder order_;
  const std::uint64_t deadline_ms_;
  ConnectionResult told_;
  Timer timer_;
  Step step_ = Step::fresh;
  std::optional<Resolution> resolution_;
  SocketAddresses addresses_;
  std::size_t next_ = 0;
  FileDescriptor socket_;  // before the handle that watches it
  Handle<uv_poll_t> poll_;
  std::optional<Error> worst_;
};

class UnixConnecting final : public PendingConnection {
 public:
  UnixConnecting(Loop& loop, std::string path, std::uint64_t timeout_ms, ConnectionResult told)
      : loop_(loop),
        path_(std::move(path)),
        deadline_ms_(loop.now_ms() + timeout_ms),
        told_(std::move(told)),
        timer_(loop, [this] { attempt(); }) {
    timer_.start_once(0);
  }

 private:
  void attempt() {
    sockaddr_un address{};
    if (path_.size() >= sizeof address.sun_path) return tell(failure(ENAMETOOLONG));
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    FileDescriptor socket = open_socket(AF_UNIX);
    if (!socket.is_open()) return tell(failure(errno));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      sockaddr_storage peer{};
      peer.ss_family = AF_UNIX;
      return tell(stream_of_socket(loop_, std::move(socket), peer));
    }
    if (errno != EAGAIN) return tell(failure(errno));
    const std::uint64_t now_ms = loop_.now_ms();
    if (now_ms >= deadline_ms_) return tell(failure(ETIMEDOUT));
    timer_.start_once(std::min(full_queue_retry_ms, deadline_ms_ - now_ms));
  }

  [[nodiscard]] tl::unexpected<Error> failure(int error_number) const {
    return tl::unexpected<Error>(connect_error(path_, error_number));
  }

  /// The last thing done: this may be gone afterwards.
  void tell(Result<std::unique_ptr<Stream>> result) {
    const ConnectionResult told = std::move(told_);
    told(std::move(result));
  }

  Loop& loop_;
  const std::string path_;
  const std::uint64_t deadline_ms_;
  ConnectionResult told_;
  Timer timer_;
};

}  // namespace

std::unique_ptr<PendingConnection> connect_tcp(Loop& loop, const std::string& host, std::uint16_t port,
                                               AddressOrder order, std::uint64_t timeout_ms, ConnectionResult told) {
  loop.assert_on_loop_thread();
  return std::make_unique<TcpConnecting>(loop, host, port, order, timeout_ms, std::move(told));
}

std::unique_ptr<PendingConnection> connect_unix(Loop& loop, const std::string& path, std::uint64_t timeout_ms,
                                                ConnectionResult told) {
  loop.assert_on_loop_thread();
  return std::make_unique<UnixConnecting>(loop, path, timeout_ms, std::move(told));
}

}  // namespace hearth
