#include "nameserver/store/sqlite_load.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "nameserver/model/tag_table.h"

namespace hearth {
namespace {

/// The tags of all registrations, in the order of their owners' ids.
class StoredTags {
 public:
  /// Reads the table as it lies: that is many times cheaper than through its index, and tags are mostly written in the order
  /// of their names.
  Result<void> read(SqliteDb& db) {
    auto select = db.prepare("SELECT object, metadata FROM pyro_metadata");
    if (!select) return forward_error(select);
    for (;;) {
      auto row = select->step();
      if (!row) return forward_error(row);
      if (!*row) break;
      if (const auto tag = select->utf8_text(1)) {
        uses_.push_back({select->integer(0), table_.use(*tag)});
      } else {
        ++skipped_;
      }
    }
    const auto by_owner = [](const Use& a, const Use& b) { return a.owner < b.owner; };
    if (!std::is_sorted(uses_.begin(), uses_.end(), by_owner)) std::sort(uses_.begin(), uses_.end(), by_owner);
    return {};
  }

  /// Unique and sorted; valid until the next call. Owners must be asked for in ascending order.
  const std::vector<std::string_view>& of(std::int64_t owner) {
    tags_.clear();
    skip_owners_before(owner);
    for (; next_ < uses_.size() && uses_[next_].owner == owner; ++next_) tags_.push_back(table_.text(uses_[next_].tag));
    std::sort(tags_.begin(), tags_.end());
    tags_.erase(std::unique(tags_.begin(), tags_.end()), tags_.end());
    return tags_;
  }

  /// After the last owner: tags that are no text, and those of no name.
  std::uint64_t count_skipped() {
    skip_owners_before(std::numeric_limits<std::int64_t>::max());
    return skipped_ + (uses_.size() - next_);
  }

 private:
  struct Use {
    std::int64_t owner;
    TagNumber tag;
  };

  void skip_owners_before(std::int64_t owner) {
    for (; next_ < uses_.size() && uses_[next_].owner < owner; ++next_) ++skipped_;
  }

  TagTable table_;
  std::vector<Use> uses_;
  std::size_t next_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<std::string_view> tags_;
};

Result<LeftOut> load_both(SqliteDb& db, const TakeRegistration& take) {
  StoredTags tags;
  if (auto read = tags.read(db); !read) return forward_error(read);
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
      take({*name, *uri, tags.of(select->integer(0))});
    } else {
      ++left_out.names;
    }
  }
  left_out.tags = tags.count_skipped();
  return left_out;
}

}  // namespace

Result<LeftOut> load_registrations(SqliteDb& db, const TakeRegistration& take) {
  if (auto begun = db.execute("BEGIN"); !begun) return forward_error(begun);
  auto loaded = load_both(db, take);
  auto ended = db.execute(loaded ? "COMMIT" : "ROLLBACK");
  if (loaded && !ended) return forward_error(ended);
  return loaded;
}

}  // namespace hearth
