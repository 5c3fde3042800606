#include "protocol/loop/socket_listener.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <limits>

#include "protocol/base/check.h"
#include "protocol/loop/socket_address.h"
#include "protocol/loop/socket_stream.h"

namespace hearth {
namespace {

constexpr std::uint64_t rest_ms = 1000;   // long enough not to spin, short enough not to be missed
constexpr int accepts_per_turn_max = 64;  // a guess: those already connected get their turn in between

/// accept() fails for the sake of the one connection it was about to return (accept(2), "Error handling").
bool concerns_one_connection(int error_number) {
  switch (error_number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EPERM: return true;  // a firewall rule
    default: return false;
  }
}

bool is_for_ipv6_only(const FileDescriptor& socket) {
  int only = 0;
  socklen_t size = sizeof only;
  return ::getsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, &size) == 0 && only != 0;
}

}  // namespace

int start_listening(const FileDescriptor& socket) {
  constexpr int longest_queue = std::numeric_limits<int>::max();  // the kernel cuts it to net.core.somaxconn
  return ::listen(socket.get(), longest_queue) == 0 ? 0 : errno;
}

sockaddr_storage bound_address(const FileDescriptor& socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  HEARTH_CHECK(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  return bound;
}

std::unique_ptr<Listener> tcp_listener(Loop& loop, FileDescriptor socket) {
  const sockaddr_storage bound = bound_address(socket);
  const bool serves_ipv4 = bound.ss_family == AF_INET || (is_wildcard(bound) && !is_for_ipv6_only(socket));
  return std::make_unique<SocketListener>(loop, std::move(socket),
                                          BoundPlace{numeric_host(bound), port_of(bound), serves_ipv4});
}

SocketListener::SocketListener(Loop& loop, FileDescriptor socket, BoundPlace place, std::function<void()> closed)
    : loop_(loop),
      socket_(std::move(socket)),
      place_(std::move(place)),
      closed_(std::move(closed)),
      rest_timer_(loop, [this] {
        resting_ = false;
        update_polling();
      }) {}

SocketListener::~SocketListener() { close(); }

Result<void> SocketListener::start(std::function<void(std::unique_ptr<Stream>)> accepted) {
  loop_.assert_on_loop_thread();
  HEARTH_CHECK(socket_.is_open() && !poll_.is_open());
  accepted_ = std::move(accepted);
  const int status =
      poll_.init(this, [this](uv_poll_t* block) { return uv_poll_init(loop_.uv(), block, socket_.get()); });
  if (status < 0)
    return fail(ErrorKind::system, fmt::format("cannot accept on {}: {}", place_.host, uv_strerror(status)));
  update_polling();
  return {};
}

void SocketListener::pause_accepting() {
  paused_ = true;
  update_polling();
}

void SocketListener::resume_accepting() {
  paused_ = false;
  update_polling();
}

void SocketListener::close() {
  if (!socket_.is_open()) return;
  poll_.close();
  rest_timer_.stop();
  socket_.close();
  if (closed_) closed_();
}

bool SocketListener::is_accepting() const { return poll_.is_open() && !paused_ && !resting_; }

void SocketListener::update_polling() {
  if (!poll_.is_open()) return;
  if (!is_accepting()) {
    uv_poll_stop(poll_.get());
    return;
  }
  const auto ready = [](uv_poll_t* block, int, int) {
    if (auto* self = owner_of<SocketListener>(block)) self->accept_waiting();
  };
  HEARTH_CHECK(uv_poll_start(poll_.get(), UV_READABLE, ready) == 0);
}

void SocketListener::accept_waiting() {
  for (int count = 0; count < accepts_per_turn_max && is_accepting(); ++count) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    FileDescriptor connected(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!connected.is_open()) {
      const int error_number = errno;
      if (error_number == EAGAIN || error_number == EWOULDBLOCK) return;
      if (concerns_one_connection(error_number)) continue;
      return rest(error_number);
    }
    auto stream = stream_of_socket(loop_, std::move(connected), peer);
    if (stream) {
      accepted_(std::move(*stream));
    } else {
      throttle_.write(loop_.now_ms(), LogLevel::warning, LogCategory::net,
                      "dropped a new connection: " + stream.error().text);
    }
  }
}

/// Out of descriptors or memory: the connection stays in the kernel's queue and would wake us at once, again and again.
void SocketListener::rest(int error_number) {
  resting_ = true;
  update_polling();
  rest_timer_.start_once(rest_ms);
  throttle_.write(loop_.now_ms(), LogLevel::warning, LogCategory::net,
                  "cannot accept connections, which now wait: " + errno_text(error_number));
}

}  // namespace hearth
