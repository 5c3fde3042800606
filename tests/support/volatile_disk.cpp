#include "tests/support/volatile_disk.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace hearth {
namespace {

unsigned below(VolatileDisk::Random& random, std::size_t bound) { return static_cast<unsigned>(random() % bound); }

/// Sector `number` of a file, shorter at its end and empty behind it.
std::string sector_of(const std::string& bytes, std::size_t number) {
  const std::size_t start = number * VolatileDisk::sector_bytes;
  return start < bytes.size() ? bytes.substr(start, VolatileDisk::sector_bytes) : std::string();
}

void put_sector(std::string& bytes, std::size_t number, const std::string& content) {
  const std::size_t start = number * VolatileDisk::sector_bytes;
  if (start >= bytes.size()) return;  // behind the length that survived
  const std::size_t room = std::min(VolatileDisk::sector_bytes, bytes.size() - start);
  const std::size_t filled = std::min(room, content.size());
  bytes.replace(start, filled, content, 0, filled);
  bytes.replace(start + filled, room - filled, room - filled, '\0');
}

}  // namespace

VolatileDisk::VolatileDisk(const Image& image) {
  for (const auto& [name, bytes] : image) durable_names_[name] = std::make_shared<File>(File{bytes, bytes, 0, {}, {}});
  names_ = durable_names_;
}

void VolatileDisk::create(const std::string& name) {
  FilePtr& file = names_[name];
  if (file != nullptr) return;
  file = std::make_shared<File>();
  changes_[name].push_back(file);
}

void VolatileDisk::remove(const std::string& name) {
  if (names_.erase(name) != 0) changes_[name].push_back(nullptr);
}

VolatileDisk::File& VolatileDisk::find(const std::string& name) {
  const auto found = names_.find(name);
  HEARTH_CHECK(found != names_.end());  // a file that has lost its name is not in the model
  return *found->second;
}

void VolatileDisk::write(const std::string& name, std::string_view bytes, std::uint64_t offset) {
  File& file = find(name);
  const std::size_t end = offset + bytes.size();
  const std::size_t old_size = file.bytes.size();
  if (file.bytes.size() < end) file.bytes.resize(end);
  file.bytes.replace(offset, bytes.size(), bytes);
  note(file, std::min<std::size_t>(offset, old_size), end, false);
}

void VolatileDisk::truncate(const std::string& name, std::uint64_t size) {
  File& file = find(name);
  const std::size_t old_size = file.bytes.size();
  file.bytes.resize(size);
  if (size < old_size) ++file.truncations;
  note(file, std::min<std::size_t>(size, old_size), std::max<std::size_t>(size, old_size), size < old_size);
}

/// Remembers the present content of the sectors between two bytes, and the length.
void VolatileDisk::note(File& file, std::size_t first_byte, std::size_t end_byte, bool is_truncation) {
  for (std::size_t number = first_byte / sector_bytes; number * sector_bytes < end_byte; ++number) {
    std::vector<Version>& versions = file.sectors[number];
    if (versions.empty()) versions.push_back({0, false, sector_of(file.durable, number)});
    versions.push_back({file.truncations, is_truncation, sector_of(file.bytes, number)});
  }
  file.sizes.push_back({file.truncations, file.bytes.size()});
}

void VolatileDisk::sync(const std::string& name) {
  File& file = find(name);
  file.durable.resize(file.bytes.size());
  for (const auto& [number, versions] : file.sectors) put_sector(file.durable, number, versions.back().content);
  file.truncations = 0;
  file.sizes.clear();
  file.sectors.clear();
}

void VolatileDisk::sync_directory() {
  durable_names_ = names_;
  changes_.clear();
}

VolatileDisk::Image VolatileDisk::survivors(Random& random) const {
  static constexpr unsigned fates[] = {0, 10, 50, 90, 100};  // from "the cache was lost" to "all of it was written"
  const unsigned kept_of_100 = fates[below(random, std::size(fates))];
  std::map<std::string, FilePtr> names = durable_names_;
  for (const auto& [name, versions] : changes_) {
    if (below(random, 100) < kept_of_100) names[name] = versions[below(random, versions.size())];
  }
  Image image;
  for (const auto& [name, file] : names) {
    if (file != nullptr) image[name] = survivor(*file, kept_of_100, random);
  }
  return image;
}

std::string VolatileDisk::survivor(const File& file, unsigned kept_of_100, Random& random) {
  if (kept_of_100 == 0) return file.durable;
  if (kept_of_100 == 100) return file.bytes;
  const unsigned truncations = below(random, file.truncations + 1);
  const char never_written = below(random, 2) == 0 ? '\0' : '\xA5';  // file systems differ in what they show there
  std::string bytes = file.durable;
  bytes.resize(surviving_size(file, truncations, random), never_written);
  for (const auto& [number, versions] : file.sectors) {
    const bool is_changed = below(random, 100) < kept_of_100;
    put_sector(bytes, number, surviving_sector(versions, truncations, is_changed, random));
  }
  return bytes;
}

/// One that the file had between that many truncations and the next.
std::size_t VolatileDisk::surviving_size(const File& file, unsigned truncations, Random& random) {
  std::vector<std::size_t> sizes;
  if (truncations == 0) sizes.push_back(file.durable.size());
  for (const Size& size : file.sizes) {
    if (size.truncations == truncations) sizes.push_back(size.bytes);
  }
  return sizes[below(random, sizes.size())];
}

/// The content before the changes since the last sync, or since the truncation that has cut the sector; or, if `is_changed`,
/// any of those after it.
std::string VolatileDisk::surviving_sector(const std::vector<Version>& versions, unsigned truncations, bool is_changed,
                                           Random& random) {
  std::size_t first = 0;
  std::size_t end = 0;
  for (; end < versions.size() && versions[end].truncations <= truncations; ++end) {
    if (versions[end].is_truncation) first = end;
  }
  return versions[is_changed ? first + below(random, end - first) : first].content;
}

}  // namespace hearth
