#include "tests/support/volatile_file.h"

#include <algorithm>

namespace hearth {
namespace {

unsigned below(VolatileFile::Random& random, std::size_t bound) { return static_cast<unsigned>(random() % bound); }

/// Sector `number` of a file, shorter at its end and empty behind it.
std::string sector_of(const std::string& bytes, std::size_t number) {
  const std::size_t start = number * VolatileFile::sector_bytes;
  return start < bytes.size() ? bytes.substr(start, VolatileFile::sector_bytes) : std::string();
}

void put_sector(std::string& bytes, std::size_t number, const std::string& content) {
  const std::size_t start = number * VolatileFile::sector_bytes;
  if (start >= bytes.size()) return;  // behind the length that survived
  const std::size_t room = std::min(VolatileFile::sector_bytes, bytes.size() - start);
  const std::size_t filled = std::min(room, content.size());
  bytes.replace(start, filled, content, 0, filled);
  bytes.replace(start + filled, room - filled, room - filled, '\0');
}

}  // namespace

void VolatileFile::write(std::string_view bytes, std::uint64_t offset) {
  const std::size_t end = offset + bytes.size();
  const std::size_t old_size = bytes_.size();
  if (old_size < end) bytes_.resize(end);
  bytes_.replace(offset, bytes.size(), bytes);
  note(std::min<std::size_t>(offset, old_size), end, false);
}

void VolatileFile::truncate(std::uint64_t size) {
  const std::size_t old_size = bytes_.size();
  bytes_.resize(size);
  if (size < old_size) ++truncations_;
  note(std::min<std::size_t>(size, old_size), std::max<std::size_t>(size, old_size), size < old_size);
}

/// Remembers the present content of the sectors between two bytes, and the length.
void VolatileFile::note(std::size_t first_byte, std::size_t end_byte, bool is_truncation) {
  for (std::size_t number = first_byte / sector_bytes; number * sector_bytes < end_byte; ++number) {
    Sector& sector = sectors_[number];
    if (sector.versions.empty()) sector.versions.push_back({0, false, sector_of(durable_, number)});
    sector.versions.push_back({truncations_, is_truncation, sector_of(bytes_, number)});
    sector.is_dirty = true;
  }
  sizes_.push_back({truncations_, bytes_.size()});
}

void VolatileFile::sync() {
  durable_.resize(bytes_.size());
  for (auto next = sectors_.begin(); next != sectors_.end();) {
    auto& [number, sector] = *next;
    if (sector.is_dirty) put_sector(durable_, number, sector.versions.back().content);
    if (sector.is_dirty || number * sector_bytes >= bytes_.size()) {
      next = sectors_.erase(next);
      continue;
    }
    for (Version& version : sector.versions) version = {0, false, std::move(version.content)};
    ++next;
  }
  truncations_ = 0;
  sizes_.clear();
}

void VolatileFile::fail_sync() {
  for (auto& [number, sector] : sectors_) sector.is_dirty = false;
}

std::string VolatileFile::survivor(unsigned kept_of_100, Random& random) const {
  if (kept_of_100 == 0) return durable_;
  if (kept_of_100 == 100) return bytes_;
  const unsigned truncations = below(random, truncations_ + 1);
  const char never_written = below(random, 2) == 0 ? '\0' : '\xA5';  // file systems differ in what they show there
  std::string bytes = durable_;
  bytes.resize(surviving_size(truncations, random), never_written);
  for (const auto& [number, sector] : sectors_) {
    const bool is_changed = below(random, 100) < kept_of_100;
    put_sector(bytes, number, surviving_version(sector.versions, truncations, is_changed, random));
  }
  return bytes;
}

/// One that the file had between that many truncations and the next.
std::size_t VolatileFile::surviving_size(unsigned truncations, Random& random) const {
  std::vector<std::size_t> sizes;
  if (truncations == 0) sizes.push_back(durable_.size());
  for (const Size& size : sizes_) {
    if (size.truncations == truncations) sizes.push_back(size.bytes);
  }
  return sizes[below(random, sizes.size())];
}

/// The content before the changes since the last sync, or since the truncation that has cut the sector; or, if `is_changed`,
/// any of those after it.
const std::string& VolatileFile::surviving_version(const std::vector<Version>& versions, unsigned truncations,
                                                   bool is_changed, Random& random) {
  std::size_t first = 0;
  std::size_t end = 0;
  for (; end < versions.size() && versions[end].truncations <= truncations; ++end) {
    if (versions[end].is_truncation) first = end;
  }
  return versions[is_changed ? first + below(random, end - first) : first].content;
}

}  // namespace hearth
