/// recover_database(): makes a whole database out of a damaged one.
///
/// Layer: store.        Thread rule: none of its own; for a program that does nothing else meanwhile (hearthd --recover).
/// The damaged file is only read, then kept beside the new one, with its log or journal, as "<path>.damaged-N". Works on
/// copies beside the file, so it needs room for two more of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nameserver/store/salvage.h"

namespace hearth {

struct RecoveryReport {
  std::string path;     ///< the new file, in the place of the damaged one
  std::string kept_as;  ///< the damaged one
  std::uint64_t registrations = 0;
  std::uint64_t tags = 0;
  std::vector<RowidRange> lost_registrations;  ///< rowids that could not be read; not each had to exist
  std::vector<RowidRange> lost_tags;
  std::vector<RowidRange> lost_owners;
  std::vector<std::string>
      lost_names;  ///< of those registrations, as far as the index on the names tells; at most names_told_max
  std::uint64_t names_skipped = 0;  ///< read, but not text in UTF-8, or a second one of the name
  std::uint64_t tags_skipped = 0;   ///< read, but not text in UTF-8, or of a registration that could not be saved
  bool is_layout_assumed =
      false;  ///< its first page was of no use: tables were looked for where the Pyros and hearthd make them

  static constexpr std::size_t names_told_max = 1000;  ///< more is no help to anybody
};

/// Errors are for the operator, and leave the file as it was: in use by another hearthd, not a file that can be read, another
/// program's database, no room for the copies.
[[nodiscard]] Result<RecoveryReport> recover_database(const std::string& path);

/// What happened, what is missing, where the old file is; one or more lines, each with its end.
[[nodiscard]] std::string describe(const RecoveryReport& report);

}  // namespace hearth
