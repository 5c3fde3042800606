#include <hearth/admin.h>

#include <utility>

#include "client-lib/src/connect_failure.h"
#include "protocol/base/base64.h"

namespace hearth {
namespace {

/// Reads a dict key by key; one that is missing or of another type spoils the whole.
class DictReader {
 public:
  explicit DictReader(const Value* value) : dict_(value == nullptr ? nullptr : value->as<Dict>()) {}

  [[nodiscard]] bool is_good() const { return dict_ != nullptr; }

  void read(std::string_view key, std::string& text) {
    if (const auto* found = find<std::string>(key)) text = *found;
  }
  void read(std::string_view key, bool& flag) {
    if (const auto* found = find<bool>(key)) flag = *found;
  }
  void read(std::string_view key, std::int64_t& number) {
    if (const auto* found = find<std::int64_t>(key)) number = *found;
  }
  void read(std::string_view key, std::uint64_t& number) {
    const auto* found = find<std::int64_t>(key);
    if (found == nullptr) return;
    if (*found < 0) dict_ = nullptr;
    number = static_cast<std::uint64_t>(*found);
  }
  /// None stands for nothing.
  template <class T>
  void read_if_any(std::string_view key, std::optional<T>& value) {
    const Value* found = member(key);
    if (found != nullptr && !found->is_none()) read(key, value.emplace());
  }
  /// The value of a key, which must be there; None is one.
  const Value* member(std::string_view key) {
    const Value* value = dict_ == nullptr ? nullptr : dict_->find(key);
    if (value == nullptr) dict_ = nullptr;
    return value;
  }

 private:
  template <class T>
  const T* find(std::string_view key) {
    const Value* value = member(key);
    const T* found = value == nullptr ? nullptr : value->as<T>();
    if (found == nullptr) dict_ = nullptr;
    return found;
  }

  const Dict* dict_;
};

bool read_rivals(const Value* value, std::vector<HearthdRival>& rivals) {
  const auto* items = value == nullptr ? nullptr : value->as_items();
  if (items == nullptr) return false;
  for (const Value& item : *items) {
    DictReader reader(&item);
    HearthdRival& rival = rivals.emplace_back();
    reader.read("address", rival.address);
    reader.read("uri", rival.uri);
    if (!reader.is_good()) return false;
  }
  return true;
}

bool read_autoclean(const Value* value, std::optional<HearthdAutoclean>& autoclean) {
  if (value != nullptr && value->is_none()) return true;
  DictReader reader(value);
  HearthdAutoclean& target = autoclean.emplace();
  reader.read("period_ms", target.period_ms);
  reader.read("locations", target.locations);
  reader.read("failing", target.failing);
  reader.read("suspects", target.suspects);
  reader.read("removed", target.removed);
  reader.read("is_braked", target.is_braked);
  return reader.is_good();
}

bool read_commits(const Value* value, HearthdCommits& commits) {
  DictReader reader(value);
  reader.read("count", commits.count);
  reader.read("changes", commits.changes);
  reader.read("largest", commits.largest);
  reader.read("failed", commits.failed);
  reader.read("foreign_changes", commits.foreign_changes);
  reader.read_if_any("last_unix_ms", commits.last_unix_ms);
  return reader.is_good();
}

/// The next piece of the backup; false if it cannot be that.
bool read_backup(const Value& value, HearthdBackup& backup) {
  DictReader reader(&value);
  std::string data;
  reader.read("id", backup.id);
  reader.read("done", backup.done);
  reader.read("total", backup.total);
  backup.size.reset();
  reader.read_if_any("size", backup.size);
  reader.read("data", data);
  auto bytes = decode_base64(data);
  if (!reader.is_good() || !bytes) return false;
  backup.data = std::move(*bytes);
  backup.received += backup.data.size();
  return backup.received <= backup.size.value_or(0);
}

std::optional<HearthdStatus> read_status(const Value& value) {
  HearthdStatus status;
  DictReader reader(&value);
  reader.read("version", status.version);
  reader.read("instance", status.instance);
  reader.read("uptime_ms", status.uptime_ms);
  reader.read("registrations", status.registrations);
  reader.read("connections", status.connections);
  reader.read("storage", status.storage);
  reader.read("storage_bytes", status.storage_bytes);
  if (!read_commits(reader.member("commits"), status.commits)) return std::nullopt;
  reader.read_if_any("refusal", status.refusal);
  reader.read_if_any("storage_error", status.storage_error);
  reader.read_if_any("broadcast", status.broadcast);
  if (!read_rivals(reader.member("rivals"), status.rivals)) return std::nullopt;
  if (!read_autoclean(reader.member("autoclean"), status.autoclean)) return std::nullopt;
  if (!reader.is_good()) return std::nullopt;
  return status;
}

tl::unexpected<ClientError> no_backup(const std::string& method) {
  return fail(ClientErrorKind::protocol,
              "hearthd's answer to " + method + "() has another form than this program knows");
}

}  // namespace

ClientResult<std::optional<AdminClient>> AdminClient::connect(const Uri& name_server, const ClientSettings& settings) {
  Uri admin = name_server;
  admin.object = hearthd_object_id;
  auto proxy = connect_proxy(admin, settings);
  if (proxy) return AdminClient(std::move(*proxy));
  if (proxy.error().outcome == StepOutcome::no_such_object) return std::nullopt;
  return tl::unexpected<ClientError>(std::move(proxy.error().error));
}

ClientResult<HearthdStatus> AdminClient::status() {
  auto answer = proxy_.invoke("status");
  if (!answer) return forward_error(answer);
  auto status = read_status(*answer);
  if (!status)
    return fail(ClientErrorKind::protocol, "hearthd's answer to status() has another form than this program knows");
  return std::move(*status);
}

ClientResult<std::uint64_t> AdminClient::confirm_autoclean() {
  auto answer = proxy_.invoke("confirm_autoclean");
  if (!answer) return forward_error(answer);
  const auto* count = answer->as<std::int64_t>();
  if (count == nullptr || *count < 0)
    return fail(ClientErrorKind::protocol, "hearthd's answer to confirm_autoclean() is no number");
  return static_cast<std::uint64_t>(*count);
}

ClientResult<HearthdBackup> AdminClient::begin_backup() {
  auto answer = proxy_.invoke("begin_backup");
  if (!answer) return forward_error(answer);
  HearthdBackup backup;
  if (!read_backup(*answer, backup)) return no_backup("begin_backup");
  return backup;
}

ClientResult<void> AdminClient::continue_backup(HearthdBackup& backup) {
  const bool is_sent = backup.size.has_value();
  auto answer = proxy_.invoke("read_backup", {backup.id, static_cast<std::int64_t>(backup.received)});
  if (!answer) return forward_error(answer);
  if (!read_backup(*answer, backup) || (is_sent && backup.data.empty())) return no_backup("read_backup");
  return {};
}

ClientResult<void> AdminClient::end_backup(const HearthdBackup& backup) {
  auto answer = proxy_.invoke("end_backup", {backup.id});
  if (!answer) return forward_error(answer);
  return {};
}

}  // namespace hearth
