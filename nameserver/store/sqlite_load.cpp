#include "nameserver/store/sqlite_load.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

std::optional<std::string_view> utf8_text(SqliteStatement& row, int column) {
  const auto text = row.text(column);
  return text && is_utf8(*text) ? text : std::nullopt;
}

/// The ids of the registrations that were read, ascending, in their order.
using Ids = std::vector<std::int64_t>;

Result<Ids> load_names(SqliteDb& db, LoadedRegistrations& loaded) {
  auto select = db.prepare("SELECT id, name, uri FROM pyro_names ORDER BY id");
  if (!select) return forward_error(select);
  Ids ids;
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) return ids;
    const auto name = utf8_text(*select, 1);
    const auto uri = utf8_text(*select, 2);
    if (!name || !uri) {
      ++loaded.names_skipped;
      continue;
    }
    loaded.registrations.push_back({std::string(*name), std::string(*uri), {}});
    ids.push_back(select->integer(0));
  }
}

/// Finds the position of an id, fast if ids are asked for in about the order in which they lie: that is how tags are
/// written, and a scan of the table in its own order is many times cheaper than one through the index.
class IdFinder {
 public:
  explicit IdFinder(const Ids& ids) : ids_(ids) {}

  std::optional<std::size_t> find(std::int64_t id) {
    if (is_at(id)) return next_;
    ++next_;
    if (is_at(id)) return next_;
    next_ = static_cast<std::size_t>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin());
    return is_at(id) ? std::optional(next_) : std::nullopt;
  }

 private:
  bool is_at(std::int64_t id) const { return next_ < ids_.size() && ids_[next_] == id; }

  const Ids& ids_;
  std::size_t next_ = 0;
};

Result<void> load_tags(SqliteDb& db, const Ids& ids, LoadedRegistrations& loaded) {
  auto select = db.prepare("SELECT object, metadata FROM pyro_metadata");
  if (!select) return forward_error(select);
  IdFinder finder(ids);
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) return {};
    const auto tag = utf8_text(*select, 1);
    const auto owner = finder.find(select->integer(0));
    if (!tag || !owner) {
      ++loaded.tags_skipped;
      continue;
    }
    loaded.registrations[*owner].tags.emplace_back(*tag);
  }
}

Result<LoadedRegistrations> load_both(SqliteDb& db) {
  LoadedRegistrations loaded;
  auto ids = load_names(db, loaded);
  if (!ids) return forward_error(ids);
  if (auto tags = load_tags(db, *ids, loaded); !tags) return forward_error(tags);
  for (Registration& registration : loaded.registrations) sort_tags(registration.tags);
  return loaded;
}

}  // namespace

Result<LoadedRegistrations> load_registrations(SqliteDb& db) {
  if (auto begun = db.execute("BEGIN"); !begun) return forward_error(begun);
  auto loaded = load_both(db);
  auto ended = db.execute(loaded ? "COMMIT" : "ROLLBACK");
  if (loaded && !ended) return forward_error(ended);
  return loaded;
}

}  // namespace hearth
