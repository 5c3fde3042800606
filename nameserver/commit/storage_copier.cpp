#include "nameserver/commit/storage_copier.h"

#include <utility>

namespace hearth {

Result<CopyState> StorageCopier::perform(const CopyTask& task, std::size_t bytes) {
  auto state = try_to_perform(task, bytes);
  if (!state) drop();
  return state;
}

Result<CopyState> StorageCopier::try_to_perform(const CopyTask& task, std::size_t bytes) {
  if (task.kind == CopyTask::Kind::begin || task.kind == CopyTask::Kind::end) drop();
  if (task.kind == CopyTask::Kind::end) return CopyState();
  if (task.kind == CopyTask::Kind::begin) {
    auto begun = engine_.begin_copy();
    if (!begun) return forward_error(begun);
    copy_ = std::move(*begun);
  }
  if (!copy_) return fail(ErrorKind::storage, "it was given up because the storage has failed");
  CopyState state;
  if (task.kind == CopyTask::Kind::advance) {
    if (auto advanced = copy_->advance(bytes); !advanced) return forward_error(advanced);
  }
  if (task.kind == CopyTask::Kind::read) {
    auto read = copy_->read(task.offset, bytes);
    if (!read) return forward_error(read);
    state.data = std::move(*read);
  }
  state.progress = copy_->progress();
  if (state.progress.is_complete) state.size_bytes = copy_->size_bytes();
  return state;
}

void StorageCopier::drop() { copy_.reset(); }

}  // namespace hearth
