#include "nameserver/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace hearth {
namespace {

/// Descriptors for everything but connections: database, log, listeners, and reopening the storage after a failure.
constexpr rlim_t reserved_descriptors = 32;

}  // namespace

void fit_to_descriptors(Limits& limits) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t room = std::max<rlim_t>(limit.rlim_cur, reserved_descriptors + 1) - reserved_descriptors;
  if (limits.connections_max <= room) return;
  limits.connections_max = static_cast<std::uint32_t>(room);
  limits.connections_per_source_max =
      std::min(limits.connections_per_source_max, std::max(1U, limits.connections_max / 2));
}

}  // namespace hearth
