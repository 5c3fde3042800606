/// NameSource: registrations that come from a file: lines of JSON, or the storage of a name server that need not run.
///
/// Layer: nsc.        Thread rule: one thread.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <hearth/name_server.h>

#include "protocol/base/result.h"

namespace hearth::nsc {

struct NameSource {
  struct BadLine {
    std::size_t number;
    std::string trouble;
  };

  std::string shown;                ///< what to call it: "names.jsonl", "standard input"
  NameListing entries;              ///< in the order of the source; each name once; without the name server's own
  std::vector<std::size_t> lines;   ///< of the entries, from 1 on; empty if the source has no lines
  std::vector<BadLine> bad_lines;   ///< in their order
  std::vector<std::string> notes;   ///< what else was left out, a sentence each

  /// "names.jsonl:3", or for a source without lines its name.
  [[nodiscard]] std::string place_of(std::size_t entry) const;
};

/// `where` is "sql:FILE" or "dbm:FILE", as name servers take them with -s; "-", which is `standard_input`; or a file, with an
/// SQLite database or lines of JSON in it. Errors: ErrorKind::system, one line with the file.
[[nodiscard]] Result<NameSource> read_source(const std::string& where, std::FILE* standard_input);

}  // namespace hearth::nsc
