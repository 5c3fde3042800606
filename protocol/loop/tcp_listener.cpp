#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "protocol/loop/port_owner.h"
#include "protocol/loop/socket_address.h"
#include "protocol/loop/socket_listener.h"
#include "protocol/loop/stream.h"

namespace hearth {
namespace {

constexpr std::uint16_t first_unprivileged_port = 1024;

struct AddressListDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

struct Opened {
  FileDescriptor socket;
  int error_number = 0;
};

sockaddr_storage storage_of(const addrinfo& entry) {
  sockaddr_storage address{};
  std::memcpy(&address, entry.ai_addr, entry.ai_addrlen);
  return address;
}

/// SO_REUSEADDR lets a restarted server in while connections of its predecessor are in TIME_WAIT; two that listen on one port
/// are refused all the same.
Opened open_listening(const addrinfo& entry) {
  FileDescriptor socket(::socket(entry.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!socket.is_open() || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), entry.ai_addr, entry.ai_addrlen) != 0) {
    return {{}, errno};
  }
  if (const int error_number = start_listening(socket); error_number != 0) return {{}, error_number};
  return {std::move(socket), 0};
}

/// Why this address cannot be had, and what to do about it.
std::string explain(const std::string& host, std::uint16_t port, const sockaddr_storage& wanted, int error_number) {
  switch (error_number) {
    case EADDRINUSE:
      return fmt::format("the port is in use by {}: stop it or choose another port with -p",
                         port_owner(wanted).value_or("another program"));
    case EACCES:
      if (port >= first_unprivileged_port) break;
      return fmt::format("no permission for ports below {}: choose another or give the capability CAP_NET_BIND_SERVICE",
                         first_unprivileged_port);
    case EADDRNOTAVAIL: return host + " is not an address of this machine";
    default: break;
  }
  return errno_text(error_number);
}

/// The machine lacks the address or its whole family, so the next one that the name stands for may be the one meant.
bool is_not_ours(int error_number) { return error_number == EADDRNOTAVAIL || error_number == EAFNOSUPPORT; }

std::unique_ptr<Listener> make_listener(Loop& loop, FileDescriptor socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  return std::make_unique<SocketListener>(loop, std::move(socket), numeric_host(bound), port_of(bound));
}

}  // namespace

Result<std::unique_ptr<Listener>> listen_tcp(Loop& loop, const std::string& host, std::uint16_t port) {
  loop.assert_on_loop_thread();
  const std::string cannot = fmt::format("cannot listen on {}: ", host_and_port(host, port));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* resolved = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &resolved); code != 0) {
    return fail(ErrorKind::system, cannot + fmt::format("unknown host '{}': {}", host, gai_strerror(code)));
  }
  const AddressList list(resolved);

  std::optional<std::string> reason;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
      if (entry->ai_family != family) continue;
      Opened opened = open_listening(*entry);
      if (opened.socket.is_open()) return make_listener(loop, std::move(opened.socket));
      if (!reason) reason = explain(host, port, storage_of(*entry), opened.error_number);
      if (!is_not_ours(opened.error_number)) {
        return fail(ErrorKind::system, cannot + explain(host, port, storage_of(*entry), opened.error_number));
      }
    }
  }
  return fail(ErrorKind::system,
              cannot + reason.value_or(fmt::format("unknown host '{}': it has no IP address", host)));
}

}  // namespace hearth
