/// Engine: where registrations live between two runs. The contract that every storage engine keeps.
///
/// Layer: store (model and below).        Thread rule: used by one thread at a time; after start that is the store's writer.
/// tests/contract/engine_contract.h is this contract as a test suite; a new engine adds one line there and one case in
/// open_engine().
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/result.h>

#include "nameserver/model/mutation.h"
#include "nameserver/store/engine_copy.h"

namespace hearth {

class Engine {
 public:
  virtual ~Engine() = default;

  /// Hands over everything stored, in any order. Called before the first commit(), or right after a reopen(). After an error
  /// what was taken is worth nothing.
  [[nodiscard]] virtual Result<void> load_all(const TakeRegistration& take) = 0;

  /// Hands over who owns what, in any order: the names that have an owner. After load_all(), under its conditions.
  [[nodiscard]] virtual Result<void> load_owners(const TakeOwner& take) = 0;

  /// Applies the mutations in their order and makes them durable with one sync. One result for each, same order.
  /// A batch is *not* a transaction across clients: each mutation is atomic alone, and those of one name keep their order.
  /// An `applied` outcome survives power loss.
  /// Errors: ErrorKind::storage for all of the batch means that none of it was applied and that nothing more is committed
  /// until reopen() has succeeded; ErrorKind::unsupported for one mutation means that it was not attempted because its
  /// chain had stopped; any other kind is about that mutation only.
  [[nodiscard]] virtual std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) = 0;

  /// What other writers of a storage that several may use have changed before the batch of the last commit(): for each name
  /// what has become of it, as a Put or a Remove that applies whatever was there; it has no owner from then on. To be asked
  /// for after every commit() and applied to copies of the storage before the outcomes of that commit; what happens later is told after a later one.
  /// After the first load_all(), and never twice. Nothing is lost by a commit that fails: it is told with the next that succeeds.
  [[nodiscard]] virtual std::vector<Mutation> take_foreign_changes() { return {}; }

  /// After a storage failure: opens the storage afresh, moves to a new one if the old is out of reach, and verifies it. Success
  /// means commit() works again and load_all() would give what had been acknowledged, and what other writers did since.
  [[nodiscard]] virtual Result<void> reopen() = 0;

  /// A copy of all that has been committed, which commits may go on beside. One at a time.
  [[nodiscard]] virtual Result<std::unique_ptr<EngineCopy>> begin_copy() = 0;

  /// What it takes on disk; 0: nothing. Cheap, as it is asked after every commit.
  [[nodiscard]] virtual std::uint64_t size_bytes() const { return 0; }

  /// What a person calls it: "memory" or "sql:/var/lib/hearth/hearthd.db".
  [[nodiscard]] virtual std::string description() const = 0;
};

/// `memory` or `sql:FILE`, as pyro4-ns takes with -s. Errors say what to do about it: unknown storage (dbm:FILE points to
/// the way out), file not readable, not a database, another program's database, in use by another hearthd (its process id).
/// Nothing is touched before it is known to be ours to touch.
[[nodiscard]] Result<std::unique_ptr<Engine>> open_engine(std::string_view storage);

}  // namespace hearth
