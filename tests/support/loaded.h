/// What an engine holds, as a list.
#pragma once

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

}  // namespace hearth
