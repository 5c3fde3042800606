/// BroadcastQuestion: asks the network for a name server; the first answer that is one is taken (PYRO.md section 5).
///
/// Layer: client-lib/uv, private (wire, loop).        Thread rule: the thread of the loop.
/// Ownership: destroyed, it tells nothing any more; its callback may do so.
/// Errors: timeout (nobody answered), unreachable (the question could not be sent).
#pragma once

#include <hearth/client_error.h>
#include <hearth/uri.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client-lib/uv/engine.h"
#include "protocol/loop/resolver.h"
#include "protocol/loop/timer.h"
#include "protocol/loop/udp_socket.h"

namespace hearth::uv {

class BroadcastQuestion {
 public:
  using Told = std::function<void(ClientResult<Uri>)>;

  /// Asks at the addresses of the settings, again and again, as they say.
  BroadcastQuestion(std::shared_ptr<Engine> engine, std::uint16_t port, SharedSettings settings, Told told);
  ~BroadcastQuestion();
  BroadcastQuestion(const BroadcastQuestion&) = delete;
  BroadcastQuestion& operator=(const BroadcastQuestion&) = delete;

 private:
  void find_host(const std::string& host);
  void ask();
  [[nodiscard]] bool send_to(const std::string& host);
  void on_datagram(const Datagram& datagram);
  void finish(ClientResult<Uri> result);

  const std::shared_ptr<Engine> engine_;
  const std::uint16_t port_;
  const SharedSettings settings_;
  Told told_;
  std::shared_ptr<UdpSocket> socket_;  ///< nullptr: this machine has none for us
  std::vector<std::string> hosts_;     ///< in numbers
  std::vector<std::unique_ptr<Resolution>> resolutions_;
  std::uint32_t rounds_left_;
  bool was_sent_ = false;
  Timer timer_;
};

}  // namespace hearth::uv
