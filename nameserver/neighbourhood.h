/// Neighbourhood: what hearthd is to the other machines of its network: it answers those who look for a name server,
/// and looks whether anybody else answers them.
///
/// Layer: nameserver (discovery, upkeep).        Thread rule: loop thread.
/// Nobody is answered, and nothing sent to any network, with -x, without a TCP socket of IPv4, or on loopback alone.
/// With --broadcast-on-loopback the last answers on 127.0.0.1, where the default of PYRO_BROADCAST_ADDRS ("0.0.0.0")
/// arrives; no rival can be there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "nameserver/locations.h"
#include "nameserver/options/options.h"
#include "nameserver/registry/server_status.h"
#include "protocol/loop/loop.h"

namespace hearth {

class Neighbourhood {
 public:
  /// Binds the socket of the responder, or takes over `inherited_socket`, a descriptor of a bound UDP socket; with
  /// --refuse-rivals searches for them, which takes rival_search_window_ms. Errors are one sentence for the operator.
  [[nodiscard]] static Result<Neighbourhood> join(Loop& loop, const Options& options, const Locations& locations,
                                                  std::optional<int> inherited_socket = std::nullopt);

  Neighbourhood(Neighbourhood&& other) noexcept;
  Neighbourhood& operator=(Neighbourhood&& other) noexcept;
  ~Neighbourhood();

  /// Answers and searches from now on.
  void start();
  void stop();

  /// Where questions are answered, "0.0.0.0:9091", with the host as it was given; nullopt: nowhere.
  [[nodiscard]] const std::optional<std::string>& broadcast_location() const;
  [[nodiscard]] std::vector<RivalStatus> rivals() const;

 private:
  struct Impl;
  explicit Neighbourhood(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
