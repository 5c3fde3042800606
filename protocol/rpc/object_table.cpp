#include "protocol/rpc/object_table.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace hearth {

/// Pyro4/core.py class DaemonObject; Pyro5/server.py class DaemonObject.
class ObjectTable::DaemonObject final : public RemoteObject {
 public:
  explicit DaemonObject(const ObjectTable& table) : table_(table) {}

  std::string location = "nowhere";
  std::string nat_location = "None";

  [[nodiscard]] std::string_view class_name() const override { return "DaemonObject"; }

  [[nodiscard]] std::span<const Method> methods(Dialect dialect) const override {
    return dialect == Dialect::pyro4 ? methods_pyro4_ : methods_pyro5_;
  }

  [[nodiscard]] std::span<const std::string_view> unexposed_attributes() const override {
    static constexpr std::string_view names[] = {"daemon"};
    return names;
  }

  [[nodiscard]] Answer invoke(Call& call, Responder&) override {
    switch (call.method.id) {
      case registered: return registered_ids();
      case ping: return Value();
      case info: return info_line();
      case get_metadata: return metadata(call);
      // Nothing here answers with an iterator, so there is no stream that a client could know of.
      case get_next_stream_item: return raise("PyroError", "item stream terminated");
      case close_stream: return Value();
    }
    HEARTH_CHECK(false);
  }

 private:
  enum MethodId : int { registered, ping, info, get_metadata, get_next_stream_item, close_stream };

  [[nodiscard]] Value registered_ids() const {
    List ids;
    for (const std::string& id : table_.ids()) ids.items.emplace_back(id);
    return ids;
  }

  [[nodiscard]] Value info_line() const {
    return std::string(daemon_object_id) + " bound on " + location + ", NAT " + nat_location + ", " +
           std::to_string(table_.ids().size()) + " objects registered. Servertype: hearthd (event loop)";
  }

  [[nodiscard]] CallResult metadata(const Call& call) const {
    const std::string* id = call.arguments.front().as_str();
    const RemoteObject* object = id == nullptr ? nullptr : table_.find(*id);
    if (object == nullptr) return raise("DaemonError", "unknown object");
    const bool as_lists = call.arguments.size() > 1 && call.arguments[1].is_truthy();
    return object_metadata(*object, call.dialect, as_lists);
  }

  static std::vector<Method> make_methods(bool with_as_lists) {
    std::vector<Parameter> of_metadata{{"objectId"}};
    if (with_as_lists) of_metadata.push_back({"as_lists", Value(false)});
    return {{"registered", registered, {}},
            {"ping", ping, {}},
            {"info", info, {}},
            {"get_metadata", get_metadata, std::move(of_metadata)},
            {"get_next_stream_item", get_next_stream_item, {{"streamId"}}},
            {"close_stream", close_stream, {{"streamId"}}}};
  }

  const ObjectTable& table_;
  const std::vector<Method> methods_pyro4_ = make_methods(true);
  const std::vector<Method> methods_pyro5_ = make_methods(false);
};

ObjectTable::ObjectTable() : daemon_(std::make_unique<DaemonObject>(*this)) {
  add(std::string(daemon_object_id), *daemon_);
}

ObjectTable::~ObjectTable() = default;

void ObjectTable::add(std::string id, RemoteObject& object, Visibility visibility) {
  HEARTH_CHECK(find(id) == nullptr);
  entries_.push_back({std::move(id), &object, visibility});
}

RemoteObject* ObjectTable::find(std::string_view id) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
  return found == entries_.end() ? nullptr : found->object;
}

std::vector<std::string> ObjectTable::ids() const {
  std::vector<std::string> ids;
  for (const Entry& entry : entries_) {
    if (entry.visibility == Visibility::listed) ids.push_back(entry.id);
  }
  return ids;
}

void ObjectTable::set_location(std::string location, std::string nat_location) {
  daemon_->location = std::move(location);
  daemon_->nat_location = std::move(nat_location);
}

Value object_metadata(const RemoteObject& object, Dialect dialect, bool as_lists) {
  std::vector<Value> names;
  for (const Method& method : object.methods(dialect)) names.emplace_back(method.name);
  const auto collection = [as_lists](std::vector<Value> items) {
    return as_lists ? make_list(std::move(items)) : make_set(std::move(items));
  };
  Dict metadata;
  metadata.add("methods", collection(std::move(names)));
  metadata.add("oneway", collection({}));
  metadata.add("attrs", collection({}));
  return metadata;
}

}  // namespace hearth
