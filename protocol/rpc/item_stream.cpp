#include "protocol/rpc/item_stream.h"

#include <utility>

#include "protocol/rpc/object_table.h"

namespace hearth {
namespace {

CallValue stream_call(std::string_view method, std::string_view stream_id) {
  return {daemon_object_id, method, make_tuple({stream_id}), Dict{}};
}

}  // namespace

CallValue next_item_call(std::string_view stream_id) { return stream_call("get_next_stream_item", stream_id); }

CallValue close_stream_call(std::string_view stream_id) { return stream_call("close_stream", stream_id); }

/// GeneratorExit ends one too (Pyro4/core.py _StreamResultIterator). The module is "exceptions" where Python 2 runs.
bool is_end_of_items(const RemoteException& exception) {
  const std::string_view name = std::string_view(exception.type).substr(exception.type.rfind('.') + 1);
  return name == "StopIteration" || name == "GeneratorExit";
}

}  // namespace hearth
