/// Whole files as bytes; and a user who may not do everything.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "protocol/base/check.h"

namespace hearth {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  HEARTH_CHECK(!file.fail());
}

/// Name -> bytes of every file in a directory (not below it).
inline std::map<std::string, std::string> read_directory(const std::string& path) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    files[entry.path().filename().string()] = entry.is_regular_file() ? read_file(entry.path().string()) : "";
  }
  return files;
}

/// As long as it lives, permissions count: tests that run as root continue as an ordinary user.
class OrdinaryUser {
 public:
  OrdinaryUser() {
    if (was_root_) HEARTH_CHECK(seteuid(65534) == 0);
  }
  ~OrdinaryUser() {
    if (was_root_) HEARTH_CHECK(seteuid(0) == 0);
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

 private:
  const bool was_root_ = geteuid() == 0;
};

}  // namespace hearth
