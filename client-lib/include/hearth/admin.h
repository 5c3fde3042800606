/// AdminClient: what a running hearthd tells its administrators, and takes from them: its object `Hearth.Admin`.
///
/// Layer: client-lib, public.        Thread rule: one thread at a time.
/// Ownership: owns its connection. Errors: as Proxy's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/api.h>
#include <hearth/proxy.h>

namespace HEARTH_API hearth {

/// The object of a hearthd that has no counterpart in Pyro.
inline constexpr std::string_view hearthd_object_id = "Hearth.Admin";

/// Another name server that answers broadcasts on hearthd's network.
struct HearthdRival {
  std::string address;  ///< who answered, "192.0.2.7:9091"
  std::string uri;      ///< as it answered
};

struct HearthdAutoclean {
  std::uint64_t period_ms = 0;
  std::uint64_t locations = 0;  ///< looked at in the last round
  std::uint64_t failing = 0;    ///< of those, not reachable
  std::uint64_t suspects = 0;   ///< names that are removed if that goes on
  std::uint64_t removed = 0;    ///< since the start
  bool is_braked = false;       ///< so many fail at once that nothing is removed until an operator confirms it
};

/// What a hearthd has stored since its start.
struct HearthdCommits {
  std::uint64_t count = 0;                   ///< commits, each with one sync
  std::uint64_t changes = 0;                 ///< that they carried
  std::uint64_t largest = 0;                 ///< changes in one of them
  std::uint64_t failed = 0;                  ///< commits that failed as a whole
  std::uint64_t foreign_changes = 0;         ///< registrations that other programs have changed in the file
  std::optional<std::int64_t> last_unix_ms;  ///< when, by the server's clock; nullopt: not yet
};

/// Times are milliseconds. What a newer hearthd tells beyond this is ignored.
struct HearthdStatus {
  std::string version;
  std::string instance;  ///< another one after each start; equal texts are one server
  std::uint64_t uptime_ms = 0;
  std::uint64_t registrations = 0;  ///< its own included
  std::uint64_t connections = 0;    ///< this one included
  std::string storage;              ///< "memory" or "sql:PATH"
  std::uint64_t storage_bytes = 0;  ///< what that takes on disk, log included; 0: nothing
  HearthdCommits commits;
  std::optional<std::string> refusal;         ///< why changes are refused now
  std::optional<std::string> storage_error;   ///< the last one, which may be over
  std::optional<std::string> broadcast;       ///< where broadcasts are answered, "0.0.0.0:9091"; nullopt: nowhere
  std::vector<HearthdRival> rivals;           ///< that answered hearthd's last search
  std::optional<HearthdAutoclean> autoclean;  ///< nullopt: off
};

/// A backup under way, as of the last call about it.
struct HearthdBackup {
  std::int64_t id = 0;
  std::uint64_t done = 0;  ///< of `total`, in units of the server's own, while it makes its copy
  std::uint64_t total = 0;
  std::optional<std::uint64_t> size;  ///< of the file, in bytes, once that copy is complete
  std::uint64_t received = 0;         ///< bytes of the file, those of `data` included
  std::string data;                   ///< the next bytes of the file

  [[nodiscard]] bool is_complete() const { return size == received; }
};

class AdminClient {
 public:
  /// Connects to the hearthd at the location of `name_server` (the URI of any of its objects). nullopt: the server there is no
  /// hearthd, as pyro4-ns and pyro5-ns are not.
  [[nodiscard]] static ClientResult<std::optional<AdminClient>> connect(const Uri& name_server,
                                                                        const ClientSettings& settings);

  /// As it is now.
  [[nodiscard]] ClientResult<HearthdStatus> status();

  /// The operator has seen that the many locations that fail at once are really gone: their names may be removed. How many
  /// names that concerns; 0 if the brake was not on.
  [[nodiscard]] ClientResult<std::uint64_t> confirm_autoclean();

  /// Begins a copy of everything that is stored, as a database file which hearthd, pyro4-ns and pyro5-ns open with
  /// -s sql:FILE. What was acknowledged before is in it. The server makes one at a time.
  [[nodiscard]] ClientResult<HearthdBackup> begin_backup();
  /// Gets the next piece of a backup that is not complete.
  [[nodiscard]] ClientResult<void> continue_backup(HearthdBackup& backup);
  /// To be called when it is complete, or not wanted any more: the server can use its room again.
  [[nodiscard]] ClientResult<void> end_backup(const HearthdBackup& backup);

 private:
  explicit AdminClient(Proxy proxy) : proxy_(std::move(proxy)) {}

  Proxy proxy_;
};

}  // namespace hearth
