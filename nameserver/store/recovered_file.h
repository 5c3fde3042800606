/// How a recovered database takes the place of the damaged one, which is kept.
///
/// Layer: store.        Thread rule: none, plain functions.        Errors: ErrorKind::system, one line.
/// "Log" stands for a rollback journal too: Pyro's files have one while they are changed, and when that was interrupted.
/// A file and its log cannot be replaced in one step, and in between the old file stands there without its log: it may look
/// whole and lacks what was in the log. So whoever opens a database takes back first what was left half done.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

/// The file goes to "<path>.damaged-N", with the first N that is free, its log with it, and `recovered` to the path. Returns
/// the damaged one's new name. Whatever happens on the way, the path names the old file or the new one.
[[nodiscard]] Result<std::string> put_in_place(const std::string& recovered, const std::string& path);

/// Gives the file its log back if a put_in_place() was interrupted between the two. Most often there is nothing to do.
[[nodiscard]] Result<void> take_back_half_put(const std::string& path);

}  // namespace hearth
