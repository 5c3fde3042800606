#include "protocol/serial/value_builder.h"

#include <utility>

#include "protocol/base/check.h"

namespace hearth {

bool ValueBuilder::refuse(ErrorKind kind, std::string text) {
  if (!refusal_) refusal_ = Error{kind, std::move(text)};
  return false;
}

bool ValueBuilder::count_node() {
  if (nodes_ >= limits_.value_nodes_max) {
    return refuse(ErrorKind::limit, "more than " + std::to_string(limits_.value_nodes_max) + " values");
  }
  ++nodes_;
  return true;
}

Value* ValueBuilder::next_slot() {
  if (!count_node()) return nullptr;
  if (open_.empty()) return &root_;
  Value& container = *open_.back();
  if (auto* list = container.as<List>()) return &list->items.emplace_back();
  return &container.as<Dict>()->items.back().value;
}

bool ValueBuilder::add(Value value) {
  Value* const slot = next_slot();
  if (slot == nullptr) return false;
  *slot = std::move(value);
  give_away();
  return true;
}

/// The item of the root that is complete now, if there is one.
void ValueBuilder::give_away() {
  auto* dict = sink_ != nullptr && open_.size() == 1 ? root_.as<Dict>() : nullptr;
  if (dict == nullptr) return;
  (*sink_)(std::move(dict->items.back().key), std::move(dict->items.back().value));
  dict->items.clear();
}

bool ValueBuilder::add_key(Value key) {
  if (!count_node()) return false;
  open_.back()->as<Dict>()->items.push_back({std::move(key), Value()});
  return true;
}

bool ValueBuilder::open(Value container) {
  if (open_.size() >= limits_.nesting_max) {
    return refuse(ErrorKind::limit, "nested deeper than " + std::to_string(limits_.nesting_max) + " levels");
  }
  Value* const slot = next_slot();
  if (slot == nullptr) return false;
  *slot = std::move(container);
  open_.push_back(slot);
  return true;
}

bool ValueBuilder::open_list(std::size_t count) {
  List list;
  list.items.reserve(count);
  return open(std::move(list));
}

bool ValueBuilder::open_dict(std::size_t count) {
  Dict dict;
  if (sink_ == nullptr || !open_.empty()) dict.items.reserve(count);
  return open(std::move(dict));
}

bool ValueBuilder::close() {
  HEARTH_CHECK(!open_.empty());
  open_.pop_back();
  give_away();
  return true;
}

Result<Value> ValueBuilder::finish() {
  if (refusal_) return tl::unexpected<Error>(std::move(*refusal_));
  HEARTH_CHECK(open_.empty());
  return std::move(root_);
}

}  // namespace hearth
