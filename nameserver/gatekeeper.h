/// Gatekeeper: the access rules at work: knows the callers, refuses what they may not do, and tells the operator.
///
/// Layer: nameserver (registry, access).        Thread rule: loop thread.
/// Memory: who the callers are is found out once for each connection, and forgotten when there are more of them than connections
/// may be.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "nameserver/access/access_rules.h"
#include "nameserver/registry/gate.h"
#include "protocol/base/limits.h"
#include "protocol/base/throttle.h"

namespace hearth {

class Gatekeeper final : public Gate {
 public:
  /// Until it has rules everybody may do everything.
  Gatekeeper(const Limits& limits, std::function<std::uint64_t()> now_ms);

  /// For every call from now on, on connections that exist too. nullptr: none.
  void set_rules(std::shared_ptr<const AccessRules> rules);
  [[nodiscard]] bool has_rules() const { return rules_ != nullptr; }

  [[nodiscard]] std::optional<RemoteException> refusal(const Call& call, Right right, std::string_view name) override;
  [[nodiscard]] Checked<NamePredicate> names(const Call& call, Right right) override;

 private:
  using CallerRef = std::shared_ptr<const Caller>;
  [[nodiscard]] CallerRef caller(const Peer& peer);
  [[nodiscard]] RemoteException refuse(const Call& call, const Caller& caller, const std::string& missing);

  const Limits& limits_;
  const std::function<std::uint64_t()> now_ms_;
  std::shared_ptr<const AccessRules> rules_;
  absl::flat_hash_map<ConnectionId, CallerRef> callers_;
  LogThrottle log_;
};

}  // namespace hearth
