/// Gatekeeper: the access rules and the audit log at work: knows the callers, refuses what they may not do, and writes down what
/// they have done.
///
/// Layer: nameserver (registry, access).        Thread rule: loop thread.
/// Memory: who the callers are is found out once for each connection, and forgotten when there are more of them than connections
/// may be.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "nameserver/access/access_rules.h"
#include "nameserver/access/audit_file.h"
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

  /// For everything that is committed or refused from now on. nullopt: nothing is written down.
  void set_audit_log(std::optional<AuditFile> file);

  [[nodiscard]] std::optional<RemoteException> refusal(const Call& call, Right right, std::string_view name) override;
  [[nodiscard]] Checked<NamePredicate> names(const Call& call, Right right) override;
  [[nodiscard]] ClaimRef claim(const Call& call) override;
  [[nodiscard]] AuthorRef author(const Call& call) override;
  void changed(const Author& author, const Mutation& mutation, const Index& before) override;
  [[nodiscard]] RemoteException refusal_to_stranger(const Author& author, std::string_view name,
                                                    std::string_view owner) override;

 private:
  using CallerRef = std::shared_ptr<const Caller>;
  [[nodiscard]] CallerRef caller(const Peer& peer);
  [[nodiscard]] RemoteException refuse(const Call& call, const Caller& caller, Right right,
                                       std::optional<std::string_view> name);
  [[nodiscard]] RemoteException refuse(const Author& author, std::optional<std::string_view> name,
                                       const std::string& missing, std::string text);
  void write_down(std::string_view lines);

  const Limits& limits_;
  const std::function<std::uint64_t()> now_ms_;
  std::shared_ptr<const AccessRules> rules_;
  absl::flat_hash_map<ConnectionId, CallerRef> callers_;
  LogThrottle log_;
  std::optional<AuditFile> audit_log_;
  LogThrottle audit_failures_;
};

}  // namespace hearth
