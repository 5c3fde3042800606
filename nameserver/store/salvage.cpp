#include "nameserver/store/salvage.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace hearth {
namespace {

constexpr std::int64_t rowid_min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t rowid_max = std::numeric_limits<std::int64_t>::max();

/// Attempts to read behind a damaged page: some 10 s of them. Each damaged page takes about a hundred.
constexpr std::uint32_t probes_max = 1000000;

class Salvager {
 public:
  Salvager(SqliteStatement ascending, SqliteStatement descending, const std::function<void(SqliteStatement&)>& take)
      : ascending_(std::move(ascending)), descending_(std::move(descending)), take_(take) {}

  std::vector<RowidRange> run() {
    open_.push_back({rowid_min, 0});
    open_.push_back({1, rowid_max});  // so that a first page that is damaged is looked behind from where rows begin
    while (!open_.empty()) {
      const RowidRange range = open_.back();
      open_.pop_back();
      if (const auto gap = read_from_both_ends(range)) look_behind(*gap);
    }
    return lost_ranges();
  }

 private:
  /// What lies between the last row that could be read from the front and the last that could be read from behind.
  std::optional<RowidRange> read_from_both_ends(RowidRange range) {
    bool is_whole = true;
    ascending_.bind(1, range.first).bind(2, range.last);
    for (std::int64_t id = range.first; is_whole;) {
      const auto row = ascending_.step();
      if (row && !*row) return std::nullopt;
      is_whole = row && ascending_.integer(0) >= id;  // a damaged tree can lead backwards
      if (!is_whole) break;
      id = ascending_.integer(0);
      take_(ascending_);
      if (id == range.last) break;
      range.first = ++id;
    }
    ascending_.reset();
    if (is_whole) return std::nullopt;

    descending_.bind(1, range.first).bind(2, range.last);
    for (;;) {
      const auto row = descending_.step();
      if (row && !*row) return std::nullopt;
      if (!row || descending_.integer(0) > range.last || descending_.integer(0) < range.first) break;
      const std::int64_t id = descending_.integer(0);
      take_(descending_);
      if (id == range.first) {
        descending_.reset();
        return std::nullopt;
      }
      range.last = id - 1;
    }
    descending_.reset();
    return range;
  }

  /// Tries further and further into the gap for a place from which it can be read on.
  void look_behind(RowidRange gap) {
    const auto width = static_cast<std::uint64_t>(gap.last) - static_cast<std::uint64_t>(gap.first);
    for (std::uint64_t step = 1; step <= width && step != 0 && probes_ < probes_max; step *= 2) {
      ++probes_;
      const auto middle = static_cast<std::int64_t>(static_cast<std::uint64_t>(gap.first) + step);
      ascending_.bind(1, middle).bind(2, gap.last);
      const auto row = ascending_.step();
      const bool leads_on = row && (!*row || ascending_.integer(0) >= middle);
      ascending_.reset();
      if (!leads_on) continue;
      if (*row) open_.push_back({middle, gap.last});
      open_.push_back({gap.first, middle - 1});
      return;
    }
    lost_.push_back(gap);
  }

  /// Ascending, and adjacent ones as one.
  std::vector<RowidRange> lost_ranges() {
    std::sort(lost_.begin(), lost_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<RowidRange> merged;
    for (const RowidRange& range : lost_) {
      if (!merged.empty() && merged.back().last == range.first - 1) {
        merged.back().last = range.last;
      } else {
        merged.push_back(range);
      }
    }
    return merged;
  }

  SqliteStatement ascending_;
  SqliteStatement descending_;
  const std::function<void(SqliteStatement&)>& take_;
  std::vector<RowidRange> open_;
  std::vector<RowidRange> lost_;
  std::uint32_t probes_ = 0;
};

}  // namespace

Result<std::vector<RowidRange>> salvage_rows(SqliteDb& db, const std::string& table, const std::string& columns,
                                             const std::function<void(SqliteStatement&)>& take) {
  const std::string select =
      fmt::format("SELECT rowid, {} FROM {} NOT INDEXED WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid", columns, table);
  auto ascending = db.prepare(select + " ASC");
  if (!ascending) return forward_error(ascending);
  auto descending = db.prepare(select + " DESC");
  if (!descending) return forward_error(descending);
  return Salvager(std::move(*ascending), std::move(*descending), take).run();
}

}  // namespace hearth
