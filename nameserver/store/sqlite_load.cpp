#include "nameserver/store/sqlite_load.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "nameserver/model/tag_table.h"
#include "protocol/base/wtf8.h"

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
      if (const auto tag = number_of(select->text(1))) {
        uses_.push_back({select->integer(0), *tag});
      } else {
        ++skipped_;
      }
    }
    put_in_order();
    return {};
  }

  /// Puts those of one owner, unique and sorted, into the view; they are valid until the next call. Owners must be asked for in
  /// ascending order.
  void give(std::int64_t owner, RegistrationView& view) {
    numbers_.clear();
    texts_.clear();
    skip_owners_before(owner);
    for (; next_ < uses_.size() && uses_[next_].owner == owner; ++next_) numbers_.push_back(uses_[next_].tag);
    std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
    for (const TagNumber tag : numbers_) texts_.push_back(in_order_[tag]);
    view.tags = texts_;
    view.tag_numbers = numbers_;
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

  /// nullopt: no client could be told of it. What is known already is UTF-8.
  std::optional<TagNumber> number_of(std::optional<std::string_view> tag) {
    if (!tag) return std::nullopt;
    if (const auto known = table_.find(*tag)) return known;
    return is_utf8(*tag) ? std::optional(table_.use(*tag)) : std::nullopt;
  }

  /// Numbers the tags anew, in the order of their texts, and sorts by owners.
  void put_in_order() {
    std::vector<TagNumber> sorted(table_.size());
    std::iota(sorted.begin(), sorted.end(), TagNumber{0});
    const auto by_text = [this](TagNumber a, TagNumber b) { return table_.text(a) < table_.text(b); };
    std::sort(sorted.begin(), sorted.end(), by_text);
    std::vector<TagNumber> place(sorted.size());
    for (const TagNumber tag : sorted) {
      place[tag] = static_cast<TagNumber>(in_order_.size());
      in_order_.push_back(table_.text(tag));
    }
    for (Use& use : uses_) use.tag = place[use.tag];
    const auto by_owner = [](const Use& a, const Use& b) { return a.owner < b.owner; };
    if (!std::is_sorted(uses_.begin(), uses_.end(), by_owner)) std::sort(uses_.begin(), uses_.end(), by_owner);
  }

  void skip_owners_before(std::int64_t owner) {
    for (; next_ < uses_.size() && uses_[next_].owner < owner; ++next_) ++skipped_;
  }

  TagTable table_;
  std::vector<std::string_view> in_order_;  ///< the texts of the table, sorted
  std::vector<Use> uses_;
  std::size_t next_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<TagNumber> numbers_;
  std::vector<std::string_view> texts_;
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
      RegistrationView view{*name, *uri, {}, {}};
      tags.give(select->integer(0), view);
      take(view);
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
