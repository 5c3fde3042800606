/// InheritedSockets: what the service manager has opened for us (socket activation).
///
/// Layer: nameserver.        Thread rule: plain values.
#pragma once

#include <vector>

namespace hearth {

struct InheritedSockets {
  std::vector<int> streams;
  std::vector<int> datagrams;
};

}  // namespace hearth
