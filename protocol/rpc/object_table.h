/// ObjectTable: object id -> object, with the built-in object `Pyro.Daemon` (Pyro4/core.py class DaemonObject).
///
/// Layer: rpc.        Thread rule: filled before the sessions start, read by their thread afterwards.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/rpc/object.h"

namespace hearth {

inline constexpr std::string_view daemon_object_id = "Pyro.Daemon";

class ObjectTable {
 public:
  ObjectTable();
  ~ObjectTable();
  ObjectTable(const ObjectTable&) = delete;
  ObjectTable& operator=(const ObjectTable&) = delete;

  /// What Pyro.Daemon tells of an object that nobody asks for by its id.
  enum class Visibility : unsigned char { listed, unlisted };

  /// `object` must outlive the table.
  void add(std::string id, RemoteObject& object, Visibility visibility = Visibility::listed);

  [[nodiscard]] RemoteObject* find(std::string_view id) const;

  /// The listed ones: Pyro.Daemon first, then in the order of add().
  [[nodiscard]] std::vector<std::string> ids() const;

  /// What Pyro.Daemon.info() answers after "Pyro.Daemon ": "bound on host:port, NAT None, 2 objects registered. Servertype: …"
  void set_location(std::string location, std::string nat_location);

 private:
  class DaemonObject;
  struct Entry {
    std::string id;
    RemoteObject* object;
    Visibility visibility;
  };
  std::unique_ptr<DaemonObject> daemon_;
  std::vector<Entry> entries_;  // a handful: linear search beats any map
};

/// {"methods": …, "oneway": …, "attrs": …} of an object: sets, or lists where Pyro4 asks for them.
[[nodiscard]] Value object_metadata(const RemoteObject& object, Dialect dialect, bool as_lists);

}  // namespace hearth
