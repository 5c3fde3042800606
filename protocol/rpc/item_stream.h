/// The calls that go through an item stream, a result that is an iterator at the other side (PYRO.md section 2, "Calls").
///
/// Layer: rpc.        Thread rule: none, pure functions.
#pragma once

#include <string_view>

#include "protocol/rpc/python_exceptions.h"
#include "protocol/serial/serializer.h"

namespace hearth {

/// Its result is the next item, or an exception, which ends the stream.
[[nodiscard]] CallValue next_item_call(std::string_view stream_id);

/// For a stream that is given up before its end; to be sent oneway.
[[nodiscard]] CallValue close_stream_call(std::string_view stream_id);

/// Whether the exception means that all items have come.
[[nodiscard]] bool is_end_of_items(const RemoteException& exception);

}  // namespace hearth
