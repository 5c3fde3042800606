/// StoredTags: the tags of all registrations of a database, on their way into memory: a number for each.
///
/// Layer: store.        Thread rule: plain value; one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "nameserver/model/registration.h"
#include "nameserver/model/tag_table.h"
#include "nameserver/store/sqlite_db.h"

namespace hearth {

class StoredTags {
 public:
  /// Reads the table as it lies: that is many times cheaper than through its index, and tags are mostly written in the order
  /// of their names.
  [[nodiscard]] static Result<StoredTags> read(SqliteDb& db);
  /// The same until `is_given_up()`, which is asked at every row; nullopt: it was.
  [[nodiscard]] static Result<std::optional<StoredTags>> read_unless(SqliteDb& db,
                                                                     const std::function<bool()>& is_given_up);

  /// Puts those of one owner, unique and sorted, into the view; they are valid until the next call. Owners must be asked for in
  /// ascending order.
  void give(std::int64_t owner, RegistrationView& view);

  /// After the last owner: tags that are no text, and those of no name.
  [[nodiscard]] std::uint64_t count_skipped();

 private:
  struct Use {
    std::int64_t owner;
    TagNumber tag;
  };

  [[nodiscard]] std::optional<TagNumber> number_of(std::optional<std::string_view> tag);
  void put_in_order();
  void skip_owners_before(std::int64_t owner);

  TagTable table_;
  std::vector<std::string_view> in_order_;  ///< the texts of the table, sorted
  std::vector<Use> uses_;
  std::size_t next_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<TagNumber> numbers_;
  std::vector<std::string_view> texts_;
};

}  // namespace hearth
