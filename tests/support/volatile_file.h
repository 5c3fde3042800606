/// VolatileFile: the model of a file on a disk with a write cache: what it may hold after the power has failed.
///
/// Thread rule: none, plain object.
/// What is kept and what is lost is decided sector by sector: every sector that was written since the last sync holds any of
/// the contents that it had since then, whatever became of the others; the length is any that the file had. Only a truncation
/// is one event: it happened or not, and what was written behind it needs it.
/// Between two sectors nothing has an order; within one, bytes outside a write are safe, as SQLite assumes
/// (SQLITE_IOCAP_POWERSAFE_OVERWRITE, the default on Unix).
/// A sync that fails may have written anything, and the next one does not try again what was written before: kernels take
/// pages whose writing has failed for clean (fsync(2), "Since Linux 4.13").
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

class VolatileFile {
 public:
  static constexpr std::size_t sector_bytes = 512;
  using Random = std::mt19937;

  /// All of it is durable.
  explicit VolatileFile(std::string bytes = {}) : bytes_(std::move(bytes)), durable_(bytes_) {}

  void write(std::string_view bytes, std::uint64_t offset);
  void truncate(std::uint64_t size);
  void sync();
  void fail_sync();

  /// What is there when the power comes back: a different one each time. About so many of 100 changes have reached the disk.
  [[nodiscard]] std::string survivor(unsigned kept_of_100, Random& random) const;

 private:
  /// What a sector holds after one change of the file.
  struct Version {
    unsigned truncations;  ///< of the file, before or with it, since the last sync
    bool is_truncation;
    std::string content;
  };
  struct Sector {
    std::vector<Version> versions;  ///< the durable one first
    bool is_dirty = true;           ///< false: a sync has failed since the last change
  };
  struct Size {
    unsigned truncations;
    std::uint64_t bytes;
  };

  void note(std::size_t first_byte, std::size_t end_byte, bool is_truncation);
  [[nodiscard]] std::size_t surviving_size(unsigned truncations, Random& random) const;
  [[nodiscard]] static const std::string& surviving_version(const std::vector<Version>& versions, unsigned truncations,
                                                            bool is_changed, Random& random);

  std::string bytes_;                      ///< as programs see it
  std::string durable_;                    ///< as of the last sync
  unsigned truncations_ = 0;               ///< since then
  std::vector<Size> sizes_;                ///< since then
  std::map<std::size_t, Sector> sectors_;  ///< those that may differ from the durable content
};

}  // namespace hearth
