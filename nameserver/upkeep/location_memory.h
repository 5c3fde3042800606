/// LocationMemory: what is worth knowing about a location from one round to the next, and what a probe means in its light.
///
/// Layer: upkeep.        Thread rule: plain object; the caller says what time it is.
/// A server that takes connections and says nothing may be in a long call (Pyro's multiplex servers do one thing at a time),
/// or another program may have its port by now. On this machine the socket that listens tells: as long as it is the one that
/// answered, or that was there when we first looked, it is the same server. Elsewhere only time tells (Suspects).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nameserver/upkeep/location_prober.h"
#include "nameserver/upkeep/suspects.h"
#include "nameserver/upkeep/text_map.h"
#include "protocol/base/limits.h"
#include "protocol/loop/listening_sockets.h"

namespace hearth {

/// Who listened on this machine when a round's probes began, and when they had ended. Only what did not change in between is
/// known to be what a probe has met.
struct Witness {
  ListeningSockets before;
  ListeningSockets after;
};

class LocationMemory {
 public:
  /// Limits::autoclean_silent_probe_ms counts.
  explicit LocationMemory(const Limits& limits) : silent_probe_ms_(limits.autoclean_silent_probe_ms) {}

  [[nodiscard]] Dialect dialect(const Location& location) const;

  /// It has been silent and is not to be asked so soon again: each connection that a busy server does not take stays in its
  /// queue, until there is no room for its clients. Not if another socket listens there now.
  [[nodiscard]] bool is_resting(const Location& location, const ListeningSockets& sockets, std::uint64_t now_ms) const;
  /// What probing it would give.
  [[nodiscard]] static ProbeResult resting_result();

  /// What the result says about the location, and remembers it. Where that differs from the result, its reason is replaced.
  [[nodiscard]] Finding weigh(const Location& location, ProbeResult& result, const Witness& witness,
                              std::uint64_t now_ms);

  /// Somebody has registered an object there: whatever listens there now counts.
  void forget(std::string_view location) { by_location_.erase(location); }
  void clear() { by_location_.clear(); }
  [[nodiscard]] bool is_empty() const { return by_location_.empty(); }

  /// An operator knows that it is dead, until it answers.
  void confirm_dead(const std::string& location) { by_location_[location].is_confirmed_dead = true; }
  [[nodiscard]] bool is_confirmed_dead(const Location& location) const;

  /// Ends a round: locations that it has not weighed since the last call are not registered any more.
  void end_round();

 private:
  struct Remembered {
    Dialect dialect = Dialect::pyro5;
    bool is_confirmed_dead = false;
    bool was_silent = false;
    std::uint64_t ask_again_ms = 0;  ///< if it was silent
    std::string place;               ///< empty: not known
    SocketInodes sockets;            ///< that listened there; empty: not known
    std::uint64_t round = 0;
  };

  [[nodiscard]] const Remembered* find(const Location& location) const;
  [[nodiscard]] static Finding weigh_silence(Remembered& remembered, ProbeResult& result, const Witness& witness);

  const std::uint64_t silent_probe_ms_;
  TextMap<Remembered> by_location_;
  std::uint64_t round_ = 0;
};

}  // namespace hearth
