#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "protocol/loop/listener.h"
#include "protocol/loop/socket_listener.h"

namespace hearth {
namespace {

/// nullopt: it has no such option, or is no socket; errno says which.
std::optional<int> socket_option(const FileDescriptor& socket, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(socket.get(), SOL_SOCKET, option, &value, &size) != 0) return std::nullopt;
  return value;
}

/// Empty: it has none, being unnamed or abstract.
std::string path_of(const sockaddr_storage& address) {
  return reinterpret_cast<const char*>(&address) + offsetof(sockaddr_un, sun_path);
}

/// What keeps it from being one of our listeners, and what to do about it.
std::optional<std::string> unfitness(const FileDescriptor& socket) {
  const auto type = socket_option(socket, SO_TYPE);
  if (!type) return errno == ENOTSOCK ? "it is not a socket" : errno_text(errno);
  if (*type != SOCK_STREAM) return "it is not a stream socket: use ListenStream=";
  if (socket_option(socket, SO_ACCEPTCONN) != 1) return "it does not listen: use Accept=no";
  switch (socket_option(socket, SO_DOMAIN).value_or(AF_UNSPEC)) {
    case AF_INET:
    case AF_INET6: return std::nullopt;
    case AF_UNIX: break;
    default: return "it is neither a TCP nor a Unix socket";
  }
  if (path_of(bound_address(socket)).empty()) return "it is a Unix socket without a path, which no Pyro URI can name";
  return std::nullopt;
}

bool set_flags(const FileDescriptor& socket) {
  const int flags = ::fcntl(socket.get(), F_GETFL);
  return flags >= 0 && ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) == 0 &&
         ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC) == 0;
}

}  // namespace

Result<std::unique_ptr<Listener>> adopt_listener(Loop& loop, int descriptor) {
  loop.assert_on_loop_thread();
  const std::string cannot = fmt::format("cannot listen on the inherited descriptor {}: ", descriptor);
  if (::fcntl(descriptor, F_GETFD) < 0) return fail(ErrorKind::system, cannot + "it is not open");
  FileDescriptor socket(descriptor);
  if (const auto reason = unfitness(socket)) return fail(ErrorKind::system, cannot + *reason);
  if (!set_flags(socket)) return fail(ErrorKind::system, cannot + errno_text(errno));
  const sockaddr_storage bound = bound_address(socket);
  if (bound.ss_family != AF_UNIX) return tcp_listener(loop, std::move(socket));
  return std::make_unique<SocketListener>(loop, std::move(socket), BoundPlace{path_of(bound)});
}

}  // namespace hearth
