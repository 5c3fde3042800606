#include "client-lib/src/call_rules.h"

#include <algorithm>
#include <utility>

#include "client-lib/src/client_errors.h"

namespace hearth {
namespace {

/// The words of Pyro4/core.py Proxy.__getattr__ and __setattr__.
tl::unexpected<ClientError> not_exposed(const Uri& uri, std::string_view what, std::string_view name) {
  return tl::unexpected<ClientError>(
      remote_error(raise("builtins.AttributeError", "remote object '" + uri.text() + "' has no exposed " +
                                                        std::string(what) + " '" + std::string(name) + "'")
                       .value()));
}

ClientResult<void> check_method(const ObjectMetadata& object, const Uri& uri, std::string_view method) {
  // "a.b" is a method of what stands behind a, if the server allows such names.
  const std::string_view name = method.substr(0, method.find('.'));
  if (object.methods.contains(name)) return {};
  return not_exposed(uri, "attribute or method", name);
}

/// A batch ends with its last call or with the first that fails.
bool is_right_length(const BatchedResults& results, std::size_t calls) {
  const auto failed = std::find_if(results.begin(), results.end(), [](const auto& result) { return !result; });
  if (failed == results.end()) return results.size() == calls;
  return results.size() <= calls && failed + 1 == results.end();
}

/// The first item of a call's or batched call's tuple: its name.
const std::string& first_text(const Value& tuple) { return *tuple.as_items()->front().as_str(); }

}  // namespace

Invocation method_call(std::string_view method, std::vector<Value> args, Dict kwargs) {
  return {Invocation::Kind::method, std::string(method), make_tuple(std::move(args)), std::move(kwargs)};
}

Invocation attribute_read(std::string_view name) {
  return {Invocation::Kind::attribute, "__getattr__", make_tuple({name}), None{}};
}

Invocation attribute_write(std::string_view name, Value value) {
  return {Invocation::Kind::attribute, "__setattr__", tuple_of(name, std::move(value)), None{}};
}

Invocation batch_call(std::vector<BatchedCall> calls) {
  List list;
  list.items.reserve(calls.size());
  for (BatchedCall& call : calls) {
    list.items.push_back(tuple_of(std::move(call.method), make_tuple(std::move(call.args)), std::move(call.kwargs)));
  }
  return {Invocation::Kind::batch, "<batch>", std::move(list), None{}};
}

ClientResult<void> check_exposed(const Invocation& invocation, const ObjectMetadata& object, const Uri& uri) {
  if (!object.is_known()) return {};
  switch (invocation.kind) {
    case Invocation::Kind::method: return check_method(object, uri, invocation.method);
    case Invocation::Kind::attribute: {
      const std::string& name = first_text(invocation.args);
      if (object.attributes.contains(name)) return {};
      return not_exposed(uri, "attribute", name);
    }
    case Invocation::Kind::batch: break;
  }
  for (const Value& call : *invocation.args.as_items()) {
    if (auto good = check_method(object, uri, first_text(call)); !good) return good;
  }
  return {};
}

InvokeOptions invoke_options(const Invocation& invocation, const ObjectMetadata& object, const ClientSettings& settings,
                             const CallOptions& options) {
  InvokeOptions result;
  result.oneway = options.oneway || object.oneway.contains(invocation.method);
  result.batch = invocation.kind == Invocation::Kind::batch;
  result.on_dict_item = options.on_dict_item;
  result.annotations.reserve(settings.annotations.size() + options.annotations.size());
  for (const auto* annotations : {&settings.annotations, &options.annotations}) {
    result.annotations.insert(result.annotations.end(), annotations->begin(), annotations->end());
  }
  return result;
}

ClientResult<Value> value_in(Reply reply, std::string_view method) {
  auto* result = std::get_if<CallResult>(&reply);
  if (result == nullptr) {
    return fail(ClientErrorKind::protocol, "the result of " + std::string(method) + "() is an item stream");
  }
  if (!*result) return tl::unexpected<ClientError>(remote_error(std::move(result->error())));
  return std::move(**result);
}

ClientResult<BatchedResults> batched_results_in(Reply reply, std::size_t calls) {
  auto* results = std::get_if<BatchResults>(&reply);
  if (results == nullptr) {
    // Either the batch as a whole was refused, or it is a oneway one.
    auto value = value_in(std::move(reply), "<batch>");
    if (!value) return forward_error(value);
    return BatchedResults();
  }
  BatchedResults batched;
  batched.reserve(results->size());
  for (CallResult& result : *results) batched.push_back(std::move(result).map_error(remote_error));
  if (is_right_length(batched, calls)) return batched;
  return fail(ClientErrorKind::protocol, "the server answered another number of calls than it was asked for");
}

}  // namespace hearth
