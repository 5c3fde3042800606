#include "nameserver/upkeep/location_memory.h"

#include <utility>

namespace hearth {
namespace {

constexpr const char* another_program = "another program has taken its port and says nothing";

}  // namespace

const LocationMemory::Remembered* LocationMemory::find(const Location& location) const {
  const auto found = by_location_.find(location.text);
  return found == by_location_.end() ? nullptr : &found->second;
}

Dialect LocationMemory::dialect(const Location& location) const {
  const Remembered* remembered = find(location);
  return remembered == nullptr ? Dialect::pyro5 : remembered->dialect;
}

bool LocationMemory::is_resting(const Location& location, const ListeningSockets& sockets, std::uint64_t now_ms) const {
  const Remembered* remembered = find(location);
  if (remembered == nullptr || !remembered->was_silent || now_ms >= remembered->ask_again_ms) return false;
  return remembered->sockets.empty() || have_common_socket(remembered->sockets, sockets.at(remembered->place));
}

ProbeResult LocationMemory::resting_result() { return {.reach = Reach::silent, .reason = "it says nothing"}; }

bool LocationMemory::is_confirmed_dead(const Location& location) const {
  const Remembered* remembered = find(location);
  return remembered != nullptr && remembered->is_confirmed_dead;
}

Finding LocationMemory::weigh(const Location& location, ProbeResult& result, const Witness& witness,
                              std::uint64_t now_ms) {
  Remembered& remembered = by_location_[location.text];
  remembered.round = round_;
  if (!result.place.empty()) remembered.place = std::move(result.place);
  if (remembered.place.empty()) remembered.place = location.likely_place();
  if (result.dialect) remembered.dialect = *result.dialect;
  if (result.reach != Reach::no_answer && result.reach != Reach::silent) remembered.was_silent = false;
  switch (result.reach) {
    case Reach::answers: {
      remembered.is_confirmed_dead = false;
      SocketInodes sockets = witness.after.at(remembered.place);
      const bool is_certain = have_common_socket(sockets, witness.before.at(remembered.place));
      remembered.sockets = is_certain ? std::move(sockets) : SocketInodes();
      return Finding::alive;
    }
    case Reach::gone: return Finding::missing;
    case Reach::silent:
      if (!remembered.was_silent || now_ms >= remembered.ask_again_ms) {
        remembered.ask_again_ms = now_ms + silent_probe_ms_;
      }
      remembered.was_silent = true;
      return weigh_silence(remembered, result, witness);
    case Reach::no_answer: break;
  }
  // The place is alive after all if the socket still listens: its queue is full. One that was silent before may be as full
  // elsewhere.
  const Finding finding = weigh_silence(remembered, result, witness);
  return finding == Finding::silent && !remembered.was_silent ? Finding::missing : finding;
}

Finding LocationMemory::weigh_silence(Remembered& remembered, ProbeResult& result, const Witness& witness) {
  const SocketInodes sockets = witness.after.at(remembered.place);
  if (remembered.sockets.empty() && have_common_socket(sockets, witness.before.at(remembered.place))) {
    remembered.sockets = sockets;  // the first sight of it
  }
  if (remembered.sockets.empty() || sockets.empty()) return Finding::silent;  // not on this machine, or no more
  if (have_common_socket(remembered.sockets, sockets)) return Finding::alive;
  result.reason = another_program;
  return Finding::missing;
}

void LocationMemory::end_round() {
  absl::erase_if(by_location_, [this](const auto& entry) { return entry.second.round != round_; });
  ++round_;
}

}  // namespace hearth
