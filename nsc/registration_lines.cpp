#include "nsc/registration_lines.h"

#include <utility>

#include "nsc/print.h"
#include "protocol/base/limits.h"
#include "protocol/base/wtf8.h"
#include "protocol/serial/serializer.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

tl::unexpected<Error> malformed(std::string text) { return fail(ErrorKind::malformed, std::move(text)); }

Result<void> take_text(Value& value, const std::string& what, std::string& text) {
  auto* found = value.as<std::string>();
  if (found == nullptr) return malformed(what + " is no text");
  if (!is_utf8(*found)) return malformed(what + " has a lone surrogate, which cannot be stored");
  text = std::move(*found);
  return {};
}

Result<void> take_tags(Value& value, TagSet& tags) {
  if (value.is_none()) return {};
  auto* list = value.as<List>();
  if (list == nullptr) return malformed("\"metadata\" is no list");
  for (Value& item : list->items) {
    std::string tag;
    if (auto taken = take_text(item, "a tag", tag); !taken) return taken;
    tags.insert(std::move(tag));
  }
  return {};
}

Result<void> take_member(const std::string& key, Value& value, NameEntry& entry) {
  if (key == "name") return take_text(value, "\"name\"", entry.name);
  if (key == "uri") return take_text(value, "\"uri\"", entry.uri);
  if (key == "metadata") return take_tags(value, entry.metadata);
  return malformed("a registration has no \"" + printable(key) + "\"");
}

/// `find` answers the last of equal keys.
bool is_repeated(const Dict& dict, const DictItem& item) { return dict.find(*item.key.as_str()) != &item.value; }

}  // namespace

Result<std::string> registration_line(const NameEntry& entry) { return json_line(entry_value(entry)); }

Result<NameEntry> parse_registration_line(std::string_view line) {
  auto value = serializer(SerializerName::json).load(line, DecodeLimits{});
  if (!value) return forward_error(value);
  auto* dict = value->as<Dict>();
  if (dict == nullptr) return malformed("it is no object {…}");
  NameEntry entry;
  for (DictItem& item : dict->items) {
    const std::string& key = *item.key.as_str();
    if (is_repeated(*dict, item)) return malformed("\"" + printable(key) + "\" stands there twice");
    if (auto taken = take_member(key, item.value, entry); !taken) return forward_error(taken);
  }
  for (const std::string_view needed : {"name", "uri"}) {
    if (dict->find(needed) == nullptr) return malformed("\"" + std::string(needed) + "\" is missing");
  }
  return entry;
}

}  // namespace hearth::nsc
