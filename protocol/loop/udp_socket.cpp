#include "protocol/loop/udp_socket.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include <cstring>
#include <optional>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/throttle.h"
#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/handle.h"
#include "protocol/loop/local_address.h"
#include "protocol/loop/port_owner.h"
#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

constexpr std::uint16_t first_unprivileged_port = 1024;

template <class Address>
sockaddr_storage as_storage(const Address& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

/// As a socket of that family takes it: an IPv6 socket reaches IPv4 hosts by mapped addresses. nullopt: not in numbers.
std::optional<sockaddr_storage> destination(int family, const std::string& host, std::uint16_t port) {
  if (family == AF_INET) {
    sockaddr_in v4{};
    if (uv_ip4_addr(host.c_str(), port, &v4) != 0) return std::nullopt;
    return as_storage(v4);
  }
  const bool is_v6 = host.find(':') != std::string::npos;
  sockaddr_in6 v6{};
  if (uv_ip6_addr((is_v6 ? host : "::ffff:" + host).c_str(), port, &v6) != 0) return std::nullopt;
  return as_storage(v6);
}

std::string explain(const std::string& host, std::uint16_t port, const sockaddr_in& wanted, int status) {
  switch (status) {
    case UV_EADDRINUSE:
      return fmt::format("the port is in use by {}",
                         port_owner(as_storage(wanted), Transport::udp).value_or("another program"));
    case UV_EACCES:
      if (port >= first_unprivileged_port) break;
      return fmt::format("no permission for ports below {}: choose another or give the capability CAP_NET_BIND_SERVICE",
                         first_unprivileged_port);
    case UV_EADDRNOTAVAIL: return host + " is not an address of this machine";
    default: break;
  }
  return uv_strerror(status);
}

/// Why it cannot serve as ours; empty if it can.
std::string objection(const FileDescriptor& socket) {
  int type = 0;
  int family = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0) return "it is no socket";
  size = sizeof family;
  if (type != SOCK_DGRAM || ::getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &family, &size) != 0 ||
      (family != AF_INET && family != AF_INET6)) {
    return "it is no UDP socket";
  }
  sockaddr_storage address{};
  size = sizeof address;
  if (::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0) return "it is connected";
  size = sizeof address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0 || port_of(address) == 0) {
    return "it is not bound to a port";
  }
  return "";
}

}  // namespace

struct UdpSocket::Impl {
  Loop& loop;
  Handle<uv_udp_t> handle;
  std::function<void(const Datagram&)> received;
  std::size_t bytes_max = 0;
  std::string host;
  std::uint16_t port = 0;
  int family = AF_INET;
  LogThrottle throttle;

  explicit Impl(Loop& its_loop) : loop(its_loop) {
    loop.assert_on_loop_thread();
    HEARTH_CHECK(handle.init(this, [this](uv_udp_t* block) { return uv_udp_init(loop.uv(), block); }) == 0);
  }

  [[nodiscard]] int descriptor() const {
    uv_os_fd_t socket = -1;
    HEARTH_CHECK(uv_fileno(as_base(handle.get()), &socket) == 0);
    return socket;
  }

  void note_bound_address() {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    HEARTH_CHECK(::getsockname(descriptor(), reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    family = bound.ss_family;
    host = numeric_host(bound);
    port = port_of(bound);
  }

  static void lend_buffer(uv_handle_t* block, std::size_t, uv_buf_t* buffer) {
    const auto* self = owner_of<Impl>(block);
    buffer->base = self == nullptr ? nullptr : self->loop.read_buffer();
    buffer->len = self == nullptr ? 0 : self->bytes_max;
  }

  static void on_read(uv_udp_t* block, ssize_t count, const uv_buf_t* buffer, const sockaddr* sender, unsigned flags) {
    auto* self = owner_of<Impl>(block);
    if (self == nullptr) return;
    if (count < 0) {
      // An answer of ours met a closed port, a firewall …: it concerns one peer.
      self->throttle.write(self->loop.now_ms(), LogLevel::info, LogCategory::net,
                           fmt::format("receiving on UDP {}: {}", host_and_port(self->host, self->port),
                                       uv_strerror(static_cast<int>(count))));
      return;
    }
    if (sender == nullptr) return;  // nothing left to read; an empty datagram has a sender
    sockaddr_storage from{};
    std::memcpy(&from, sender, sender->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
    self->received({{buffer->base, static_cast<std::size_t>(count)},
                    (flags & UV_UDP_PARTIAL) != 0,
                    numeric_host(from),
                    port_of(from)});
  }
};

UdpSocket::UdpSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UdpSocket::UdpSocket(UdpSocket&& other) noexcept = default;
UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept = default;
UdpSocket::~UdpSocket() = default;

Result<UdpSocket> UdpSocket::bind(Loop& loop, const std::string& host, std::uint16_t port) {
  const std::string cannot = fmt::format("cannot bind UDP {}: ", host_and_port(host, port));
  const auto address = resolve_ipv4(host);
  if (!address) return fail(ErrorKind::system, cannot + address.error().text);
  sockaddr_in wanted{};
  HEARTH_CHECK(uv_ip4_addr(address->c_str(), port, &wanted) == 0);
  auto impl = std::make_unique<Impl>(loop);
  const int status = uv_udp_bind(impl->handle.get(), reinterpret_cast<const sockaddr*>(&wanted), 0);
  if (status != 0) return fail(ErrorKind::system, cannot + explain(host, port, wanted, status));
  impl->note_bound_address();
  return UdpSocket(std::move(impl));
}

Result<UdpSocket> UdpSocket::adopt(Loop& loop, int descriptor) {
  FileDescriptor socket(descriptor);
  const std::string cannot = fmt::format("cannot use the inherited descriptor {} for UDP: ", descriptor);
  if (const std::string why = objection(socket); !why.empty()) return fail(ErrorKind::system, cannot + why);
  auto impl = std::make_unique<Impl>(loop);
  const int status = uv_udp_open(impl->handle.get(), socket.get());
  if (status != 0) return fail(ErrorKind::system, cannot + uv_strerror(status));
  static_cast<void>(socket.release());
  // systemd and uv_udp_open() set it, and any program that sets it too could take the port away from us.
  const int off = 0;
  HEARTH_CHECK(::setsockopt(impl->descriptor(), SOL_SOCKET, SO_REUSEADDR, &off, sizeof off) == 0);
  impl->note_bound_address();
  return UdpSocket(std::move(impl));
}

void UdpSocket::allow_broadcast() { HEARTH_CHECK(uv_udp_set_broadcast(impl_->handle.get(), 1) == 0); }

void UdpSocket::start(std::size_t bytes_max, std::function<void(const Datagram&)> received) {
  HEARTH_CHECK(bytes_max > 0 && bytes_max <= shared_read_buffer_bytes);
  impl_->bytes_max = bytes_max;
  impl_->received = std::move(received);
  HEARTH_CHECK(uv_udp_recv_start(impl_->handle.get(), Impl::lend_buffer, Impl::on_read) == 0);
}

Result<void> UdpSocket::send(BytesView bytes, const std::string& host, std::uint16_t port) {
  HEARTH_CHECK(impl_->handle.is_open());
  const auto address = destination(impl_->family, host, port);
  if (!address) return fail(ErrorKind::system, host + " is not an address in numbers");
  // libuv's buffers are not const, because it reads into them as well.
  const uv_buf_t buffer = {const_cast<char*>(bytes.data()), bytes.size()};
  const auto* target = reinterpret_cast<const sockaddr*>(&*address);
  const int status = uv_udp_try_send(impl_->handle.get(), &buffer, 1, target);
  if (status < 0) return fail(ErrorKind::system, uv_strerror(status));
  return {};
}

void UdpSocket::close() { impl_->handle.close(); }

const std::string& UdpSocket::bound_host() const { return impl_->host; }
std::uint16_t UdpSocket::bound_port() const { return impl_->port; }

}  // namespace hearth
