#include "tests/support/udp_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "protocol/base/check.h"

namespace hearth {
namespace {

constexpr int safety_s = 60;

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  HEARTH_CHECK(inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1);
  return address;
}

}  // namespace

UdpPeer::UdpPeer(const std::string& host) : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{safety_s, 0};
  HEARTH_CHECK(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  sockaddr_in address = address_of(host, 0);
  HEARTH_CHECK(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  socklen_t size = sizeof address;
  HEARTH_CHECK(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
}

UdpPeer::~UdpPeer() { ::close(descriptor_); }

void UdpPeer::send(std::string_view bytes, std::uint16_t port, const std::string& host) const {
  const sockaddr_in target = address_of(host, port);
  const ssize_t sent =
      ::sendto(descriptor_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&target), sizeof target);
  HEARTH_CHECK(sent == static_cast<ssize_t>(bytes.size()));
}

UdpPeer::Received UdpPeer::receive() const {
  auto received = receive_with(0);
  HEARTH_CHECK(received);
  return std::move(*received);
}

std::optional<UdpPeer::Received> UdpPeer::receive_if_there() const { return receive_with(MSG_DONTWAIT); }

std::optional<UdpPeer::Received> UdpPeer::receive_with(int flags) const {
  std::array<char, 65536> buffer{};
  sockaddr_in sender{};
  socklen_t size = sizeof sender;
  const ssize_t count =
      ::recvfrom(descriptor_, buffer.data(), buffer.size(), flags, reinterpret_cast<sockaddr*>(&sender), &size);
  if (count < 0) return std::nullopt;
  return Received{std::string(buffer.data(), static_cast<std::size_t>(count)), ntohs(sender.sin_port)};
}

}  // namespace hearth
