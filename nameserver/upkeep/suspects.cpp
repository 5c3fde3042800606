#include "nameserver/upkeep/suspects.h"

#include <algorithm>

namespace hearth {

std::optional<std::uint64_t> Suspects::judge(std::string_view name, std::string_view uri, Finding finding,
                                             std::uint64_t now_ms) {
  const Suspect* suspect = note(name, uri, finding, now_ms);
  if (suspect == nullptr) return std::nullopt;
  if (suspect->missing_since_ms && now_ms - *suspect->missing_since_ms >= grace_ms_) {
    return now_ms - suspect->since_ms;
  }
  // One that is silent and missing by turns is bound by this too.
  const std::uint64_t for_ms = now_ms - suspect->since_ms;
  if (silence_ms_ != 0 && for_ms >= std::max(silence_ms_, grace_ms_)) return for_ms;
  return std::nullopt;
}

void Suspects::hold(std::string_view name, std::string_view uri, Finding finding, std::uint64_t now_ms) {
  Suspect* suspect = note(name, uri, finding, now_ms);
  if (suspect == nullptr || finding != Finding::missing) return;
  suspect->since_ms = now_ms;
  suspect->missing_since_ms = now_ms;
}

void Suspects::forget(std::string_view name) { by_name_.erase(name); }

void Suspects::end_round() {
  absl::erase_if(by_name_, [this](const auto& entry) { return entry.second.round != round_; });
  ++round_;
}

Suspects::Suspect* Suspects::note(std::string_view name, std::string_view uri, Finding finding, std::uint64_t now_ms) {
  if (finding == Finding::alive) {
    forget(name);
    return nullptr;
  }
  auto found = by_name_.find(name);
  if (found == by_name_.end() || found->second.uri != uri) {
    found = by_name_.insert_or_assign(std::string(name), Suspect{std::string(uri), now_ms, std::nullopt, round_}).first;
  }
  Suspect& suspect = found->second;
  suspect.round = round_;
  if (finding == Finding::silent) {
    suspect.missing_since_ms.reset();
  } else if (!suspect.missing_since_ms) {
    suspect.missing_since_ms = now_ms;
  }
  return &suspect;
}

}  // namespace hearth
