/// ProbeQueue: which location to probe next: so many at once in all, and so many at one host.
///
/// Layer: upkeep.        Thread rule: plain object.
/// Hosts take turns, so that one with a thousand dead ports does not hold up the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nameserver/upkeep/text_map.h"

namespace hearth {

class ProbeQueue {
 public:
  ProbeQueue(std::uint32_t at_once_max, std::uint32_t per_host_max)
      : at_once_max_(at_once_max), per_host_max_(per_host_max) {}

  /// Items are numbered from 0 in the order they are added.
  void add(std::string_view host);

  /// An item that may be probed now, and is running from now on.
  [[nodiscard]] std::optional<std::size_t> take();
  void finish(std::size_t item);

  /// Nothing waits or runs.
  [[nodiscard]] bool is_empty() const { return running_ == 0 && waiting_ == 0; }
  void clear();

 private:
  struct Host {
    std::deque<std::size_t> waiting;
    std::uint32_t running = 0;
    bool is_ready = false;  ///< is in ready_
  };

  void update(std::size_t host);

  const std::uint32_t at_once_max_;
  const std::uint32_t per_host_max_;
  TextMap<std::size_t> numbers_;
  std::vector<Host> hosts_;
  std::vector<std::size_t> host_of_item_;
  std::deque<std::size_t> ready_;  ///< hosts that have an item waiting and room for it
  std::size_t waiting_ = 0;
  std::uint32_t running_ = 0;
};

}  // namespace hearth
