/// read_dbm(): the names in a dbm file of pyro4-ns (-s dbm:FILE), through Python: only its module dbm knows all the formats
/// that Python's module dbm has written.
///
/// Layer: nsc.        Thread rule: one thread; runs python3 and waits for it.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth::nsc {

/// Lines of JSON, as pyro4_dbm.py prints them. Errors: ErrorKind::system, one line that says what is missing: python3, the script
/// (which is installed in share/hearth), a module of Python's, or the file.
[[nodiscard]] Result<std::string> read_dbm(const std::string& path);

}  // namespace hearth::nsc
