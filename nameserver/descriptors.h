/// How many connections fit into the descriptors that this process may have.
///
/// Layer: nameserver.        Thread rule: the main thread.
#pragma once

#include "protocol/base/limits.h"

namespace hearth {

/// Every connection is a descriptor: raises the soft limit of the process to its hard one (the soft limit of 1024 is for programs
/// that use select()) and lowers connections_max to what is left when everything else has its own,
/// and connections_per_source_max with it: nobody alone gets more than half of what there is.
void fit_to_descriptors(Limits& limits);

}  // namespace hearth
