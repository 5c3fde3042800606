#include "nameserver/store/sqlite_load.h"

#include <utility>

namespace hearth {
namespace {

/// In a transaction: whether what was read ahead is still so.
Result<bool> is_as_it_was(SqliteDb& db, const TagsAhead::Tags& ahead) {
  auto version = data_version(db);
  if (!version) return forward_error(version);
  return *version == ahead.data_version;
}

Result<StoredTags> tags_of(SqliteDb& db, std::optional<TagsAhead::Tags> ahead) {
  if (ahead) {
    auto fits = is_as_it_was(db, *ahead);
    if (!fits) return forward_error(fits);
    if (*fits) return std::move(ahead->tags);
  }
  return StoredTags::read(db);
}

Result<LeftOut> load_both(SqliteDb& db, const TakeRegistration& take, std::optional<TagsAhead::Tags> ahead) {
  auto tags = tags_of(db, std::move(ahead));
  if (!tags) return forward_error(tags);
  auto select = db.prepare("SELECT id, name, uri FROM pyro_names ORDER BY id");
  if (!select) return forward_error(select);
  LeftOut left_out;
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) break;
    const auto name = select->utf8_text(1);
    const auto uri = select->utf8_text(2);
    if (name && uri) {
      RegistrationView view{*name, *uri, {}, {}};
      tags->give(select->integer(0), view);
      take(view);
    } else {
      ++left_out.names;
    }
  }
  left_out.tags = tags->count_skipped();
  return left_out;
}

}  // namespace

Result<LeftOut> load_registrations(SqliteDb& db, const TakeRegistration& take, std::optional<TagsAhead::Tags> ahead) {
  if (auto begun = db.execute("BEGIN"); !begun) return forward_error(begun);
  auto loaded = load_both(db, take, std::move(ahead));
  auto ended = db.execute(loaded ? "COMMIT" : "ROLLBACK");
  if (loaded && !ended) return forward_error(ended);
  return loaded;
}

}  // namespace hearth
