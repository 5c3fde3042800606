#include "tests/support/socket_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "protocol/loop/timer.h"

namespace hearth {
namespace {

constexpr timeval patience{20, 0};

}  // namespace

SocketPeer SocketPeer::tcp() { return SocketPeer(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }
SocketPeer SocketPeer::unix_socket() { return SocketPeer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

SocketPeer SocketPeer::connected_to(std::uint16_t port) {
  SocketPeer peer = tcp();
  if (!peer.connect(port)) peer.close();
  return peer;
}

SocketPeer SocketPeer::connected_to(const std::string& path) {
  SocketPeer peer = unix_socket();
  if (!peer.connect(path)) peer.close();
  return peer;
}

SocketPeer::SocketPeer(int descriptor) : descriptor_(descriptor) {
  std::signal(SIGPIPE, SIG_IGN);  // as the programs do: a write to a peer that has gone is an error, not the end
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

SocketPeer::SocketPeer(SocketPeer&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

SocketPeer::~SocketPeer() { close(); }

bool SocketPeer::connect(std::uint16_t port, const std::string& host) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool SocketPeer::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool SocketPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

long SocketPeer::read_some(char* into, std::size_t bytes) { return ::recv(descriptor_, into, bytes, 0); }

std::string SocketPeer::receive(std::size_t bytes) {
  std::string received(bytes, '\0');
  std::size_t count = 0;
  while (count < bytes) {
    const long got = read_some(received.data() + count, bytes - count);
    if (got <= 0) break;
    count += static_cast<std::size_t>(got);
  }
  received.resize(count);
  return received;
}

std::string SocketPeer::receive_some() {
  std::string chunk(65536, '\0');
  const long got = read_some(chunk.data(), chunk.size());
  chunk.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return chunk;
}

std::string SocketPeer::receive_until_end() {
  std::string received;
  for (std::string chunk = receive_some(); !chunk.empty(); chunk = receive_some()) received += chunk;
  return received;
}

bool SocketPeer::sees_end() {
  char byte = 0;
  return read_some(&byte, 1) == 0;
}

void SocketPeer::finish_writing() { ::shutdown(descriptor_, SHUT_WR); }

void SocketPeer::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void SocketPeer::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

std::string SocketPeer::local_address() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

void run_beside(Loop& loop, const std::function<void()>& script) {
  bool done = false;
  Waker waker(loop, [&] {
    done = true;
    loop.stop();
  });
  waker.keep_loop_alive(true);
  std::thread thread([&] {
    script();
    waker.wake();
  });
  while (!done) loop.run();
  thread.join();
}

void run_until(Loop& loop, const std::function<bool()>& done) {
  Timer looks_again(loop, [&] { loop.stop(); });
  looks_again.start_every(1);
  while (!done()) loop.run();
}

void run_some_turns(Loop& loop) {
  int turns = 0;
  run_until(loop, [&] { return ++turns > 3; });
}

std::string pattern_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((i * 31 + i / 251) & 0xFF);
  return bytes;
}

}  // namespace hearth
