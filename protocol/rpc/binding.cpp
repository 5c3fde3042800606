#include "protocol/rpc/binding.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

#include "protocol/base/check.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Pyro4/util.py _private_dunder_methods; the same in Pyro5/server.py.
constexpr std::array<std::string_view, 45> private_dunder_names{"__init__",
                                                                "__init_subclass__",
                                                                "__class__",
                                                                "__module__",
                                                                "__weakref__",
                                                                "__call__",
                                                                "__new__",
                                                                "__del__",
                                                                "__repr__",
                                                                "__unicode__",
                                                                "__str__",
                                                                "__format__",
                                                                "__nonzero__",
                                                                "__bool__",
                                                                "__coerce__",
                                                                "__cmp__",
                                                                "__eq__",
                                                                "__ne__",
                                                                "__hash__",
                                                                "__ge__",
                                                                "__gt__",
                                                                "__le__",
                                                                "__lt__",
                                                                "__dir__",
                                                                "__enter__",
                                                                "__exit__",
                                                                "__copy__",
                                                                "__deepcopy__",
                                                                "__sizeof__",
                                                                "__getattr__",
                                                                "__setattr__",
                                                                "__hasattr__",
                                                                "__getattribute__",
                                                                "__delattr__",
                                                                "__instancecheck__",
                                                                "__subclasscheck__",
                                                                "__getinitargs__",
                                                                "__getnewargs__",
                                                                "__getstate__",
                                                                "__setstate__",
                                                                "__reduce__",
                                                                "__reduce_ex__",
                                                                "__getstate_for_dict__",
                                                                "__setstate_from_dict__",
                                                                "__subclasshook__"};

/// Of one of our own methods.
constexpr std::size_t parameters_max = 32;

/// What every Python object has that is neither private nor exposed.
constexpr std::array<std::string_view, 2> universal_attributes{"__dict__", "__doc__"};

template <class Range>
bool contains(const Range& range, std::string_view name) {
  return std::find(range.begin(), range.end(), name) != range.end();
}

bool is_private(std::string_view name) {
  if (!name.starts_with('_')) return false;
  if (contains(private_dunder_names, name)) return true;
  return !(name.size() > 4 && name.starts_with("__") && name.ends_with("__"));
}

const Method* exposed_method(const RemoteObject& object, Dialect dialect, std::string_view name) {
  for (const Method& method : object.methods(dialect)) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

RemoteException exception_of(std::string_view type, std::string text) { return raise(type, std::move(text)).value(); }

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

std::string qualified(const RemoteObject& object, const Method& method) {
  return std::string(object.class_name()) + "." + std::string(method.name) + "()";
}

std::size_t required_count(const Method& method) {
  return static_cast<std::size_t>(std::count_if(method.parameters.begin(), method.parameters.end(),
                                                [](const Parameter& parameter) { return !parameter.default_value; }));
}

RemoteException too_many_arguments(const RemoteObject& object, const Method& method, std::size_t given) {
  const std::size_t least = required_count(method) + 1;  // Python counts self
  const std::size_t most = method.parameters.size() + 1;
  std::string takes =
      least == most ? std::to_string(most) : "from " + std::to_string(least) + " to " + std::to_string(most);
  takes += most == 1 ? " positional argument" : " positional arguments";
  return exception_of("builtins.TypeError", qualified(object, method) + " takes " + takes + " but " +
                                                std::to_string(given + 1) + " were given");
}

RemoteException missing_arguments(const RemoteObject& object, const Method& method,
                                  const std::vector<std::string_view>& missing) {
  std::string names = quoted(missing.front());
  for (std::size_t i = 1; i < missing.size(); ++i) {
    const bool is_last = i + 1 == missing.size();
    names += is_last ? (missing.size() > 2 ? ", and " : " and ") : ", ";
    names += quoted(missing[i]);
  }
  return exception_of("builtins.TypeError", qualified(object, method) + " missing " + std::to_string(missing.size()) +
                                                " required positional argument" + (missing.size() > 1 ? "s" : "") +
                                                ": " + names);
}

}  // namespace

tl::expected<const Method*, RemoteException> find_method(const RemoteObject& object, Dialect dialect,
                                                         const Value& name) {
  const std::string* text = name.as_str();
  if (text == nullptr)
    return raise("builtins.TypeError", "attribute name must be string, not " + quoted(name.type_name()));
  if (is_private(*text))
    return raise("builtins.AttributeError", "attempt to access private attribute " + quoted(*text));
  if (const Method* method = exposed_method(object, dialect, *text)) return method;
  if (contains(object.unexposed_attributes(), *text) || contains(universal_attributes, *text)) {
    return raise("builtins.AttributeError", "attempt to access unexposed attribute " + quoted(*text));
  }
  return raise("builtins.AttributeError", quoted(object.class_name()) + " object has no attribute " + quoted(*text));
}

RemoteException attribute_error(const RemoteObject& object, Dialect dialect, const Value& args) {
  const auto* items = args.as_items();
  if (items == nullptr || items->empty()) {
    return exception_of("builtins.IndexError", std::string(args.type_name()) + " index out of range");
  }
  const std::string* name = items->front().as_str();
  if (name == nullptr) {
    return exception_of("builtins.TypeError",
                        "attribute name must be string, not " + quoted(items->front().type_name()));
  }
  const bool is_class_attribute = exposed_method(object, dialect, *name) != nullptr ||
                                  contains(universal_attributes, *name) || contains(private_dunder_names, *name);
  if (is_class_attribute) {
    return exception_of("builtins.AttributeError",
                        "attempt to access unexposed or unknown remote attribute " + quoted(*name));
  }
  return exception_of("builtins.AttributeError",
                      "type object " + quoted(object.class_name()) + " has no attribute " + quoted(*name));
}

tl::expected<std::vector<Value>, RemoteException> bind_arguments(const RemoteObject& object, const Method& method,
                                                                 Value args, Value kwargs) {
  auto* positional = args.as_items();
  if (positional == nullptr) {
    return raise("builtins.TypeError", qualified(object, method) + " argument after * must be an iterable, not " +
                                           std::string(args.type_name()));
  }
  auto* keywords = kwargs.as<Dict>();
  if (keywords == nullptr && !kwargs.is_none()) {
    return raise("builtins.TypeError", qualified(object, method) + " argument after ** must be a mapping, not " +
                                           std::string(kwargs.type_name()));
  }

  const std::vector<Parameter>& parameters = method.parameters;
  std::vector<Value> bound(parameters.size());
  HEARTH_CHECK(parameters.size() <= parameters_max);
  std::bitset<parameters_max> is_given;
  const std::size_t taken = std::min(positional->size(), parameters.size());
  for (std::size_t i = 0; i < taken; ++i) {
    bound[i] = std::move((*positional)[i]);
    is_given[i] = true;
  }
  if (keywords != nullptr) {
    for (DictItem& item : keywords->items) {
      const std::string* name = item.key.as_str();
      if (name == nullptr) return raise("builtins.TypeError", "keywords must be strings");
      const auto parameter =
          std::find_if(parameters.begin(), parameters.end(), [name](const Parameter& p) { return p.name == *name; });
      if (parameter == parameters.end()) {
        return raise("builtins.TypeError",
                     qualified(object, method) + " got an unexpected keyword argument " + quoted(*name));
      }
      const auto index = static_cast<std::size_t>(parameter - parameters.begin());
      if (index < taken) {
        return raise("builtins.TypeError",
                     qualified(object, method) + " got multiple values for argument " + quoted(*name));
      }
      bound[index] = std::move(item.value);
      is_given[index] = true;
    }
  }
  if (positional->size() > parameters.size()) {
    return tl::unexpected<RemoteException>(too_many_arguments(object, method, positional->size()));
  }

  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (is_given[i]) continue;
    if (parameters[i].default_value) {
      bound[i] = *parameters[i].default_value;
    } else {
      missing.push_back(parameters[i].name);
    }
  }
  if (!missing.empty()) return tl::unexpected<RemoteException>(missing_arguments(object, method, missing));
  return bound;
}

}  // namespace hearth
