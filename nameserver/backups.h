/// Backups: the one backup that is under way: has its copy made on the writer thread, and hands it out in pieces.
///
/// Layer: nameserver.        Thread rule: loop thread.
/// Ownership: must outlive the committer, whose answers it waits for. Who begins and then falls silent for
/// Limits::backup_silence_ms, or has gone, loses the backup, and the server's room is free again.
/// Errors: as exceptions for the client.
#pragma once

#include <cstdint>
#include <optional>

#include "nameserver/commit/committer.h"
#include "nameserver/registry/admin_object.h"
#include "protocol/loop/timer.h"

namespace hearth {

class Backups final : public BackupMaker {
 public:
  Backups(Loop& loop, Committer& committer, const Limits& limits);

  [[nodiscard]] std::optional<CallResult> begin(Responder& later) override;
  [[nodiscard]] std::optional<CallResult> read(std::int64_t id, std::uint64_t offset, Responder& later) override;
  bool end(std::int64_t id) override;

 private:
  struct Backup {
    std::int64_t id;
    std::optional<Responder> waiting;  ///< for what is going on
    CopyState state = {};
    std::optional<Error> failure = std::nullopt;  ///< nobody has been told yet
  };

  void copy(const CopyTask& task);
  void on_copied(std::int64_t id, Result<CopyState> state);
  void answer(CallResult result);
  void on_silence();
  void stop();

  Committer& committer_;
  const Limits& limits_;
  std::optional<Backup> backup_;
  Timer silence_;
};

}  // namespace hearth
