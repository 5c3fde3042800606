#include "nameserver/model/name_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <tuple>
#include <vector>

namespace hearth {
namespace {

constexpr std::size_t key_bytes = 15;
/// In the place of the length: the name goes on behind the key.
constexpr std::uint64_t goes_on = key_bytes + 1;

/// Fewer are compared as they are.
constexpr std::size_t keyed_min = 16;

/// The names lie anywhere in memory once they have been sorted by a first key; they are fetched this many before their turn.
constexpr std::size_t fetched_ahead = 16;

/// Orders like the bytes of a text: 15 of them, then how many there were, so that "a" comes before "a\0".
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator<(const Key& a, const Key& b) { return std::tie(a.high, a.low) < std::tie(b.high, b.low); }
  friend bool operator==(const Key&, const Key&) = default;
  [[nodiscard]] bool does_go_on() const { return (low & 0xFFU) == goes_on; }
};

std::uint64_t big_endian(const char* bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

Key key_of(std::string_view text) {
  std::array<char, 2 * sizeof(std::uint64_t)> bytes{};
  std::memcpy(bytes.data(), text.data(), std::min(text.size(), bytes.size()));
  const std::uint64_t low = big_endian(bytes.data() + sizeof(std::uint64_t));
  return {big_endian(bytes.data()), (low & ~std::uint64_t{0xFF}) | std::min<std::uint64_t>(text.size(), goes_on)};
}

struct Keyed {
  Key key;
  const CompactRegistration* entry;
};

/// Entries whose names are alike up to `start`.
struct Run {
  std::span<Keyed> entries;
  std::size_t start;
};

template <typename Visit>
void visit_names(std::span<Keyed> entries, Visit visit) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i + fetched_ahead < entries.size()) __builtin_prefetch(entries[i + fetched_ahead].entry);
    visit(entries[i], entries[i].entry->name());
  }
}

/// How far all of them are alike: names of a fleet mostly begin with the same words.
std::size_t end_of_likeness(const Run& run) {
  const std::string_view first = run.entries.front().entry->name();
  std::size_t end = first.size();
  visit_names(run.entries, [&](const Keyed&, std::string_view name) {
    end = std::min(end, name.size());
    if (std::memcmp(first.data() + run.start, name.data() + run.start, end - run.start) == 0) return;
    const auto differ = std::mismatch(first.begin() + static_cast<std::ptrdiff_t>(run.start),
                                      first.begin() + static_cast<std::ptrdiff_t>(end),
                                      name.begin() + static_cast<std::ptrdiff_t>(run.start));
    end = static_cast<std::size_t>(differ.first - first.begin());
  });
  return end;
}

void sort_as_they_are(std::span<Keyed> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Keyed& a, const Keyed& b) { return a.entry->name() < b.entry->name(); });
}

void sort_by_keys(const Run& run) {
  visit_names(run.entries, [&](Keyed& one, std::string_view name) { one.key = key_of(name.substr(run.start)); });
  const auto by_key = [](const Keyed& a, const Keyed& b) { return a.key < b.key; };
  if (std::is_sorted(run.entries.begin(), run.entries.end(), by_key)) return;
  std::sort(run.entries.begin(), run.entries.end(), by_key);
}

/// Those with the same key whose names go on.
void add_runs_within(const Run& run, std::vector<Run>& open) {
  for (auto begin = run.entries.begin(); begin != run.entries.end();) {
    const Key key = begin->key;
    const auto end = std::find_if(begin, run.entries.end(), [&key](const Keyed& one) { return !(one.key == key); });
    if (end - begin > 1 && key.does_go_on()) open.push_back({{begin, end}, run.start + key_bytes});
    begin = end;
  }
}

}  // namespace

void sort_by_name(std::span<const CompactRegistration*> entries) {
  std::vector<Keyed> keyed;
  keyed.reserve(entries.size());
  for (const CompactRegistration* entry : entries) keyed.push_back({{}, entry});

  std::vector<Run> open{{keyed, 0}};  // not by recursion: names may be alike for as long as they are
  while (!open.empty()) {
    Run run = open.back();
    open.pop_back();
    if (run.entries.size() < keyed_min) {
      sort_as_they_are(run.entries);
    } else {
      run.start = end_of_likeness(run);
      sort_by_keys(run);
      add_runs_within(run, open);
    }
  }
  std::transform(keyed.begin(), keyed.end(), entries.begin(), [](const Keyed& one) { return one.entry; });
}

}  // namespace hearth
