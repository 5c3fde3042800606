#include "nameserver/store/recovered_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "nameserver/store/file_copy.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

constexpr std::string_view kept_suffix = ".damaged-";

bool is_there(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return {};
  return fail(ErrorKind::system, fmt::format("cannot rename {} to {}: {}", from, to, std::strerror(errno)));
}

Result<std::string> link_aside(const std::string& path) {
  for (int number = 1;; ++number) {
    std::string aside = fmt::format("{}{}{}", path, kept_suffix, number);
    if (link(path.c_str(), aside.c_str()) == 0) return aside;
    if (errno != EEXIST) {
      return fail(ErrorKind::system, fmt::format("cannot keep the old file as {}: {}", aside, std::strerror(errno)));
    }
  }
}

/// "<path>.damaged-N", if one of them is the same file as the path; else "".
std::string other_name_of(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0 || file.st_nlink < 2) return {};
  std::error_code problem;
  const std::string start = path + std::string(kept_suffix);
  for (const auto& entry : std::filesystem::directory_iterator(path.substr(0, path.rfind('/') + 1), problem)) {
    std::string name = entry.path().string();
    struct stat other {};
    if (name.starts_with(start) && lstat(name.c_str(), &other) == 0 && other.st_dev == file.st_dev &&
        other.st_ino == file.st_ino) {
      return name;
    }
  }
  return {};
}

}  // namespace

Result<std::string> put_in_place(const std::string& recovered, const std::string& path) {
  auto aside = link_aside(path);
  if (!aside) return aside;
  // Each step is on the disk before the next: take_back_half_put() must find them in this order, and the new file must not meet
  // a log, not even one that was deleted just now.
  if (auto synced = sync_directory_of(path); !synced) return forward_error(synced);
  for (const char* suffix : log_suffixes) {
    if (!is_there(path + suffix)) continue;
    if (auto moved = rename_file(path + suffix, *aside + suffix); !moved) return forward_error(moved);
    if (auto synced = sync_directory_of(path); !synced) return forward_error(synced);
  }
  unlink((path + "-shm").c_str());  // the memory of programs that had the old file open
  if (auto moved = rename_file(recovered, path); !moved) return forward_error(moved);
  if (auto synced = sync_directory_of(path); !synced) return forward_error(synced);
  return aside;
}

Result<void> take_back_half_put(const std::string& path) {
  const std::string aside = other_name_of(path);
  if (aside.empty()) return {};
  for (const char* suffix : log_suffixes) {
    if (!is_there(aside + suffix)) continue;
    if (is_there(path + suffix)) return {};  // somebody has opened the file since then: no longer ours to mend
    if (auto moved = rename_file(aside + suffix, path + suffix); !moved) return moved;
    if (auto synced = sync_directory_of(path); !synced) return synced;
    log(LogLevel::warning, LogCategory::store,
        fmt::format("{}: a recovery was interrupted; the file has been given its log back", path));
  }
  unlink(aside.c_str());
  return {};
}

}  // namespace hearth
