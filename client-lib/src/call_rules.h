/// Invocation: what is asked of an object, before a connection is chosen; what a client knows of its outcome from what the
/// server has told of the object; how a batch travels.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions and plain values.
#pragma once

#include <hearth/batch.h>
#include <hearth/call_arguments.h>
#include <hearth/client_settings.h>
#include <hearth/object_metadata.h>
#include <hearth/uri.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/rpc/client_session.h"

namespace hearth {

struct Invocation {
  enum class Kind : unsigned char { method, attribute, batch };
  Kind kind = Kind::method;
  std::string method;
  Value args;
  Value kwargs;
};

[[nodiscard]] Invocation method_call(std::string_view method, std::vector<Value> args, Dict kwargs);
[[nodiscard]] Invocation attribute_read(std::string_view name);
[[nodiscard]] Invocation attribute_write(std::string_view name, Value value);
[[nodiscard]] Invocation batch_call(std::vector<BatchedCall> calls);

/// The AttributeError that Pyro's own proxies raise for what the server has not told of: of a oneway call to it nobody would
/// ever hear. If the server has told nothing, anything goes.
[[nodiscard]] ClientResult<void> check_exposed(const Invocation& invocation, const ObjectMetadata& object,
                                               const Uri& uri);

/// How to send it: as the settings and options say, and oneway if the server has marked the method so.
[[nodiscard]] InvokeOptions invoke_options(const Invocation& invocation, const ObjectMetadata& object,
                                           const ClientSettings& settings, const CallOptions& options);

/// The value of the answer to anything but a batch. A call that opens an item stream is none: protocol.
[[nodiscard]] ClientResult<Value> value_in(Reply reply, std::string_view method);
/// Of the answer to a batch of so many calls. Protocol: results that cannot be those of the calls.
[[nodiscard]] ClientResult<BatchedResults> batched_results_in(Reply reply, std::size_t calls);

}  // namespace hearth
