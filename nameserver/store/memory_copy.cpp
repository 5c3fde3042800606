#include "nameserver/store/memory_copy.h"

#include <utility>

#include "nameserver/store/sqlite_schema.h"

namespace hearth {

Result<std::unique_ptr<MemoryCopy>> MemoryCopy::begin(Entries entries, const TagTable& tags, const TagTable& owners,
                                                      std::function<void()> ended) {
  auto db = SqliteDb::open_in_memory();
  if (!db) return forward_error(db);
  std::unique_ptr<MemoryCopy> copy(new MemoryCopy(std::move(*db), std::move(entries), tags, owners));
  if (auto prepared = copy->prepare(); !prepared) return forward_error(prepared);
  copy->ended_ = std::move(ended);
  return copy;
}

MemoryCopy::~MemoryCopy() {
  if (ended_) ended_();
}

Result<void> MemoryCopy::prepare() {
  if (auto made = bring_up_schema(db_, Schema::none); !made) return made;
  db_.disable_triggers();  // they note what others change
  auto tables = SqliteTables::prepare(db_);
  if (!tables) return forward_error(tables);
  tables_ = std::move(*tables);
  return db_.execute("PRAGMA journal_mode = OFF; BEGIN");
}

Result<void> MemoryCopy::advance(std::size_t bytes) {
  if (!tables_) return {};
  std::size_t copied_bytes = 0;
  while (copied_ < entries_.size() && copied_bytes < bytes) {
    const CompactRegistration& entry = *entries_[copied_];
    if (auto copied = copy(entry); !copied) return copied;
    copied_bytes += entry.name().size() + entry.uri().size();
    ++copied_;
  }
  return copied_ < entries_.size() ? Result<void>() : finish();
}

Result<void> MemoryCopy::copy(const CompactRegistration& entry) {
  Registration registration{std::string(entry.name()), std::string(entry.uri()), {}};
  for (const CompactRegistration::TagSlot& slot : entry.tags()) registration.tags.push_back(tag_texts_.text(slot.tag));
  ClaimRef claim;
  if (entry.owner() != no_owner) claim = std::make_shared<const Claim>(Claim{{owner_texts_.text(entry.owner())}});
  auto outcome = tables_->apply(Put{std::move(registration), false, std::move(claim)});
  if (!outcome) return forward_error(outcome);
  return {};
}

Result<void> MemoryCopy::finish() {
  if (auto committed = db_.execute("COMMIT"); !committed) return committed;
  tables_.reset();
  std::exchange(ended_, nullptr)();
  return {};
}

EngineCopy::Progress MemoryCopy::progress() const { return {copied_, entries_.size(), !tables_.has_value()}; }

}  // namespace hearth
