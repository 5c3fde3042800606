#include "nameserver/storage_status.h"

#include <chrono>
#include <utility>

namespace hearth {

void describe_storage(Committer::Statistics statistics, ServerStatus& status) {
  status.storage_bytes = statistics.stored_bytes;
  status.commits = {.count = statistics.commits,
                    .changes = statistics.mutations,
                    .largest = statistics.largest_commit,
                    .failed = statistics.failures,
                    .foreign_changes = statistics.foreign_changes,
                    .last_unix_ms = std::nullopt};
  if (statistics.last_commit) {
    const auto since_epoch = statistics.last_commit->time_since_epoch();
    status.commits.last_unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  }
  status.refusal = std::move(statistics.refusal);
  if (!statistics.last_error.empty()) status.storage_error = std::move(statistics.last_error);
}

}  // namespace hearth
