/// HeldFile: a file that SQLite has open, known by itself and not by its name, which may come to lead elsewhere.
///
/// Layer: store.        Thread rule: one thread at a time.
/// Ownership: keeps the file's inode from being used again. Its descriptor is O_PATH: closing any other would drop the locks
/// that SQLite holds on the file (POSIX locks go by process).
#pragma once

#include <cstdint>
#include <string>

#include <hearth/result.h>

namespace hearth {

class HeldFile {
 public:
  /// ErrorKind::storage if there is none at the path.
  [[nodiscard]] static Result<HeldFile> at(const std::string& path);

  HeldFile(HeldFile&& other) noexcept;
  HeldFile& operator=(HeldFile&&) = delete;
  ~HeldFile();

  /// Whether the path leads to this file.
  [[nodiscard]] bool is_at(const std::string& path) const;
  /// Whether any name is left that leads to it.
  [[nodiscard]] bool has_name() const;
  /// Whether it has become shorter since the last time that this was asked.
  [[nodiscard]] bool has_shrunk();
  /// 0 if it cannot be told.
  [[nodiscard]] std::uint64_t size_bytes() const;

 private:
  explicit HeldFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::uint64_t bytes_ = 0;  ///< as of the last has_shrunk()
};

}  // namespace hearth
