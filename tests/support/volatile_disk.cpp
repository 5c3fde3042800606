#include "tests/support/volatile_disk.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace hearth {

VolatileDisk::VolatileDisk(const Image& image) {
  for (const auto& [name, bytes] : image.files) durable_names_[name] = std::make_shared<VolatileFile>(bytes);
  for (const auto& [other, name] : image.other_names) durable_names_[other] = durable_names_.at(name);
  names_ = durable_names_;
}

VolatileDisk::FilePtr VolatileDisk::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found != names_.end() ? found->second : nullptr;
}

VolatileDisk::FilePtr VolatileDisk::create(const std::string& name) {
  auto file = std::make_shared<VolatileFile>();
  happen({{name, file}});
  return file;
}

void VolatileDisk::remove(const std::string& name) {
  if (find(name) != nullptr) happen({{name, nullptr}});
}

void VolatileDisk::link(const std::string& from, const std::string& to) {
  if (auto file = find(from)) happen({{to, std::move(file)}});
}

void VolatileDisk::rename(const std::string& from, const std::string& to) {
  if (auto file = find(from)) happen({{from, nullptr}, {to, std::move(file)}});
}

void VolatileDisk::sync_directory() {
  durable_names_ = names_;
  events_.clear();
}

void VolatileDisk::happen(Event event) {
  apply(event, names_);
  events_.push_back(std::move(event));
}

void VolatileDisk::apply(const Event& event, Names& names) {
  for (const auto& [name, file] : event) {
    if (file != nullptr) {
      names[name] = file;
    } else {
      names.erase(name);
    }
  }
}

VolatileDisk::Image VolatileDisk::survivors(Random& random) const {
  static constexpr unsigned fates[] = {0, 10, 50, 90, 100};  // from "the cache was lost" to "all of it was written"
  const unsigned kept_of_100 = fates[random() % std::size(fates)];
  Names names = durable_names_;
  std::set<std::string> lost;  // names whose further events are lost too
  for (const Event& event : events_) {
    const bool is_late =
        std::any_of(event.begin(), event.end(), [&](const auto& change) { return lost.count(change.first) != 0; });
    if (!is_late && random() % 100 < kept_of_100) {
      apply(event, names);
    } else {
      for (const auto& [name, file] : event) lost.insert(name);
    }
  }
  Image image;
  std::map<FilePtr, std::string> seen;
  for (const auto& [name, file] : names) {
    const auto [first, is_new] = seen.emplace(file, name);
    if (is_new) {
      image.files[name] = file->survivor(kept_of_100, random);
    } else {
      image.other_names[name] = first->second;
    }
  }
  return image;
}

}  // namespace hearth
