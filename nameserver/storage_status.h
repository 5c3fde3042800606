/// What the committer knows about the storage, as the status tells it.
///
/// Layer: nameserver.        Thread rule: none, a pure function.
#pragma once

#include "nameserver/commit/committer.h"
#include "nameserver/registry/server_status.h"

namespace hearth {

/// Fills in `storage_bytes`, `commits`, `refusal` and `storage_error`.
void describe_storage(Committer::Statistics statistics, ServerStatus& status);

}  // namespace hearth
