#include "nsc/registration_lines.h"

#include <algorithm>
#include <utility>

#include "nsc/print.h"
#include "protocol/base/wtf8.h"
#include "protocol/serial/serializer.h"
#include "protocol/value/repr.h"
#include "protocol/value/uri.h"

namespace hearth::nsc {
namespace {

tl::unexpected<Error> bad(std::string text) { return fail(ErrorKind::malformed, std::move(text)); }

Result<void> take_text(Value& value, std::string_view what, std::string& text) {
  auto* found = value.as<std::string>();
  if (found == nullptr) return bad(std::string(what) + " is no text");
  if (!is_utf8(*found)) return bad(std::string(what) + " has a lone surrogate, which cannot be stored");
  text = std::move(*found);
  return {};
}

Result<void> take_tags(Value& value, std::vector<std::string>& tags) {
  if (value.is_none()) return {};
  auto* list = value.as<List>();
  if (list == nullptr) return bad("\"metadata\" is no list");
  for (Value& item : list->items) {
    if (auto taken = take_text(item, "a tag", tags.emplace_back()); !taken) return taken;
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return {};
}

Result<void> check_members(const Dict& dict) {
  for (const std::string_view needed : {"name", "uri"}) {
    if (dict.find(needed) == nullptr) return bad("\"" + std::string(needed) + "\" is missing");
  }
  for (const DictItem& item : dict.items) {
    const std::string& key = *item.key.as_str();
    if (key != "name" && key != "uri" && key != "metadata") return bad("there is no member \"" + printable(key) + "\"");
  }
  return {};
}

}  // namespace

Result<std::string> registration_line(const NameEntry& entry) { return json_line(entry_value(entry)); }

Result<NameEntry> parse_registration_line(std::string_view line) {
  auto value = serializer(SerializerName::json).load(line, {});
  if (!value) return bad("it is not JSON: " + value.error().text);
  auto* dict = value->as<Dict>();
  if (dict == nullptr) return bad("it is no object");
  if (auto checked = check_members(*dict); !checked) return forward_error(checked);
  NameEntry entry;
  if (auto taken = take_text(*dict->find("name"), "\"name\"", entry.name); !taken) return forward_error(taken);
  if (auto taken = take_text(*dict->find("uri"), "\"uri\"", entry.uri); !taken) return forward_error(taken);
  if (Value* metadata = dict->find("metadata")) {
    if (auto taken = take_tags(*metadata, entry.metadata); !taken) return forward_error(taken);
  }
  if (const auto uri = parse_uri(entry.uri); !uri) return bad("\"uri\": " + uri.error().text);
  return entry;
}

}  // namespace hearth::nsc
