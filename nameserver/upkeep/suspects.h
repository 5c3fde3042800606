/// Suspects: the names whose objects could not be found, and since when: a name is removed only if that lasts.
///
/// Layer: upkeep.        Thread rule: plain object; the caller says what time it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nameserver/upkeep/text_map.h"
#include "protocol/base/limits.h"

namespace hearth {

/// What a round found out about a name.
enum class Finding : unsigned char {
  alive,
  missing,  ///< nobody is there, or not this object
  silent,   ///< something is there, and says nothing
};

class Suspects {
 public:
  /// Limits::autoclean_grace_ms and autoclean_silence_ms count.
  explicit Suspects(const Limits& limits)
      : grace_ms_(limits.autoclean_grace_ms), silence_ms_(limits.autoclean_silence_ms) {}

  /// Notes the finding. If the name has been suspect for so long that it must go: for how many milliseconds. It stays
  /// suspect until forget().
  [[nodiscard]] std::optional<std::uint64_t> judge(std::string_view name, std::string_view uri, Finding finding,
                                                   std::uint64_t now_ms);
  /// The same while nothing may be removed: a name that is missing is from now on.
  void hold(std::string_view name, std::string_view uri, Finding finding, std::uint64_t now_ms);

  void forget(std::string_view name);
  void clear() { by_name_.clear(); }

  /// Ends a round: names that it has not judged since the last call are no suspects any more (they are gone).
  void end_round();

  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

 private:
  struct Suspect {
    std::string uri;
    std::uint64_t since_ms = 0;                     ///< without a sign of life
    std::optional<std::uint64_t> missing_since_ms;  ///< and not just silent
    std::uint64_t round = 0;
  };

  Suspect* note(std::string_view name, std::string_view uri, Finding finding, std::uint64_t now_ms);

  const std::uint64_t grace_ms_;
  const std::uint64_t silence_ms_;  ///< 0: silence is no reason
  TextMap<Suspect> by_name_;
  std::uint64_t round_ = 0;
};

}  // namespace hearth
