/// UdpResponder: a UDP socket on 127.0.0.1 that answers GET_NSURI as the test wants it.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "protocol/base/check.h"

namespace hearth::test {

class UdpResponder {
 public:
  /// For each question that comes, in their order: the datagrams that answer it.
  explicit UdpResponder(std::vector<std::vector<std::string>> answers)
      : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    HEARTH_CHECK(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    HEARTH_CHECK(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, all = std::move(answers)] {
      for (const auto& datagrams : all) answer(datagrams);
    });
  }
  ~UdpResponder() {
    thread_.join();
    ::close(descriptor_);
  }
  UdpResponder(const UdpResponder&) = delete;
  UdpResponder& operator=(const UdpResponder&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static constexpr int safety_ms = 60000;

  void answer(const std::vector<std::string>& datagrams) const {
    pollfd entry{descriptor_, POLLIN, 0};
    if (::poll(&entry, 1, safety_ms) <= 0) return;
    char question[100];
    sockaddr_in asker{};
    socklen_t size = sizeof asker;
    const ssize_t received =
        ::recvfrom(descriptor_, question, sizeof question, 0, reinterpret_cast<sockaddr*>(&asker), &size);
    if (received < 0 || std::string(question, static_cast<std::size_t>(received)) != "GET_NSURI") return;
    for (const std::string& text : datagrams) {
      static_cast<void>(
          ::sendto(descriptor_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&asker), size));
    }
  }

  int descriptor_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace hearth::test
