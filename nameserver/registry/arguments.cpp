#include "nameserver/registry/arguments.h"

#include <fmt/format.h>

#include <hearth/uri.h>

#include "protocol/base/wtf8.h"
#include "protocol/rpc/class_dicts.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

tl::unexpected<RemoteException> type_error(std::string text) { return raise("builtins.TypeError", std::move(text)); }

std::string must_be_collection(std::string_view parameter) {
  return std::string(parameter) + " should not be a str, but another iterable (set, list, etc)";
}

/// What Python would iterate over: elements, or the keys of a dict.
Checked<std::vector<const Value*>> elements(const Value& iterable) {
  std::vector<const Value*> found;
  if (const auto* items = iterable.as_items()) {
    found.reserve(items->size());
    for (const Value& item : *items) found.push_back(&item);
  } else if (const auto* dict = iterable.as<Dict>(); dict != nullptr && !is_uri_value(iterable)) {
    for (const DictItem& item : dict->items) found.push_back(&item.key);
  } else if (const auto* bytes = iterable.as<ByteString>()) {
    static const Value any_byte = 0;  // an int, whichever
    if (!bytes->data.empty()) found.push_back(&any_byte);
  } else {
    return type_error("'" + python_type_name(iterable) + "' object is not iterable");
  }
  for (const Value* element : found) {
    if (const auto type = element->unhashable_type())
      return type_error("unhashable type: '" + std::string(*type) + "'");
  }
  return found;
}

/// `limit` is the limit's name in the settings.
struct TextRule {
  std::string_view what;
  std::uint32_t bytes_max;
  std::string_view limit;
};

Checked<std::string> storable_text(const std::string& text, const TextRule& rule) {
  if (text.size() > rule.bytes_max) {
    return raise("builtins.ValueError", fmt::format("{} is {} bytes long, this server takes {} ({})", rule.what,
                                                    text.size(), rule.bytes_max, rule.limit));
  }
  if (!has_lone_surrogate(text)) return text;
  return raise("builtins.ValueError", std::string(rule.what) + " holds a lone surrogate, which cannot be stored");
}

TextRule uri_rule(const Limits& limits) { return {"uri", limits.uri_bytes_max, "uri-bytes-max"}; }

}  // namespace

Checked<std::string> checked_name(const Value& name, const Limits& limits) {
  const std::string* text = name.as_str();
  if (text == nullptr) return type_error("name must be a str");
  return storable_text(*text, {"name", limits.name_bytes_max, "name-bytes-max"});
}

Checked<std::string> checked_uri(const Value& uri, const Limits& limits) {
  if (is_uri_value(uri)) {
    auto object = uri_from_value(uri);
    if (!object) return tl::unexpected<RemoteException>(to_exception(object.error()));
    return storable_text(object->text(), uri_rule(limits));
  }
  const std::string* text = uri.as_str();
  if (text == nullptr) return type_error("only URIs or strings can be registered");
  if (const auto parsed = parse_uri(*text); !parsed) return raise("PyroError", parsed.error().text);
  return storable_text(*text, uri_rule(limits));
}

Checked<Tags> checked_metadata(const Value& metadata, Dialect dialect, const Limits& limits) {
  if (metadata.as_str() != nullptr) return type_error(must_be_collection("metadata"));
  if (metadata.is_none() || (dialect == Dialect::pyro4 && !metadata.is_truthy())) return Tags{};
  auto found = elements(metadata);
  if (!found) return tl::unexpected<RemoteException>(std::move(found.error()));
  Tags tags;
  tags.reserve(found->size());
  for (const Value* element : *found) {
    const std::string* text = element->as_str();
    // The Python name server keeps an int as an int; SQLite and every client know tags as text.
    if (text == nullptr) return type_error("metadata tags must be str, not " + std::string(element->type_name()));
    auto tag = storable_text(*text, {"metadata tag", limits.tag_bytes_max, "tag-bytes-max"});
    if (!tag) return tl::unexpected<RemoteException>(std::move(tag.error()));
    tags.push_back(std::move(*tag));
  }
  sort_tags(tags);
  if (tags.size() <= limits.tags_per_name_max) return tags;
  return raise("builtins.ValueError",
               fmt::format("{} metadata tags, this server takes {} for one name (tags-per-name-max)", tags.size(),
                           limits.tags_per_name_max));
}

Checked<SearchTags> checked_search_tags(const Value& tags, std::string_view parameter) {
  if (tags.as_str() != nullptr) return type_error(must_be_collection(parameter));
  auto found = elements(tags);
  if (!found) return tl::unexpected<RemoteException>(std::move(found.error()));
  SearchTags search;
  for (const Value* element : *found) {
    if (const std::string* text = element->as_str()) {
      search.tags.push_back(*text);
    } else {
      search.has_other = true;
    }
  }
  sort_tags(search.tags);
  return search;
}

Checked<std::string_view> checked_lookup_name(const Value& name) {
  if (const std::string* text = name.as_str()) return std::string_view(*text);
  if (const auto type = name.unhashable_type(); type && !is_uri_value(name)) {
    return type_error("unhashable type: '" + std::string(*type) + "'");
  }
  return type_error("can only concatenate str (not \"" + python_type_name(name) + "\") to str");
}

}  // namespace hearth
