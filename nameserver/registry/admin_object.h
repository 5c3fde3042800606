/// AdminObject: the object `Hearth.Admin`: what only administrators need, and no Pyro program knows of.
///
/// Layer: registry (rpc).        Thread rule: loop thread.
/// `Pyro.Daemon.registered()` does not list it. The same methods for both dialects.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "nameserver/registry/gate.h"
#include "nameserver/registry/server_status.h"
#include "protocol/rpc/object.h"

namespace hearth {

inline constexpr std::string_view admin_object_id = "Hearth.Admin";

/// Makes a copy of everything that is stored, as a database file, and hands it out in pieces: one backup at a time. Calls are
/// answered now, or later through the responder.
class BackupMaker {
 public:
  virtual ~BackupMaker() = default;
  /// A dict: `id` for the calls that follow; while the copy is made, `done` of `total` and `size` None; then the `size` of the
  /// file in bytes, and `data`, the next bytes of it in base64: text, as not every serializer carries bytes. What was
  /// acknowledged before this call is in the file.
  [[nodiscard]] virtual std::optional<CallResult> begin(Responder& later) = 0;
  /// The same about the backup that has begun. While the copy is made, this answers when it has got further.
  [[nodiscard]] virtual std::optional<CallResult> read(std::int64_t id, std::uint64_t offset, Responder& later) = 0;
  /// The client needs nothing more. False: there was no such backup.
  virtual bool end(std::int64_t id) = 0;
};

/// What the object hands its other calls to; the server implements it.
class Administration {
 public:
  virtual ~Administration() = default;
  [[nodiscard]] virtual ServerStatus status() const = 0;
  /// The operator has seen that the many locations that fail at once are really gone: their names may be removed.
  /// How many names that concerns; 0 if the brake was not on.
  virtual std::uint64_t confirm_autoclean() = 0;
  [[nodiscard]] virtual BackupMaker& backups() = 0;
};

class AdminObject final : public RemoteObject {
 public:
  /// Both must outlive it.
  AdminObject(Administration& administration, Gate& gate) : administration_(administration), gate_(gate) {}

  [[nodiscard]] std::string_view class_name() const override { return "Admin"; }
  [[nodiscard]] std::span<const Method> methods(Dialect dialect) const override;
  [[nodiscard]] Answer invoke(Call& call, Responder& later) override;

 private:
  [[nodiscard]] std::optional<CallResult> read_backup(const Value& id, const Value& offset, Responder& later);

  Administration& administration_;
  Gate& gate_;
};

}  // namespace hearth
