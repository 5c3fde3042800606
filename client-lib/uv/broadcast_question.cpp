#include "client-lib/uv/broadcast_question.h"

#include <algorithm>
#include <utility>

#include "client-lib/src/search_plan.h"
#include "protocol/loop/socket_address.h"
#include "protocol/wire/discovery.h"

namespace hearth::uv {

BroadcastQuestion::BroadcastQuestion(std::shared_ptr<Engine> engine, std::uint16_t port, SharedSettings settings,
                                     Told told)
    : engine_(std::move(engine)),
      port_(port),
      settings_(std::move(settings)),
      told_(std::move(told)),
      rounds_left_(settings_->broadcast_rounds),
      timer_(engine_->loop(), [this] { ask(); }) {
  if (auto bound = UdpSocket::bind(engine_->loop(), "0.0.0.0", 0)) {
    socket_ = std::make_shared<UdpSocket>(std::move(*bound));
    socket_->allow_broadcast();
    socket_->start(discovery_answer_bytes_max, [this](const Datagram& datagram) { on_datagram(datagram); });
  }
  for (const std::string& address : settings_->broadcast_addresses) find_host(broadcast_host(address));
  timer_.start_once(0);
}

/// The socket's own callback may be on the stack.
BroadcastQuestion::~BroadcastQuestion() {
  if (socket_ == nullptr) return;
  socket_->close();
  engine_->retire(std::move(socket_));
}

void BroadcastQuestion::find_host(const std::string& host) {
  if (!numeric_addresses(host, port_).empty()) return hosts_.push_back(host);
  const auto resolved = [this](Result<SocketAddresses> addresses) {
    if (!addresses) return;
    const auto v4 = std::find_if(addresses->begin(), addresses->end(),
                                 [](const sockaddr_storage& address) { return address.ss_family == AF_INET; });
    if (v4 == addresses->end()) return;
    hosts_.push_back(numeric_host(*v4));
    static_cast<void>(send_to(hosts_.back()));
  };
  resolutions_.push_back(
      std::make_unique<Resolution>(engine_->loop(), host, port_, AddressOrder::ipv4_first, resolved));
}

/// An address that cannot be sent to (no such network) does not spoil the others.
void BroadcastQuestion::ask() {
  if (rounds_left_ == 0) return finish(tl::unexpected<ClientError>(unanswered_broadcast(port_, was_sent_)));
  --rounds_left_;
  bool waits = !resolutions_.empty();
  for (const std::string& host : hosts_) waits = send_to(host) || waits;
  timer_.start_once(waits ? settings_->broadcast_wait_ms : 0);
}

bool BroadcastQuestion::send_to(const std::string& host) {
  if (socket_ == nullptr || !socket_->send(discovery_question, host, port_)) return false;
  was_sent_ = true;
  return true;
}

void BroadcastQuestion::on_datagram(const Datagram& datagram) {
  if (auto uri = answered_uri(uri_in_discovery_answer(datagram.bytes))) finish(std::move(*uri));
}

/// The last thing done.
void BroadcastQuestion::finish(ClientResult<Uri> result) {
  timer_.stop();
  if (socket_ != nullptr) socket_->close();
  const Told told = std::move(told_);
  told(std::move(result));
}

}  // namespace hearth::uv
