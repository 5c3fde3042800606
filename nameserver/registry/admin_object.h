/// AdminObject: the object `Hearth.Admin`: what only administrators need, and no Pyro program knows of.
///
/// Layer: registry (rpc).        Thread rule: loop thread.
/// `Pyro.Daemon.registered()` does not list it. The same methods for both dialects.
#pragma once

#include <string_view>
#include <vector>

#include "nameserver/registry/server_status.h"
#include "protocol/rpc/object.h"

namespace hearth {

inline constexpr std::string_view admin_object_id = "Hearth.Admin";

/// What the object hands its calls to; the server implements it.
class Administration {
 public:
  virtual ~Administration() = default;
  [[nodiscard]] virtual ServerStatus status() const = 0;
  /// The operator has seen that the many locations that fail at once are really gone: their names may be removed.
  /// How many names that concerns; 0 if the brake was not on.
  virtual std::uint64_t confirm_autoclean() = 0;
};

class AdminObject final : public RemoteObject {
 public:
  /// `administration` must outlive it.
  explicit AdminObject(Administration& administration) : administration_(administration) {}

  [[nodiscard]] std::string_view class_name() const override { return "Admin"; }
  [[nodiscard]] std::span<const Method> methods(Dialect dialect) const override;
  [[nodiscard]] Answer invoke(Call& call, Responder& later) override;

 private:
  Administration& administration_;
};

}  // namespace hearth
