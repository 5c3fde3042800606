#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "protocol/loop/stream.h"
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

TEST_CASE("listen_unix: the file is accessible as the umask says") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  const mode_t before = umask(0117);
  const auto listening = listen_unix(loop, path);
  umask(before);
  REQUIRE(listening);
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0660));
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
