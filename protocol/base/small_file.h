/// Files that are read whole: certificates, rules.
///
/// Layer: base.        Thread rule: any thread. Reading blocks on the disk.
/// Errors are the reason alone, for the end of a sentence that names the file: ErrorKind::system: the system's words;
/// ErrorKind::malformed: it cannot be such a file.
#pragma once

#include <cstddef>
#include <string>

#include <hearth/result.h>

#include "protocol/base/bytes.h"

namespace hearth {

struct SmallFile {
  Bytes text;
  bool others_may_read = false;  ///< by its permissions, every user of this machine
};

/// Regular files only, and none that is larger.
[[nodiscard]] Result<SmallFile> read_small_file(const std::string& path, std::size_t bytes_max);

}  // namespace hearth
