/// RivalSearch: asks the network for name servers, as clients do, and tells the operator of every one that is not us:
/// clients take whichever answers first, so with two of them each finds half of the names.
///
/// Layer: upkeep (registry, discovery, loop).        Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "nameserver/discovery/announcement.h"
#include "nameserver/registry/server_status.h"
#include "nameserver/upkeep/rival_list.h"
#include "protocol/base/limits.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/timer.h"
#include "protocol/loop/udp_socket.h"

namespace hearth {

class RivalSearch {
 public:
  /// Where the question goes: `hosts` as in PYRO_BROADCAST_ADDRS. "<broadcast>" is 255.255.255.255, which leaves by the
  /// default route only, and also the broadcast address of every network that this machine is in: clients of ours may
  /// be in each.
  struct Target {
    std::vector<std::string> hosts;
    std::uint16_t port = 0;
  };

  /// `announcement` and `limits` must outlive it. Resolves the hosts that are names, which may block; those that cannot
  /// be resolved are warned about and left out.
  RivalSearch(Loop& loop, const Target& target, const Announcement& announcement, const Limits& limits);
  RivalSearch(const RivalSearch&) = delete;
  RivalSearch& operator=(const RivalSearch&) = delete;

  /// Searches now and then every rival_search_period_ms. Who appears and who goes is logged once.
  void start();
  /// One search. Calls `ended` when it is over; without that, the news is logged instead. Not while another search
  /// runs.
  void search(std::function<void()> ended = {});
  void stop();

  [[nodiscard]] std::vector<RivalStatus> known() const { return list_.known(); }

 private:
  void ask();
  void on_answer(const Datagram& datagram);
  void on_window_over();
  void log_news(const RivalList::News& news) const;

  Loop& loop_;
  std::vector<std::string> addresses_;  ///< in numbers
  bool asks_every_network_ = false;
  std::uint16_t port_;
  const Announcement& announcement_;
  const Limits& limits_;
  RivalList list_;
  std::vector<std::string> own_addresses_;  ///< as of the start of the running search
  std::optional<UdpSocket>
      socket_;  ///< of the running search: what is late for it is not taken for an answer to the next
  std::function<void()> ended_;
  Timer window_;
  Timer period_;
};

}  // namespace hearth
