/// StorageCopier: what the writer thread does for a copy of the storage, a task at a time, between two commits.
///
/// Layer: commit (store).        Thread rule: the writer thread.
/// Ownership: of the one copy; must be destroyed before the engine.
#pragma once

#include <cstdint>
#include <memory>

#include "nameserver/store/engine.h"

namespace hearth {

struct CopyTask {
  enum class Kind : unsigned char {
    begin,    ///< of everything that has been committed; an older copy is dropped
    advance,  ///< until it is complete
    read,     ///< from `offset` on, once it is complete
    end,
  };
  Kind kind;
  std::uint64_t offset = 0;
};

/// What a task came to.
struct CopyState {
  EngineCopy::Progress progress;
  std::uint64_t size_bytes = 0;  ///< of the file, once it is complete
  Bytes data;                    ///< what was read
};

class StorageCopier {
 public:
  explicit StorageCopier(Engine& engine) : engine_(engine) {}

  /// Copies or reads some `bytes`. After an error there is no copy any more.
  [[nodiscard]] Result<CopyState> perform(const CopyTask& task, std::size_t bytes);

  /// Before Engine::reopen().
  void drop();

 private:
  [[nodiscard]] Result<CopyState> try_to_perform(const CopyTask& task, std::size_t bytes);

  Engine& engine_;
  std::unique_ptr<EngineCopy> copy_;
};

}  // namespace hearth
