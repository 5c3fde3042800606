/// register_itself(): enters the name server's own name, as the reference does.
///
/// Layer: nameserver.        Thread rule: loop thread, at the start: runs the loop until the entry is on the disk.
#pragma once

#include <hearth/result.h>

#include "nameserver/commit/committer.h"
#include "nameserver/locations.h"
#include "nameserver/registry/index.h"
#include "protocol/loop/loop.h"

namespace hearth {

/// `Pyro.NameServer`, with the class tag of both dialects: each client is shown its own.
[[nodiscard]] Result<void> register_itself(const Locations& locations, Index& index, Committer& committer, Loop& loop);

}  // namespace hearth
