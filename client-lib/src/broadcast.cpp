#include "client-lib/src/broadcast.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "client-lib/src/deadline.h"
#include "client-lib/src/socket.h"
#include "protocol/wire/discovery.h"

namespace hearth {
namespace {

/// Python's name for INADDR_BROADCAST.
constexpr std::string_view any_broadcast = "<broadcast>";

std::vector<AddressList> resolve_addresses(std::uint16_t port, const std::vector<std::string>& hosts) {
  std::vector<AddressList> addresses;
  for (const std::string& host : hosts) {
    auto list = resolve_host(host == any_broadcast ? "255.255.255.255" : host, port, AF_INET, SOCK_DGRAM);
    if (list) addresses.push_back(std::move(*list));
  }
  return addresses;
}

/// Whether it went out to any of the addresses.
bool send_question(const Socket& socket, const std::vector<AddressList>& addresses) {
  bool sent = false;
  for (const AddressList& address : addresses) {
    const ssize_t bytes = ::sendto(socket.descriptor(), discovery_question.data(), discovery_question.size(), 0,
                                   address->ai_addr, address->ai_addrlen);
    if (bytes >= 0) sent = true;
  }
  return sent;
}

std::optional<Uri> read_answer(BytesView answer) {
  auto uri = parse_uri(uri_in_discovery_answer(answer));
  if (!uri || uri->protocol != "PYRO") return std::nullopt;
  return std::move(*uri);
}

std::optional<Uri> wait_for_answer(const Socket& socket, const Deadline& deadline) {
  std::array<char, discovery_answer_bytes_max> buffer{};
  while (socket.wait_for(POLLIN, deadline)) {
    const ssize_t received = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
    if (received < 0) continue;
    if (auto uri = read_answer(BytesView(buffer.data(), static_cast<std::size_t>(received)))) return uri;
  }
  return std::nullopt;
}

}  // namespace

ClientResult<Uri> ask_by_broadcast(std::uint16_t port, const ClientSettings& settings) {
  const std::string what = "the broadcast on UDP port " + std::to_string(port);
  auto socket = open_socket(AF_INET, SOCK_DGRAM);
  if (!socket) return fail(ClientErrorKind::unreachable, what + " could not be sent: " + socket.error().text);
  const int on = 1;
  static_cast<void>(::setsockopt(socket->descriptor(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on));
  const auto addresses = resolve_addresses(port, settings.broadcast_addresses);
  const std::uint32_t wait_ms = std::max(1U, settings.broadcast_wait_ms);  // 0 would mean for ever
  bool sent = false;
  for (std::uint32_t round = 0; round < settings.broadcast_rounds; ++round) {
    // An address that cannot be sent to (no such network) does not spoil the others.
    if (!send_question(*socket, addresses)) continue;
    sent = true;
    if (auto uri = wait_for_answer(*socket, Deadline::after_ms(wait_ms))) return std::move(*uri);
  }
  if (!sent) return fail(ClientErrorKind::unreachable, what + " could not be sent");
  return fail(ClientErrorKind::timeout, "no answer to " + what);
}

}  // namespace hearth
