#include "nameserver/model/name_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth {
namespace {

constexpr std::size_t key_bytes = 7;
/// In the place of the length: the name goes on behind the key.
constexpr std::uint64_t goes_on = key_bytes + 1;

/// Fewer are compared as they are.
constexpr std::size_t keyed_min = 16;

/// Orders like the bytes of the name from `start`: 7 of them, then how many there were, so that "a" comes before "a\0".
std::uint64_t key_at(std::string_view name, std::size_t start) {
  const std::string_view rest = name.substr(start);
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < key_bytes; ++i) {
    key = key << 8U | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U);
  }
  return key << 8U | std::min<std::uint64_t>(rest.size(), goes_on);
}

struct Keyed {
  std::uint64_t key;
  const CompactRegistration* entry;
};

/// Entries whose names are alike up to `start`.
struct Run {
  std::span<Keyed> entries;
  std::size_t start;
};

void sort_as_they_are(std::span<Keyed> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Keyed& a, const Keyed& b) { return a.entry->name() < b.entry->name(); });
}

void sort_by_keys(const Run& run) {
  for (Keyed& one : run.entries) one.key = key_at(one.entry->name(), run.start);
  const auto by_key = [](const Keyed& a, const Keyed& b) { return a.key < b.key; };
  if (std::is_sorted(run.entries.begin(), run.entries.end(), by_key)) return;
  std::sort(run.entries.begin(), run.entries.end(), by_key);
}

/// Those with the same key whose names go on.
void add_runs_within(const Run& run, std::vector<Run>& open) {
  for (auto begin = run.entries.begin(); begin != run.entries.end();) {
    const std::uint64_t key = begin->key;
    const auto end = std::find_if(begin, run.entries.end(), [key](const Keyed& one) { return one.key != key; });
    if (end - begin > 1 && (key & 0xFFU) == goes_on) open.push_back({{begin, end}, run.start + key_bytes});
    begin = end;
  }
}

}  // namespace

void sort_by_name(std::span<const CompactRegistration*> entries) {
  std::vector<Keyed> keyed;
  keyed.reserve(entries.size());
  for (const CompactRegistration* entry : entries) keyed.push_back({0, entry});

  std::vector<Run> open{{keyed, 0}};  // not by recursion: names may be alike for as long as they are
  while (!open.empty()) {
    const Run run = open.back();
    open.pop_back();
    if (run.entries.size() < keyed_min) {
      sort_as_they_are(run.entries);
    } else {
      sort_by_keys(run);
      add_runs_within(run, open);
    }
  }
  std::transform(keyed.begin(), keyed.end(), entries.begin(), [](const Keyed& one) { return one.entry; });
}

}  // namespace hearth
