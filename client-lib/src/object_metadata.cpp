#include <hearth/object_metadata.h>

namespace hearth {
namespace {

ObjectMetadata::Names names_in(const Dict& dict, std::string_view key) {
  ObjectMetadata::Names names;
  const Value* value = dict.find(key);
  const auto* items = value == nullptr ? nullptr : value->as_items();
  if (items == nullptr) return names;
  for (const Value& item : *items) {
    if (const std::string* name = item.as_str()) names.insert(*name);
  }
  return names;
}

}  // namespace

ObjectMetadata object_metadata(const Value& value) {
  const Dict* dict = value.as<Dict>();
  if (dict == nullptr) return {};
  return {names_in(*dict, "methods"), names_in(*dict, "oneway"), names_in(*dict, "attrs")};
}

}  // namespace hearth
