/// VolatileDisk: the model of a directory on a disk with a write cache: what may be there after the power has failed.
///
/// Thread rule: none, plain object.
/// Of what happened to the names since the last sync of the directory, each event was kept or lost, whatever became of the
/// files' content; those of one name keep their order, and a rename is one event. For the content see VolatileFile.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/volatile_file.h"

namespace hearth {

class VolatileDisk {
 public:
  using Random = VolatileFile::Random;
  using FilePtr = std::shared_ptr<VolatileFile>;
  struct Image {
    std::map<std::string, std::string> files;        ///< name -> bytes
    std::map<std::string, std::string> other_names;  ///< of those files: hard link -> name

    auto operator<=>(const Image&) const = default;
  };

  /// All of the image is durable.
  explicit VolatileDisk(const Image& image);

  /// nullptr if no file has the name.
  [[nodiscard]] FilePtr find(const std::string& name) const;
  /// An empty one, in the place of what had the name.
  FilePtr create(const std::string& name);
  void remove(const std::string& name);
  void link(const std::string& from, const std::string& to);
  void rename(const std::string& from, const std::string& to);
  void sync_directory();

  /// What is there when the power comes back: a different one each time.
  [[nodiscard]] Image survivors(Random& random) const;

 private:
  /// Names and where they lead from then on; nullptr: nowhere.
  using Event = std::vector<std::pair<std::string, FilePtr>>;
  using Names = std::map<std::string, FilePtr>;

  void happen(Event event);
  static void apply(const Event& event, Names& names);

  Names names_;                ///< as programs see them
  Names durable_names_;        ///< as of the last sync of the directory
  std::vector<Event> events_;  ///< since then
};

}  // namespace hearth
