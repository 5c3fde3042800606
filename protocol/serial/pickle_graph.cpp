#include "protocol/serial/pickle_graph.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/serial/limit_errors.h"
#include "protocol/serial/pickle_callables.h"
#include "protocol/value/hashable.h"

namespace hearth {

Result<PickleGraph::NodeId> PickleGraph::add_node(Node node) {
  if (nodes_.size() >= limits_.value_nodes_max) return tl::unexpected<Error>(too_many_values(limits_));
  nodes_.push_back(std::move(node));
  return static_cast<NodeId>(nodes_.size() - 1);
}

Result<PickleGraph::NodeId> PickleGraph::add(Value scalar) {
  Node node;
  node.scalar = std::move(scalar);
  return add_node(std::move(node));
}

Result<PickleGraph::NodeId> PickleGraph::add(Kind kind, std::vector<NodeId> items) {
  Node node;
  node.kind = kind;
  node.items = std::move(items);
  return add_node(std::move(node));
}

Result<PickleGraph::NodeId> PickleGraph::add_callable(int callable) {
  Node node;
  node.kind = Kind::callable;
  node.callable = callable;
  return add_node(std::move(node));
}

Result<void> PickleGraph::charge_copy(std::size_t values) {
  if (values > limits_.value_nodes_max - copied_) return tl::unexpected<Error>(too_many_values(limits_));
  copied_ += values;
  return {};
}

Result<PickleGraph::NodeId> PickleGraph::add_copy(Kind kind, const std::vector<NodeId>& items) {
  if (auto paid = charge_copy(items.size()); !paid) return forward_error(paid);
  return add(kind, items);
}

Result<PickleGraph::NodeId> PickleGraph::add_copy(ByteString bytes) {
  if (auto paid = charge_copy(bytes.data.size() / sizeof(Value)); !paid) return forward_error(paid);
  return add(Value(std::move(bytes)));
}

Result<Value> PickleGraph::to_value(NodeId root) {
  Value value;
  if (!unfold(root, value)) return tl::unexpected<Error>(std::move(*error_));
  return value;
}

bool PickleGraph::failed(Error error) {
  error_ = std::move(error);
  return false;
}

bool PickleGraph::charge(std::size_t values) {
  if (values > limits_.value_nodes_max - unfolded_) return failed(too_many_values(limits_));
  unfolded_ += values;
  return true;
}

bool PickleGraph::unfold(NodeId id, Value& value) {
  if (!charge(1)) return false;
  Node& node = nodes_[id];
  const bool was_used = std::exchange(node.is_used, true);
  if (node.kind == Kind::scalar) {
    // Text is backed by the input once; used again, it counts like values of its size.
    const auto* text = node.scalar.as_str();
    const auto* bytes = node.scalar.as<ByteString>();
    const std::size_t size = text != nullptr ? text->size() : bytes != nullptr ? bytes->data.size() : 0;
    if (was_used && !charge(size / sizeof(Value))) return false;
    value = node.scalar;
    return true;
  }
  if (node.is_open) return failed({ErrorKind::malformed, "pickle holds a container inside itself"});
  if (nesting_ == limits_.nesting_max) return failed(too_deep(limits_));
  node.is_open = true;
  ++nesting_;
  const bool done = unfold_content(id, value);
  --nesting_;
  node.is_open = false;
  return done;
}

bool PickleGraph::unfold_content(NodeId id, Value& value) {
  const Kind kind = nodes_[id].kind;
  if (kind == Kind::dict) return unfold_dict(id, value);
  if (kind == Kind::uri) return unfold_uri(id, value);
  if (kind == Kind::callable) {
    return failed({ErrorKind::unsupported, "pickle holds " + std::string(pickle_callable_name(nodes_[id].callable)) +
                                               " itself, which is no data"});
  }
  std::vector<Value> items;
  if (!unfold_items(id, items)) return false;
  if (kind == Kind::set) {
    auto set = make_checked_set(std::move(items));
    if (!set) return failed(std::move(set.error()));
    value = std::move(*set);
    return true;
  }
  value = kind == Kind::list ? make_list(std::move(items)) : make_tuple(std::move(items));
  return true;
}

bool PickleGraph::unfold_items(NodeId id, std::vector<Value>& values) {
  const std::size_t count = nodes_[id].items.size();
  if (count > limits_.value_nodes_max - unfolded_) return failed(too_many_values(limits_));
  values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!unfold(nodes_[id].items[i], values[i])) return false;
  }
  return true;
}

bool PickleGraph::unfold_dict(NodeId id, Value& value) {
  std::vector<Value> flat;
  if (!unfold_items(id, flat)) return false;
  HEARTH_CHECK(flat.size() % 2 == 0);
  Dict dict;
  dict.items.reserve(flat.size() / 2);
  for (std::size_t i = 0; i < flat.size(); i += 2) {
    if (auto hashable = check_hashable(flat[i]); !hashable) return failed(std::move(hashable.error()));
    dict.items.push_back({std::move(flat[i]), std::move(flat[i + 1])});
  }
  value = std::move(dict);
  return true;
}

bool PickleGraph::unfold_uri(NodeId id, Value& value) {
  std::vector<Value> state;
  if (!unfold_items(id, state)) return false;
  if (state.size() != 1) return failed({ErrorKind::malformed, "pickle holds a URI without state"});
  Dict dict;
  dict.add("__class__", pickled_uri_class);
  dict.add("state", std::move(state.front()));
  value = std::move(dict);
  return true;
}

}  // namespace hearth
