/// ServerStatus: what a running hearthd tells about itself, for `nsc status`, `nsc locate`, `nsc doctor` and the service manager.
///
/// Layer: registry.        Thread rule: plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hearth/value.h>

namespace hearth {

/// Another name server that answers broadcasts on our network.
struct RivalStatus {
  std::string address;  ///< who answered, "192.0.2.7:9091"
  std::string uri;
};

struct AutocleanStatus {
  std::uint32_t period_ms = 0;
  std::uint64_t locations = 0;  ///< looked at in the last round
  std::uint64_t failing = 0;    ///< of those, not reachable
  std::uint64_t suspects = 0;   ///< names that are removed if that goes on
  std::uint64_t removed = 0;    ///< since the start
  bool is_braked = false;       ///< so many fail at once that nothing is removed until an operator confirms it
};

struct CommitStatus {
  std::uint64_t count = 0;            ///< syncs that succeeded, since the start
  std::uint64_t changes = 0;          ///< that they carried
  std::uint64_t largest = 0;          ///< changes in one of them
  std::uint64_t failed = 0;           ///< commits that failed as a whole
  std::uint64_t foreign_changes = 0;  ///< registrations that other programs have changed
  std::optional<std::int64_t> last_unix_ms = std::nullopt;
};

struct ServerStatus {
  std::string version;
  std::string instance;  ///< another one after each start
  std::uint64_t uptime_ms = 0;
  std::uint64_t registrations = 0;
  std::uint64_t connections = 0;
  std::string storage;              ///< "memory" or "sql:/var/lib/hearth/hearthd.db"
  std::uint64_t storage_bytes = 0;  ///< what it takes on disk
  CommitStatus commits;
  std::optional<std::string> refusal;        ///< why changes are refused now
  std::optional<std::string> storage_error;  ///< the last one; stays after the recovery
  std::optional<std::string> broadcast;      ///< where broadcasts are answered, "0.0.0.0:9091"
  std::vector<RivalStatus> rivals;           ///< that answered one of the last two searches
  std::optional<AutocleanStatus> autoclean;  ///< nullopt: off
};

/// As Hearth.Admin answers it: a dict whose keys are the members' names, times in milliseconds, what is not there None.
[[nodiscard]] Value status_value(const ServerStatus& status);

}  // namespace hearth
