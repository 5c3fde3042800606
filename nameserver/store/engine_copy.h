/// EngineCopy: a consistent copy of a storage in the making: a database file as hearthd and both Pyros open it (PYRO.md
/// section 7), whatever the engine.
///
/// Layer: store.        Thread rule: that of its engine, between two calls of which it may be anywhere on its way.
/// Ownership: must be destroyed before its engine, and before the engine's reopen(). Takes room on disk or in memory as large as
/// the copy, of which nothing is left when it is destroyed or the process killed.
/// Errors: ErrorKind::storage; then the copy is worth nothing any more.
#pragma once

#include <cstddef>
#include <cstdint>

#include <hearth/result.h>

#include "protocol/base/bytes.h"

namespace hearth {

class EngineCopy {
 public:
  virtual ~EngineCopy() = default;

  /// Copies some `bytes` more.
  [[nodiscard]] virtual Result<void> advance(std::size_t bytes) = 0;

  /// How far it is, in units of the engine's own.
  struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    bool is_complete = false;
  };
  [[nodiscard]] virtual Progress progress() const = 0;

  /// Of the file, once it is complete.
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
  /// A piece of the file, once it is complete: `bytes_max` from `offset` on, or what there is of them.
  [[nodiscard]] virtual Result<Bytes> read(std::uint64_t offset, std::size_t bytes_max) = 0;
};

}  // namespace hearth
