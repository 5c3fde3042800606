/// Reads the registrations out of a name server's database file, for who wants to take them elsewhere.
///
/// Layer: store.        Thread rule: none, plain functions.
/// The file may be hearthd's or either Pyro's, the very old format included, and the server may be running: it is read as of one
/// moment. It is left as it is, but for what SQLite puts right after a writer that was killed.
#pragma once

#include <string>

#include "nameserver/model/registration.h"
#include "nameserver/store/sqlite_load.h"

namespace hearth {

/// Whether the file begins as SQLite's do. Not if it cannot be read. A pipe is not even looked into: it can be read but once.
[[nodiscard]] bool looks_like_database(const std::string& path);

/// ErrorKind::system for a file that cannot be read or is no name server's, one line with the path. After an error what was taken
/// is worth nothing.
[[nodiscard]] Result<LeftOut> read_database(const std::string& path, const TakeRegistration& take);

}  // namespace hearth
