/// MemoryCopy: a database in memory with the registrations of a MemoryEngine as of one moment.
///
/// Layer: store.        Thread rule: as engine_copy.h says.
/// Ownership: the entries are the engine's, which keeps those that are replaced or removed until the copy has gone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "nameserver/model/compact_registration.h"
#include "nameserver/model/tag_table.h"
#include "nameserver/store/engine_copy.h"
#include "nameserver/store/sqlite_tables.h"

namespace hearth {

class MemoryCopy final : public EngineCopy {
 public:
  using Entries = std::vector<const CompactRegistration*>;

  /// `tags` and `owners` are those of the entries. `ended` is called when none of them is needed any more.
  [[nodiscard]] static Result<std::unique_ptr<MemoryCopy>> begin(Entries entries, const TagTable& tags,
                                                                 const TagTable& owners, std::function<void()> ended);
  ~MemoryCopy() override;

  [[nodiscard]] Result<void> advance(std::size_t bytes) override;
  [[nodiscard]] Progress progress() const override;
  [[nodiscard]] std::uint64_t size_bytes() const override { return db_.file_size_bytes(); }
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::size_t bytes_max) override {
    return db_.read_file(offset, bytes_max);
  }

 private:
  MemoryCopy(SqliteDb db, Entries entries, const TagTable& tags, const TagTable& owners)
      : db_(std::move(db)), entries_(std::move(entries)), tag_texts_(tags), owner_texts_(owners) {}
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> copy(const CompactRegistration& entry);
  [[nodiscard]] Result<void> finish();

  SqliteDb db_;
  std::optional<SqliteTables> tables_;  // after the database, so that its statements go before it
  const Entries entries_;
  const TagTable& tag_texts_;
  const TagTable& owner_texts_;
  std::size_t copied_ = 0;
  std::function<void()> ended_;  ///< empty once it was called
};

}  // namespace hearth
