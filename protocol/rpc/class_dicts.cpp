#include "protocol/rpc/class_dicts.h"

#include <utility>

#include "protocol/rpc/dialect_map.h"
#include "protocol/rpc/python_exceptions.h"
#include "protocol/value/uri_state.h"

namespace hearth {
namespace {

const std::string* class_of(const Value& value) {
  const Dict* dict = value.as<Dict>();
  const Value* name = dict == nullptr ? nullptr : dict->find("__class__");
  return name == nullptr ? nullptr : name->as_str();
}

bool is_object_of(const Value& value, PyroClass pyro_class) {
  const std::string* name = class_of(value);
  return name != nullptr && pyro_class_of(*name) == pyro_class;
}

bool is_exception_dict(const Dict& dict) {
  const Value* mark = dict.find("__exception__");
  return mark != nullptr && mark->is_truthy();
}

}  // namespace

Value uri_value(Uri uri, Dialect dialect) {
  Dict dict;
  dict.add("__class__", class_name(dialect, PyroClass::uri));
  dict.add("state", uri_state(std::move(uri)));
  return dict;
}

bool is_uri_value(const Value& value) { return is_object_of(value, PyroClass::uri); }
bool is_proxy_value(const Value& value) { return is_object_of(value, PyroClass::proxy); }

Result<Uri> uri_from_value(const Value& value) {
  const Dict* dict = value.as<Dict>();
  const Value* state = dict == nullptr ? nullptr : dict->find("state");
  if (state == nullptr) return fail(ErrorKind::malformed, "a URI object without state");
  return uri_from_state(*state);
}

std::optional<RemoteException> refused_class(const Value& value) {
  if (const Dict* dict = value.as<Dict>()) {
    if (const std::string* name = class_of(value)) {
      if (pyro_class_of(*name) || is_exception_dict(*dict)) return std::nullopt;
      if (name->find("__") != std::string::npos) {
        return raise("SecurityError", "refused to deserialize types with double underscores in their name: " + *name)
            .value();
      }
      return raise("SerializeError", "unsupported serialized class: " + *name).value();
    }
    for (const DictItem& item : dict->items) {
      if (auto refused = refused_class(item.value)) return refused;
    }
    return std::nullopt;
  }
  if (const auto* items = value.as_items()) {
    for (const Value& item : *items) {
      if (auto refused = refused_class(item)) return refused;
    }
  }
  return std::nullopt;
}

std::string python_type_name(const Value& value) {
  const std::string* name = class_of(value);
  if (name == nullptr) return std::string(value.type_name());
  return name->substr(name->rfind('.') + 1);
}

}  // namespace hearth
