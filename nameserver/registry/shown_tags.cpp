#include "nameserver/registry/shown_tags.h"

#include <utility>
#include <vector>

#include "nameserver/model/registration.h"

namespace hearth {

std::string_view name_server_class_tag(Dialect dialect) {
  return dialect == Dialect::pyro4 ? "class:Pyro4.naming.NameServer" : "class:Pyro5.nameserver.NameServer";
}

Value tags_value(const Index& index, const CompactRegistration& entry, Dialect dialect) {
  const std::string_view foreign_tag =
      name_server_class_tag(dialect == Dialect::pyro4 ? Dialect::pyro5 : Dialect::pyro4);
  const bool is_name_server = entry.name() == name_server_name;
  std::vector<Value> tags;
  tags.reserve(entry.tags().size());
  for (const std::string_view tag : index.tags_of(entry)) {
    if (!is_name_server || tag != foreign_tag) tags.emplace_back(tag);
  }
  return dialect == Dialect::pyro4 ? make_list(std::move(tags)) : make_set(std::move(tags));
}

}  // namespace hearth
