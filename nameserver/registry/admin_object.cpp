#include "nameserver/registry/admin_object.h"

#include <utility>

#include "protocol/base/check.h"

namespace hearth {
namespace {

enum MethodId : int { ping, tell_status, confirm, begin, read, end };

Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Value rivals_value(const std::vector<RivalStatus>& rivals) {
  std::vector<Value> items;
  for (const RivalStatus& rival : rivals) {
    Dict item;
    item.add("address", rival.address);
    item.add("uri", rival.uri);
    items.emplace_back(std::move(item));
  }
  return make_list(std::move(items));
}

Value autoclean_value(const AutocleanStatus& autoclean) {
  Dict dict;
  dict.add("period_ms", number(autoclean.period_ms));
  dict.add("locations", number(autoclean.locations));
  dict.add("failing", number(autoclean.failing));
  dict.add("suspects", number(autoclean.suspects));
  dict.add("removed", number(autoclean.removed));
  dict.add("is_braked", autoclean.is_braked);
  return dict;
}

Value optional_text(const std::optional<std::string>& text) { return text ? Value(*text) : Value(); }

Value commits_value(const CommitStatus& commits) {
  Dict dict;
  dict.add("count", number(commits.count));
  dict.add("changes", number(commits.changes));
  dict.add("largest", number(commits.largest));
  dict.add("failed", number(commits.failed));
  dict.add("foreign_changes", number(commits.foreign_changes));
  dict.add("last_unix_ms", commits.last_unix_ms ? Value(*commits.last_unix_ms) : Value());
  return dict;
}

}  // namespace

Value status_value(const ServerStatus& status) {
  Dict dict;
  dict.add("version", status.version);
  dict.add("instance", status.instance);
  dict.add("uptime_ms", number(status.uptime_ms));
  dict.add("registrations", number(status.registrations));
  dict.add("connections", number(status.connections));
  dict.add("storage", status.storage);
  dict.add("storage_bytes", number(status.storage_bytes));
  dict.add("commits", commits_value(status.commits));
  dict.add("refusal", optional_text(status.refusal));
  dict.add("storage_error", optional_text(status.storage_error));
  dict.add("broadcast", optional_text(status.broadcast));
  dict.add("rivals", rivals_value(status.rivals));
  dict.add("autoclean", status.autoclean ? autoclean_value(*status.autoclean) : Value());
  return dict;
}

std::span<const Method> AdminObject::methods(Dialect) const {
  static const std::vector<Method> all{
      {"ping", ping, {}},
      {"status", tell_status, {}},
      {"confirm_autoclean", confirm, {}},
      {"begin_backup", begin, {}},
      {"read_backup", read, {{"id"}, {"offset"}}},
      {"end_backup", end, {{"id"}}},
  };
  return all;
}

Answer AdminObject::invoke(Call& call, Responder& later) {
  if (call.method.id != ping) {
    if (auto refusal = gate_.refusal(call, Right::admin, every_name)) {
      return CallResult(tl::unexpected<RemoteException>(std::move(*refusal)));
    }
  }
  switch (call.method.id) {
    case ping: return Value();
    case tell_status: return status_value(administration_.status());
    case confirm: return number(administration_.confirm_autoclean());
    case begin: return administration_.backups().begin(later);
    case read: return read_backup(call.arguments[0], call.arguments[1], later);
    case end: {
      const auto* id = call.arguments[0].as<std::int64_t>();
      return Value(id != nullptr && administration_.backups().end(*id));
    }
  }
  HEARTH_CHECK(false);
}

std::optional<CallResult> AdminObject::read_backup(const Value& id, const Value& offset, Responder& later) {
  const auto* id_number = id.as<std::int64_t>();
  const auto* offset_number = offset.as<std::int64_t>();
  if (id_number == nullptr || offset_number == nullptr || *offset_number < 0) {
    return raise("builtins.ValueError", "id and offset must be integers, and offset not negative");
  }
  return administration_.backups().read(*id_number, static_cast<std::uint64_t>(*offset_number), later);
}

}  // namespace hearth
