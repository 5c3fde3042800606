#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "protocol/loop/listener.h"
#include "tests/support/accepting.h"
#include "tests/support/socket_peer.h"
#include "tests/support/temp_dir.h"

namespace hearth {

namespace {

std::string error_of(Loop& loop, const std::string& path) {
  const auto listening = listen_unix(loop, path);
  if (listening) return "no error";
  CHECK(listening.error().kind == ErrorKind::system);
  CHECK(listening.error().text.find("cannot listen on the Unix socket '" + path + "': ") == 0);
  return listening.error().text.substr(listening.error().text.find("': ") + 3);
}

/// Leaves a socket file that nobody listens on any more, as a killed server does.
void leave_stale_socket(Loop& loop, const std::string& path) {
  const std::string elsewhere = path + ".moved";
  const auto dead = listen_unix(loop, path);
  REQUIRE(dead);
  std::filesystem::rename(path, elsewhere);  // so that close() does not find it
  (*dead)->close();
  std::filesystem::rename(elsewhere, path);
}

}  // namespace

TEST_CASE("listen_unix: makes the file, tells its path, and takes the file away at the end") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  const auto listening = listen_unix(loop, path);
  REQUIRE(listening);
  CHECK((*listening)->bound_host() == path);
  CHECK((*listening)->bound_port() == 0);
  CHECK(std::filesystem::is_socket(path));
  (*listening)->close();
  CHECK_FALSE(std::filesystem::exists(path));
}

namespace {

/// The permission bits of a socket that is made under that umask.
unsigned mode_of_new_socket(mode_t mask, std::optional<std::uint32_t> mode) {
  TempDir dir;
  Loop loop;
  const mode_t before = umask(mask);
  const auto listening = listen_unix(loop, dir / "socket", mode);
  umask(before);
  REQUIRE(listening);
  return static_cast<unsigned>(std::filesystem::status(dir / "socket").permissions());
}

}  // namespace

TEST_CASE("listen_unix: the file is accessible as the mode says, else as the umask says") {
  CHECK(mode_of_new_socket(0117, std::nullopt) == 0660);
  CHECK(mode_of_new_socket(0, 0600) == 0600);
  CHECK(mode_of_new_socket(0077, 0666) == 0666);
  CHECK(mode_of_new_socket(0022, 0) == 0);
}

TEST_CASE("listen_unix: at no moment is the file open to more than its mode") {
  TempDir dir;
  const std::string path = dir / "socket";
  std::atomic<bool> done = false;
  unsigned widest = 0;
  std::thread watcher([&] {
    struct stat seen {};
    while (!done) {
      if (::lstat(path.c_str(), &seen) == 0) widest |= seen.st_mode & 0777U;
    }
  });
  const mode_t before = umask(0);
  Loop loop;
  for (int i = 0; i < 500; ++i) CHECK(listen_unix(loop, path, 0600));
  umask(before);
  done = true;
  watcher.join();
  CHECK((widest & ~0600U) == 0);
}

TEST_CASE("listen_unix: a mode that is more than permission bits is refused") {
  TempDir dir;
  Loop loop;
  const auto listening = listen_unix(loop, dir / "socket", 01777);
  REQUIRE_FALSE(listening);
  CHECK(listening.error().text.find("': its mode is to be 1777, the maximum is 0777") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(dir / "socket"));
}

TEST_CASE("listen_unix: the mode is kept when a dead server's file is replaced") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  leave_stale_socket(loop, path);
  const auto listening = listen_unix(loop, path, 0620);
  REQUIRE(listening);
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0620));
}

TEST_CASE("listen_unix: replaces the file of a dead server") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  leave_stale_socket(loop, path);
  REQUIRE(std::filesystem::is_socket(path));
  REQUIRE_FALSE(SocketPeer::unix_socket().connect(path));
  const Accepting accepting(loop, path);
  CHECK(SocketPeer::unix_socket().connect(path));
}

TEST_CASE("listen_unix: leaves a live server alone and names it") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  const auto first = listen_unix(loop, path);
  REQUIRE(first);
  const std::string text = error_of(loop, path);
  CHECK(text.find("the socket is in use by ") == 0);
  CHECK(text.find(" (pid " + std::to_string(getpid()) + "): stop it or choose another path") != std::string::npos);
  CHECK(SocketPeer::unix_socket().connect(path));
}

TEST_CASE("listen_unix: does not remove what took the place of its file") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  const auto first = listen_unix(loop, path);
  REQUIRE(first);
  std::filesystem::remove(path);
  const Accepting second(loop, path);
  (*first)->close();
  CHECK(SocketPeer::unix_socket().connect(path));
}

TEST_CASE("listen_unix: paths that cannot be") {
  TempDir dir;
  Loop loop;
  const std::string file = dir / "file";
  std::filesystem::create_symlink("nowhere", file);
  CHECK(error_of(loop, file) == "a file that is not a socket is in the way: remove it or choose another path");
  CHECK(std::filesystem::is_symlink(file));
  CHECK(error_of(loop, dir / "missing/socket") == "its directory does not exist");
  CHECK(error_of(loop, "") == "the path is empty");

  const std::string longest = std::string(dir / "") + std::string(107 - std::string(dir / "").size(), 'x');
  CHECK(error_of(loop, longest) == "no error");
  CHECK(error_of(loop, longest + "x") == "the path has 108 bytes, the maximum is 107");
}

}  // namespace hearth
