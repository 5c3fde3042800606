#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "protocol/loop/listener.h"
#include "protocol/loop/port_owner.h"
#include "protocol/loop/socket_listener.h"

namespace hearth {
namespace {

constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;
static_assert(path_bytes_max == 107);
constexpr std::uint32_t mode_max = 0777;

/// Which file a path means at a moment. Inode numbers come back soon after a file is gone; with the time they do not.
struct FileIdentity {
  dev_t device;
  ino_t inode;
  std::int64_t modified_s;
  std::int64_t modified_ns;
  bool is_socket;

  bool operator==(const FileIdentity&) const = default;
};

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return FileIdentity{found.st_dev, found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec, S_ISSOCK(found.st_mode)};
}

void unlink_if_still(const std::string& path, const FileIdentity& ours) {
  if (identity_of(path) == ours) ::unlink(path.c_str());
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

FileDescriptor unix_socket() {
  return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int bind_to(const FileDescriptor& socket, const std::string& path) {
  const sockaddr_un address = address_of(path);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

/// bind() gives the file the mode that fchmod() gave the socket, less the umask; this adds what the umask took. The mode is
/// exact before the first client can connect, and at no time wider. A link that was put in place of the file is not followed.
int set_mode(const std::string& path, mode_t mode) {
  return ::fchmodat(AT_FDCWD, path.c_str(), mode, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

/// Who serves at the other end, for the error text.
std::string server_behind(const FileDescriptor& connected) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  const bool known = ::getsockopt(connected.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0;
  return known && credentials.pid > 0 ? process_text(credentials.pid) : "another program";
}

/// There is something at the path. nullopt if it was the socket of a dead server and is gone now; else why we cannot have it.
std::optional<std::string> obstacle(const std::string& path) {
  const auto found = identity_of(path);
  if (!found) return std::nullopt;
  if (!found->is_socket) return "a file that is not a socket is in the way: remove it or choose another path";
  const FileDescriptor probe = unix_socket();
  const sockaddr_un address = address_of(path);
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return fmt::format("the socket is in use by {}: stop it or choose another path", server_behind(probe));
  }
  switch (errno) {
    case ENOENT: return std::nullopt;
    case ECONNREFUSED: unlink_if_still(path, *found); return std::nullopt;
    case EAGAIN: return "the socket is in use by a busy server: stop it or choose another path";
    default: return fmt::format("a socket is in the way that cannot be tested: {}", errno_text(errno));
  }
}

std::string explain(int error_number) {
  switch (error_number) {
    case ENOENT: return "its directory does not exist";
    case EACCES: return "no permission to create a socket there";
    default: return errno_text(error_number);
  }
}

}  // namespace

Result<std::unique_ptr<Listener>> listen_unix(Loop& loop, const std::string& path, std::optional<std::uint32_t> mode) {
  loop.assert_on_loop_thread();
  const std::string cannot = fmt::format("cannot listen on the Unix socket '{}': ", path);
  if (path.empty()) return fail(ErrorKind::system, cannot + "the path is empty");
  if (path.size() > path_bytes_max) {
    return fail(ErrorKind::system,
                cannot + fmt::format("the path has {} bytes, the maximum is {}", path.size(), path_bytes_max));
  }
  if (mode && *mode > mode_max) {
    return fail(ErrorKind::system,
                cannot + fmt::format("its mode is to be {:04o}, the maximum is {:04o}", *mode, mode_max));
  }
  FileDescriptor socket = unix_socket();
  if (!socket.is_open() || (mode && ::fchmod(socket.get(), *mode) != 0)) {
    return fail(ErrorKind::system, cannot + errno_text(errno));
  }
  int error_number = bind_to(socket, path);
  if (error_number == EADDRINUSE) {
    if (auto reason = obstacle(path)) return fail(ErrorKind::system, cannot + *reason);
    error_number = bind_to(socket, path);
  }
  if (error_number != 0) return fail(ErrorKind::system, cannot + explain(error_number));

  const auto ours = identity_of(path);
  const auto remove_file = [path, ours] {
    if (ours) unlink_if_still(path, *ours);
  };
  error_number = mode ? set_mode(path, *mode) : 0;
  if (error_number == 0) error_number = start_listening(socket);
  if (error_number != 0) {
    remove_file();
    return fail(ErrorKind::system, cannot + explain(error_number));
  }
  return std::make_unique<SocketListener>(loop, std::move(socket), BoundPlace{path}, remove_file);
}

}  // namespace hearth
