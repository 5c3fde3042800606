/// VolatileDisk: the model of a disk with a write cache: what it may hold after the power has failed.
///
/// Thread rule: none, plain object.
/// What is kept and what is lost is decided sector by sector: every sector that was written since the last sync of its file
/// holds any of the contents that it had since then, whatever became of the others; the file's length is any that it had.
/// Only a truncation is one event: it happened or not, and what was written behind it needs it.
/// Between two sectors nothing has an order; within one, bytes outside a write are safe, as SQLite assumes
/// (SQLITE_IOCAP_POWERSAFE_OVERWRITE, the default on Unix). A name that came or went since the last sync of its directory
/// did so or not, whatever became of the file's content.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

class VolatileDisk {
 public:
  static constexpr std::size_t sector_bytes = 512;
  using Random = std::mt19937;
  /// Name -> bytes.
  using Image = std::map<std::string, std::string>;

  /// All of the image is durable.
  explicit VolatileDisk(const Image& image);

  void create(const std::string& name);
  void remove(const std::string& name);
  void write(const std::string& name, std::string_view bytes, std::uint64_t offset);
  void truncate(const std::string& name, std::uint64_t size);
  void sync(const std::string& name);
  void sync_directory();

  /// What is there when the power comes back: a different one each time.
  [[nodiscard]] Image survivors(Random& random) const;

 private:
  /// What a sector holds after one change of its file.
  struct Version {
    unsigned truncations;  ///< of the file, before or with it, since the last sync
    bool is_truncation;
    std::string content;
  };
  struct Size {
    unsigned truncations;
    std::uint64_t bytes;
  };
  struct File {
    std::string bytes;         ///< as programs see it
    std::string durable;       ///< as of the last sync
    unsigned truncations = 0;  ///< since then
    std::vector<Size> sizes;   ///< since then
    std::map<std::size_t, std::vector<Version>>
        sectors;  ///< those changed since then, each with its durable content first
  };
  using FilePtr = std::shared_ptr<File>;  ///< several names of the past may lead to it; nullptr: there was no such name

  [[nodiscard]] File& find(const std::string& name);
  static void note(File& file, std::size_t first_byte, std::size_t end_byte, bool is_truncation);
  [[nodiscard]] static std::size_t surviving_size(const File& file, unsigned truncations, Random& random);
  [[nodiscard]] static std::string surviving_sector(const std::vector<Version>& versions, unsigned truncations,
                                                    bool is_changed, Random& random);
  [[nodiscard]] static std::string survivor(const File& file, unsigned kept_of_100, Random& random);

  std::map<std::string, FilePtr> names_;  ///< as programs see them
  std::map<std::string, FilePtr> durable_names_;
  std::map<std::string, std::vector<FilePtr>> changes_;  ///< of names since the last sync of the directory
};

}  // namespace hearth
