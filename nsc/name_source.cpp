#include "nsc/name_source.h"

#include <hearth/uri.h>

#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

/// More than that are not told: a file of another kind has one in each line.
constexpr std::size_t troubles_told_max = 10;

}  // namespace

void NameSource::add(NameEntry entry, std::size_t line) {
  if (entry.name == name_server_object_id) {
    if (!has_left_out_own_) add_note("left out Pyro.NameServer, which each name server registers for itself");
    has_left_out_own_ = true;
    return;
  }
  if (const auto uri = parse_uri(entry.uri); !uri) {
    add_trouble(line, "the URI of " + printable(entry.name) + " is none: " + uri.error().text);
  }
  entries_.push_back(std::move(entry));
  lines_.push_back(line);
}

void NameSource::add_trouble(std::size_t line, const std::string& what) {
  if (++trouble_count_ <= troubles_told_max) troubles_.push_back(place_of_line(line) + ": " + what);
}

void NameSource::make_index() {
  index_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto [first, is_new] = index_.emplace(entries_[i].name, i);
    if (is_new) continue;
    const std::size_t line = lines_[first->second];
    add_trouble(lines_[i], printable(entries_[i].name) + " stands there twice" +
                               (line == 0 ? "" : ", in line " + std::to_string(line) + " too"));
  }
}

std::optional<std::size_t> NameSource::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

std::string NameSource::place_of_line(std::size_t line) const {
  return line == 0 ? shown_ : shown_ + ":" + std::to_string(line);
}

}  // namespace hearth::nsc
