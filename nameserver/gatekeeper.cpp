#include "nameserver/gatekeeper.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include <hearth/repr.h>
#include <hearth/value.h>

#include "nameserver/access/audit_line.h"
#include "protocol/rpc/object.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Lines about refusals in a period: each names another client, but one that tries again and again must not fill the log.
constexpr std::uint32_t lines_per_period = 20;

/// `name` none: the right is missing altogether.
std::string missing_right(Right right, std::optional<std::string_view> name) {
  if (right == Right::admin || !name) return std::string(to_string(right));
  if (*name == every_name) return fmt::format("{} on all names", to_string(right));
  return fmt::format("{} on {}", to_string(right), repr(Value(std::string(*name))));
}

/// What the author has changed, a line for each name.
class AuditText {
 public:
  AuditText(const Author& author, const Index& before) : author_(author), before_(before), unix_ms_(now_unix_ms()) {}

  void operator()(const Put& put) {
    const Registration& registration = put.registration;
    const auto old_uri = uri_of(registration.name);
    add(old_uri ? "overwrite" : "register", registration.name, registration.uri, old_uri);
  }
  void operator()(const SetTags& change) {
    const auto uri = uri_of(change.name);
    add("metadata", change.name, uri, uri);
  }
  void operator()(const Remove& removal) {
    for (const std::string& name : removal.names) {
      if (const auto uri = uri_of(name)) add("remove", name, std::nullopt, uri);
    }
  }
  void operator()(const Evict& eviction) {
    for (const NameAndUri& entry : eviction.registrations) {
      if (uri_of(entry.name) == entry.uri) add("remove", entry.name, std::nullopt, entry.uri);
    }
  }

  [[nodiscard]] const std::string& lines() const { return lines_; }

  static std::int64_t now_unix_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  }

 private:
  using Text = std::optional<std::string_view>;

  [[nodiscard]] Text uri_of(std::string_view name) const {
    const CompactRegistration* entry = before_.find(name);
    return entry == nullptr ? Text() : Text(entry->uri());
  }

  void add(std::string_view event, std::string_view name, Text uri, Text old_uri) {
    lines_ += audit_line(unix_ms_, {.event = event,
                                    .peer = author_.peer,
                                    .identity = author_.identity,
                                    .name = name,
                                    .uri = uri,
                                    .old_uri = old_uri});
  }

  const Author& author_;
  const Index& before_;
  const std::int64_t unix_ms_;
  std::string lines_;
};

/// For the client, and its operator.
std::string standing(std::string_view identity) {
  if (!identity.empty()) return fmt::format("this client is {}", identity);
  return "this client has sent no token, and has no other identity";
}

std::string standing(const Caller& caller) {
  if (caller.has_unknown_token() && caller.identity().empty())
    return "the token that this client has sent is not known here";
  return standing(caller.identity());
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
  return refuse(call, *who, right, name);
}

Checked<NamePredicate> Gatekeeper::names(const Call& call, Right right) {
  if (rules_ == nullptr) return NamePredicate();
  CallerRef who = caller(call.peer);
  if (who->may(right, every_name)) return NamePredicate();
  if (!who->has(right)) {
    return tl::unexpected<RemoteException>(refuse(call, *who, right, std::nullopt));
  }
  return NamePredicate([who = std::move(who), right](std::string_view name) { return who->may(right, name); });
}

Gatekeeper::CallerRef Gatekeeper::caller(const Peer& peer) {
  if (const auto known = callers_.find(peer.connection); known != callers_.end()) return known->second;
  if (callers_.size() >= limits_.connections_max) callers_.clear();
  return callers_.emplace(peer.connection, std::make_shared<const Caller>(rules_, peer)).first->second;
}

RemoteException Gatekeeper::refuse(const Call& call, const Caller& caller, Right right,
                                   std::optional<std::string_view> name) {
  const std::string missing = missing_right(right, name);
  if (name == every_name) name.reset();
  return refuse({call.peer.address, caller.identity(), call.peer.connection, call.method.name}, name, missing,
                fmt::format("missing right: {} ({})", missing, standing(caller)));
}

RemoteException Gatekeeper::refusal_to_stranger(const Author& author, std::string_view name, std::string_view owner) {
  const std::string missing = missing_right(Right::admin, std::nullopt);
  return refuse(author, name, missing,
                fmt::format("missing right: {}, since {} belongs to {} ({})", missing, repr(Value(std::string(name))),
                            owner, standing(author.identity)));
}

RemoteException Gatekeeper::refuse(const Author& author, std::optional<std::string_view> name,
                                   const std::string& missing, std::string text) {
  log_.write(now_ms_(), LogLevel::warning, LogCategory::server,
             fmt::format("c#{} {} refused: {}(): {}", author.connection, author.peer, author.call, text));
  if (audit_log_) {
    write_down(audit_line(AuditText::now_unix_ms(), {.event = "refusal",
                                                     .peer = author.peer,
                                                     .identity = author.identity,
                                                     .name = name,
                                                     .call = author.call,
                                                     .missing = missing}));
  }
  return std::move(raise("SecurityError", std::move(text)).value());
}

void Gatekeeper::set_audit_log(std::optional<AuditFile> file) { audit_log_ = std::move(file); }

ClaimRef Gatekeeper::claim(const Call& call) {
  if (rules_ == nullptr) return nullptr;
  const CallerRef who = caller(call.peer);
  const bool is_owner_only = rules_->is_owner_only && !who->has(Right::admin);
  return std::make_shared<const Claim>(Claim{who->identities(), is_owner_only, limits_.registrations_per_owner_max});
}

AuthorRef Gatekeeper::author(const Call& call) {
  if (!audit_log_ && rules_ == nullptr) return nullptr;
  std::string identity = rules_ == nullptr ? known_as(call.peer, {}) : caller(call.peer)->identity();
  return std::make_shared<const Author>(
      Author{call.peer.address, std::move(identity), call.peer.connection, call.method.name});
}

void Gatekeeper::changed(const Author& author, const Mutation& mutation, const Index& before) {
  if (!audit_log_) return;
  AuditText text(author, before);
  std::visit(text, mutation);
  write_down(text.lines());
}

/// What is committed cannot be taken back because the log of it fails: the operator is told instead.
void Gatekeeper::write_down(std::string_view lines) {
  const auto written = audit_log_->write(lines);
  if (written) return;
  audit_failures_.write(now_ms_(), LogLevel::error, LogCategory::server,
                        written.error().text + "; what happens meanwhile is missing there");
}

}  // namespace hearth
