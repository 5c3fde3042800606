#include "tests/support/scripted_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {

RawListener::RawListener(int backlog) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  HEARTH_CHECK(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  HEARTH_CHECK(::listen(descriptor_, backlog) == 0);
  HEARTH_CHECK(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
}

RawListener::RawListener(const std::string& path, int backlog)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  HEARTH_CHECK(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  HEARTH_CHECK(::listen(descriptor_, backlog) == 0);
}

RawListener::~RawListener() { ::close(descriptor_); }

std::optional<SocketPeer> RawListener::accept() {
  const int connected = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connected < 0) return std::nullopt;
  return SocketPeer::owning(connected);
}

void RawListener::stop() { ::shutdown(descriptor_, SHUT_RDWR); }

ScriptedServer::ScriptedServer(Script script) : thread_([this, script = std::move(script)] { run(script); }) {}

ScriptedServer::ScriptedServer(const std::string& path, Script script)
    : listener_(path), thread_([this, script = std::move(script)] { run(script); }) {}

ScriptedServer::~ScriptedServer() {
  listener_.stop();
  thread_.join();
}

void ScriptedServer::run(const Script& script) {
  while (auto peer = listener_.accept()) script(*peer, connections_++);
}

}  // namespace hearth
