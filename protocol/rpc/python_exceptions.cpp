#include "protocol/rpc/python_exceptions.h"

#include <hearth/repr.h>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"

namespace hearth {
namespace {

/// Clients print this list as the remote traceback. Ours tells no file or line of the server (USERS.md 1.2 t).
Value traceback_value(const RemoteException& exception) {
  List lines;
  for (const std::string& line : exception.traceback) lines.items.emplace_back(line);
  if (lines.items.empty()) lines.items.emplace_back(exception.type + ": " + exception.text() + "\n");
  return lines;
}

}  // namespace

std::string RemoteException::text() const {
  if (args.empty()) return "";
  if (args.size() > 1) return repr(make_tuple(args));
  const std::string* only = args.front().as_str();
  return only != nullptr ? *only : repr(args.front());
}

tl::unexpected<RemoteException> raise(std::string_view type, std::string text) {
  RemoteException exception;
  exception.type = type;
  exception.args.emplace_back(std::move(text));
  return tl::unexpected<RemoteException>(std::move(exception));
}

RemoteException to_exception(const Error& error) {
  const auto type = [](ErrorKind kind) -> std::string_view {
    switch (kind) {
      case ErrorKind::malformed:
      case ErrorKind::limit:
      case ErrorKind::unsupported: return "builtins.ValueError";
      case ErrorKind::disconnected: return "ConnectionClosedError";
      case ErrorKind::timeout: return "TimeoutError";
      case ErrorKind::storage: return "NamingError";
      case ErrorKind::system: return "PyroError";
    }
    HEARTH_CHECK(false);
  };
  return raise(type(error.kind), error.text).value();
}

Value exception_value(const RemoteException& exception, Dialect dialect) {
  const bool is_qualified = exception.type.find('.') != std::string::npos;
  Dict attributes;
  attributes.add("_pyroTraceback", traceback_value(exception));
  Dict dict;
  dict.items.reserve(4);
  dict.add("__class__", is_qualified ? exception.type : std::string(errors_module(dialect)) + exception.type);
  dict.add("__exception__", true);
  dict.add("args", make_tuple(exception.args));
  dict.add("attributes", std::move(attributes));
  return dict;
}

std::optional<RemoteException> exception_from_value(const Value& value) {
  const Dict* dict = value.as<Dict>();
  if (dict == nullptr) return std::nullopt;
  const Value* mark = dict->find("__exception__");
  const Value* name = dict->find("__class__");
  if (mark == nullptr || !mark->is_truthy() || name == nullptr || name->as_str() == nullptr) return std::nullopt;

  RemoteException exception;
  exception.type = *name->as_str();
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    if (exception.type.starts_with(errors_module(dialect))) exception.type.erase(0, errors_module(dialect).size());
  }
  if (const Value* args = dict->find("args"); args != nullptr && args->as_items() != nullptr)
    exception.args = *args->as_items();
  const Value* attributes = dict->find("attributes");
  const Dict* attribute_dict = attributes == nullptr ? nullptr : attributes->as<Dict>();
  const Value* lines = attribute_dict == nullptr ? nullptr : attribute_dict->find("_pyroTraceback");
  if (lines != nullptr && lines->as_items() != nullptr) {
    for (const Value& line : *lines->as_items()) {
      if (line.as_str() != nullptr) exception.traceback.push_back(*line.as_str());
    }
  }
  return exception;
}

Value wrap_batch_exception(Value exception, Dialect dialect) {
  Dict dict;
  dict.add("__class__", class_name(dialect, PyroClass::exception_wrapper));
  dict.add("exception", std::move(exception));
  return dict;
}

const Value* unwrap_batch_exception(const Value& value) {
  const Dict* dict = value.as<Dict>();
  const Value* name = dict == nullptr ? nullptr : dict->find("__class__");
  if (name == nullptr || name->as_str() == nullptr) return nullptr;
  if (pyro_class_of(*name->as_str()) != PyroClass::exception_wrapper) return nullptr;
  return dict->find("exception");
}

}  // namespace hearth
