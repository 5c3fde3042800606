/// PickleGraph: what a pickle builds on its way: nodes that refer to each other, because a pickle fills containers that it
/// has already referred to. At the end it becomes a Value.
///
/// Layer: serial, private to the pickle reader.        Thread rule: none, plain object, one per pickle.
/// Limits: as many nodes as DecodeLimits allow values, and as much again copied from one node to another; to_value() counts what
/// it unfolds anew.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/limits.h"

namespace hearth {

class PickleGraph {
 public:
  using NodeId = std::uint32_t;

  enum class Kind : unsigned char {
    scalar,
    list,
    tuple,
    set,
    dict,      ///< keys and values by turns
    callable,  ///< one of pickle_callables.h, by its number
    uri,       ///< an instance of Pyro4.core.URI; its only item is its state
  };

  struct Node {
    Kind kind = Kind::scalar;
    bool is_open = false;  ///< to_value() is inside it
    bool is_used = false;  ///< to_value() has been here
    int callable = 0;
    Value scalar;
    std::vector<NodeId> items;
  };

  explicit PickleGraph(const DecodeLimits& limits) : limits_(limits) {}

  /// Every add() may fail with ErrorKind::limit.
  [[nodiscard]] Result<NodeId> add(Value scalar);
  [[nodiscard]] Result<NodeId> add(Kind kind, std::vector<NodeId> items = {});
  /// Made of the content of another node, which the input does not back a second time.
  [[nodiscard]] Result<NodeId> add_copy(Kind kind, const std::vector<NodeId>& items);
  [[nodiscard]] Result<NodeId> add_copy(ByteString bytes);
  [[nodiscard]] Result<NodeId> add_callable(int callable);

  [[nodiscard]] Node& at(NodeId id) { return nodes_[id]; }
  [[nodiscard]] const Node& at(NodeId id) const { return nodes_[id]; }

  /// The str that a node is, or nullptr.
  [[nodiscard]] const std::string* text_at(NodeId id) const { return at(id).scalar.as_str(); }

  /// Once, at the end.
  [[nodiscard]] Result<Value> to_value(NodeId root);

 private:
  [[nodiscard]] Result<NodeId> add_node(Node node);
  [[nodiscard]] bool unfold(NodeId id, Value& value);
  [[nodiscard]] bool unfold_content(NodeId id, Value& value);
  [[nodiscard]] bool unfold_items(NodeId id, std::vector<Value>& values);
  [[nodiscard]] bool unfold_dict(NodeId id, Value& value);
  [[nodiscard]] bool unfold_uri(NodeId id, Value& value);
  [[nodiscard]] bool charge(std::size_t values);
  [[nodiscard]] Result<void> charge_copy(std::size_t values);
  [[nodiscard]] bool failed(Error error);

  const DecodeLimits& limits_;
  std::vector<Node> nodes_;
  std::size_t copied_ = 0;    ///< in values
  std::size_t unfolded_ = 0;  ///< in values
  std::uint32_t nesting_ = 0;
  std::optional<Error> error_;
};

}  // namespace hearth
