/// Repairs without which SQLite would not look into the copy of a damaged file.
///
/// Layer: store.        Thread rule: none, plain functions.        Errors: ErrorKind::system, one line.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

/// Drops half a page at the end of a file that was cut off: the rows in it would look whole and end in zeros.
[[nodiscard]] Result<void> cut_to_whole_pages(const std::string& path);

/// Gives a damaged file, with pages of SQLite's default size, the first page of a new one of ours: both Pyros and hearthd
/// create the same tables first, so they begin at the same pages. Its log, if there is one, still has the last word.
[[nodiscard]] Result<void> replace_first_page(const std::string& path);

}  // namespace hearth
