#include "nsc/print.h"

#include <array>
#include <cstdio>
#include <iterator>

#include "protocol/serial/serializer.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

void append_tags(std::string& out, const TagSet& tags) {
  out += "metadata: {";
  std::string_view separator;
  for (const std::string& tag : tags) {
    out += separator;
    append_str_repr(out, tag);
    separator = ", ";
  }
  out += "}\n";
}

Value tags_value(const TagSet& tags) {
  List list;
  for (const std::string& tag : tags) list.items.emplace_back(tag);
  return list;
}

}  // namespace

std::string listing_text(const NameListing& listing, std::string_view title) {
  std::string text = "--------START LIST ";
  text.append(title).append("\n");
  for (const NameEntry& entry : listing) {
    text.append(entry.name).append(" --> ").append(entry.uri).append("\n");
    if (entry.metadata.empty()) continue;
    text += "    ";
    append_tags(text, entry.metadata);
  }
  return text.append("--------END LIST ").append(title).append("\n");
}

std::string entry_text(const NameEntry& entry) {
  std::string text = entry.uri + "\n";
  if (!entry.metadata.empty()) append_tags(text, entry.metadata);
  return text;
}

Value listing_value(const NameListing& listing) {
  Dict dict;
  dict.items.reserve(listing.size());
  for (const NameEntry& entry : listing) {
    Dict registration;
    registration.add("uri", entry.uri);
    registration.add("metadata", tags_value(entry.metadata));
    dict.add(entry.name, std::move(registration));
  }
  return dict;
}

Value entry_value(const NameEntry& entry) {
  Dict dict;
  dict.add("name", entry.name);
  dict.add("uri", entry.uri);
  dict.add("metadata", tags_value(entry.metadata));
  return dict;
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  auto amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < std::size(units); ++unit) amount /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", amount, units[unit]);
  return text.data();
}

Result<std::string> json_line(const Value& value) {
  std::string line;
  if (auto dumped = serializer(SerializerName::json).dump(value, line); !dumped) return forward_error(dumped);
  line += '\n';
  return line;
}

}  // namespace hearth::nsc
