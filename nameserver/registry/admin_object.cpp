#include "nameserver/registry/admin_object.h"

#include "protocol/base/check.h"

namespace hearth {
namespace {

enum MethodId : int { ping, tell_status, confirm };

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
      {"ping", ping, {}}, {"status", tell_status, {}}, {"confirm_autoclean", confirm, {}}};
  return all;
}

Answer AdminObject::invoke(Call& call, Responder&) {
  switch (call.method.id) {
    case ping: return Value();
    case tell_status: return status_value(administration_.status());
    case confirm: return number(administration_.confirm_autoclean());
  }
  HEARTH_CHECK(false);
}

}  // namespace hearth
