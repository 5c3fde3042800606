/// What an engine holds, as a list; and whose it is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nameserver/store/engine.h"

namespace hearth {

inline Result<std::vector<Registration>> loaded(Engine& engine) {
  std::vector<Registration> all;
  auto done = engine.load_all([&all](const RegistrationView& entry) {
    all.push_back({std::string(entry.name), std::string(entry.uri), Tags(entry.tags.begin(), entry.tags.end())});
  });
  if (!done) return forward_error(done);
  return all;
}

/// "name=owner " for each that has one, in the order of the names.
inline Result<std::string> loaded_owners(Engine& engine) {
  std::map<std::string, std::string> owners;
  auto done =
      engine.load_owners([&owners](std::string_view name, std::string_view owner) { owners.emplace(name, owner); });
  if (!done) return forward_error(done);
  std::string text;
  for (const auto& [name, owner] : owners) text.append(name).append("=").append(owner).append(" ");
  return text;
}

}  // namespace hearth
