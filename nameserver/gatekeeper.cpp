#include "nameserver/gatekeeper.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include <hearth/repr.h>
#include <hearth/value.h>

#include "protocol/rpc/object.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Lines about refusals in a period: each names another client, but one that tries again and again must not fill the log.
constexpr std::uint32_t lines_per_period = 20;

std::string missing_right(Right right, std::string_view name) {
  if (right == Right::admin) return std::string(to_string(right));
  if (name == every_name) return fmt::format("{} on all names", to_string(right));
  return fmt::format("{} on {}", to_string(right), repr(Value(std::string(name))));
}

/// For the client, and its operator.
std::string standing(const Caller& caller) {
  if (!caller.identity().empty()) return "this client is " + caller.identity();
  if (caller.has_unknown_token()) return "the token that this client has sent is not known here";
  return "this client has sent no token, and has no other identity";
}

}  // namespace

Gatekeeper::Gatekeeper(const Limits& limits, std::function<std::uint64_t()> now_ms)
    : limits_(limits), now_ms_(std::move(now_ms)), log_(LogThrottle::default_period_ms, lines_per_period) {}

void Gatekeeper::set_rules(std::shared_ptr<const AccessRules> rules) {
  rules_ = std::move(rules);
  callers_.clear();
}

std::optional<RemoteException> Gatekeeper::refusal(const Call& call, Right right, std::string_view name) {
  if (rules_ == nullptr) return std::nullopt;
  const CallerRef who = caller(call.peer);
  if (who->may(right, name)) return std::nullopt;
  return refuse(call, *who, missing_right(right, name));
}

Checked<NamePredicate> Gatekeeper::names(const Call& call, Right right) {
  if (rules_ == nullptr) return NamePredicate();
  CallerRef who = caller(call.peer);
  if (who->may(right, every_name)) return NamePredicate();
  if (!who->has(right)) {
    return tl::unexpected<RemoteException>(refuse(call, *who, std::string(to_string(right))));
  }
  return NamePredicate([who = std::move(who), right](std::string_view name) { return who->may(right, name); });
}

Gatekeeper::CallerRef Gatekeeper::caller(const Peer& peer) {
  if (const auto known = callers_.find(peer.connection); known != callers_.end()) return known->second;
  if (callers_.size() >= limits_.connections_max) callers_.clear();
  return callers_.emplace(peer.connection, std::make_shared<const Caller>(rules_, peer)).first->second;
}

RemoteException Gatekeeper::refuse(const Call& call, const Caller& caller, const std::string& missing) {
  std::string text = fmt::format("missing right: {} ({})", missing, standing(caller));
  log_.write(now_ms_(), LogLevel::warning, LogCategory::server,
             fmt::format("c#{} {} refused: {}(): {}", call.peer.connection, call.peer.address, call.method.name, text));
  return std::move(raise("SecurityError", std::move(text)).value());
}

}  // namespace hearth
