#include "nameserver/store/database_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace hearth {
namespace {

constexpr std::string_view other_file = "choose another file with -s";
/// https://www.sqlite.org/fileformat.html, 1.3.1
constexpr std::string_view sqlite_magic{"SQLite format 3", 16};

struct Split {
  std::string directory;
  std::string file;
};

Split split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

/// "" if the path leads nowhere.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr), &std::free);
  return resolved ? std::string(resolved.get()) : std::string();
}

bool may(const std::string& path, int mode) { return faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0; }

/// SQLite keeps its log and we keep our lock beside the file.
Result<void> check_directory(const std::string& directory) {
  struct stat found {};
  if (stat(directory.c_str(), &found) != 0 && errno == ENOENT) {
    return fail(ErrorKind::system, fmt::format("directory {} does not exist: create it or {}", directory, other_file));
  }
  if (!may(directory, W_OK | X_OK)) {
    return fail(ErrorKind::system, fmt::format("directory {} cannot be written ({}): change that or {}", directory,
                                               std::strerror(errno), other_file));
  }
  return {};
}

/// Of the log beside a database; nullopt: there is none.
std::optional<off_t> log_bytes(const std::string& path) {
  struct stat log {};
  return stat((path + "-wal").c_str(), &log) == 0 ? std::optional(log.st_size) : std::nullopt;
}

/// A database is never shorter than a page once it has a log.
Result<void> check_empty(const DatabasePath& checked) {
  if (!log_bytes(checked.canonical)) return {};
  return fail(ErrorKind::system,
              fmt::format("{0} is empty, but it has a log, {0}-wal, so it was not: hearthd --recover saves "
                          "what is in the log; to begin anew, move the log away",
                          checked.shown));
}

Result<void> check_missing(const DatabasePath& checked) {
  if (log_bytes(checked.canonical).value_or(0) == 0) return {};
  return fail(
      ErrorKind::system,
      fmt::format("{0} is gone, but its log {0}-wal is there: bring the file back; to begin anew, move the log away",
                  checked.shown));
}

Result<DatabasePath> check_new(const std::string& path) {
  struct stat link {};
  if (lstat(path.c_str(), &link) == 0) {
    return fail(ErrorKind::system, fmt::format("{} is a symbolic link to a file that does not exist: create that or {}",
                                               path, other_file));
  }
  const Split parts = split(path);
  if (auto directory = check_directory(parts.directory); !directory) return forward_error(directory);
  DatabasePath checked{path, fmt::format("{}/{}", real_path(parts.directory), parts.file), false};
  if (auto missing = check_missing(checked); !missing) return forward_error(missing);
  return checked;
}

Result<void> check_magic(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(ErrorKind::system,
                fmt::format("{} cannot be read ({}): change that or {}", path, std::strerror(errno), other_file));
  }
  std::array<char, sqlite_magic.size()> start{};
  const ssize_t length = read(descriptor, start.data(), start.size());
  close(descriptor);
  if (length != static_cast<ssize_t>(start.size()) || std::string_view(start.data(), start.size()) != sqlite_magic) {
    return fail(ErrorKind::system, fmt::format("{} is not an SQLite database: {}", path, other_file));
  }
  return {};
}

}  // namespace

Result<DatabasePath> check_database_path(const std::string& path, FileStart start) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return check_new(path);
    return fail(ErrorKind::system,
                fmt::format("{} cannot be reached ({}): change that or {}", path, std::strerror(errno), other_file));
  }
  if (S_ISDIR(found.st_mode)) return fail(ErrorKind::system, fmt::format("{} is a directory: {}", path, other_file));
  if (!S_ISREG(found.st_mode)) return fail(ErrorKind::system, fmt::format("{} is not a file: {}", path, other_file));
  if (!may(path, R_OK | W_OK)) {
    const int reason = errno;
    return fail(ErrorKind::system,
                fmt::format("{} cannot be {} ({}): change that or {}", path, may(path, R_OK) ? "written" : "read",
                            std::strerror(reason), other_file));
  }
  if (found.st_size > 0 && start == FileStart::sqlite) {
    if (auto magic = check_magic(path); !magic) return forward_error(magic);
  }
  DatabasePath checked{path, real_path(path), found.st_size > 0};
  if (auto directory = check_directory(split(checked.canonical).directory); !directory) return forward_error(directory);
  if (!checked.exists && start == FileStart::sqlite) {
    if (auto empty = check_empty(checked); !empty) return forward_error(empty);
  }
  return checked;
}

}  // namespace hearth
