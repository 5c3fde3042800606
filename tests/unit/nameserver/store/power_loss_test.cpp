// Promise 1 of DESIGN.md on a disk that loses what was not synced, and keeps the rest in any order.
#include "tests/support/power_loss_vfs.h"

#include <optional>

#include "tests/contract/engine_model.h"
#include "tests/support/files.h"
#include "tests/support/loaded.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

/// One database through many power failures: it is opened, changed, closed, and the power fails at any operation on the
/// disk, those of the start and of the stop included. Each life goes on from what the one before has left.
class Database {
 public:
  Database(std::uint32_t seed, int lies_about) : random_(seed), mutations_(seed) { disk_.lies_about = lies_about; }

  /// Up to the next power failure. What is wrong with the file, if anything is.
  std::optional<std::string> live() {
    const TempDir directory;
    for (const auto& [name, bytes] : image_) write_file(directory / name, bytes);
    const std::uint64_t operations = below(4) == 0 ? below(40) : below(600);
    disk_.power_on(directory.path(), operations, static_cast<std::uint32_t>(random_()));
    while (!disk_.survivors()) {
      if (auto wrong = run(directory / "names.db"); wrong) return wrong;
    }
    image_ = *disk_.survivors();
    return std::nullopt;
  }
  int batches() const { return batches_; }
  int in_doubt() const { return in_doubt_; }

 private:
  /// From a start to a stop, or to a power failure.
  std::optional<std::string> run(const std::string& path) {
    auto engine = SqliteEngine::open(path, {0});
    if (disk_.survivors()) return std::nullopt;
    if (!engine) return "does not open: " + engine.error().text;
    if (auto wrong = check(**engine, path); wrong) return wrong;
    for (unsigned i = below(20); i > 0 && !disk_.survivors(); --i) {
      if (below(6) == 0) checkpoint(path);
      if (auto wrong = commit(**engine); wrong) return wrong;
    }
    return std::nullopt;
  }

  /// By another program, which does it as the engine's own connection would after some thousand changes.
  static void checkpoint(const std::string& path) {
    auto db = SqliteDb::open(path, false, 0);
    if (db) [[maybe_unused]]
      const auto done = db->execute("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /// All that was acknowledged is there, and a batch that was not is there as a whole or not at all.
  std::optional<std::string> check(Engine& engine, const std::string& path) {
    auto loaded = hearth::loaded(engine);
    if (disk_.survivors()) return std::nullopt;
    if (!loaded) return "cannot be read: " + loaded.error().text;
    std::sort(loaded->begin(), loaded->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    if (unanswered_ && *loaded == unanswered_->stored()) acknowledged_ = *unanswered_;
    unanswered_.reset();
    if (*loaded != acknowledged_.stored()) return "holds something else than what was acknowledged";
    auto db = SqliteDb::open(path, false, 0);
    auto verdict = db ? db->first_text("PRAGMA quick_check") : tl::unexpected(db.error());
    if (disk_.survivors()) return std::nullopt;
    if (!verdict || *verdict != "ok") return "quick_check: " + (verdict ? verdict->value_or("") : verdict.error().text);
    return std::nullopt;
  }

  std::optional<std::string> commit(Engine& engine) {
    const Batch batch = next_batch();
    EngineModel after = acknowledged_;
    const std::string expected = after.commit(batch);
    const std::string got = letters(engine.commit(batch));
    ++batches_;
    if (got == expected) {
      acknowledged_ = std::move(after);
    } else if (!disk_.survivors()) {
      return "answered " + got + " for " + expected;
    } else {
      unanswered_ = std::move(after);
      ++in_doubt_;
    }
    return std::nullopt;
  }

  /// Mostly small ones; some take many pages.
  Batch next_batch() {
    Batch batch = mutations_.batch();
    if (below(4) == 0) batch.push_back(put("big" + std::to_string(below(3)), std::string(below(300000), 'x'), {"big"}));
    return batch;
  }
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  PowerLossVfs disk_;
  std::mt19937 random_;
  RandomMutations mutations_;
  VolatileDisk::Image image_;
  EngineModel acknowledged_;
  std::optional<EngineModel> unanswered_;  ///< as it would be with the batch that the power failure interrupted
  int batches_ = 0;
  int in_doubt_ = 0;
};

TEST_CASE("whenever the power fails, what was acknowledged is there, and nothing half of the rest") {
  constexpr int power_failures = 500;
  Database database(20240229, 0);
  for (int i = 0; i < power_failures; ++i) {
    CAPTURE(i);
    const auto wrong = database.live();
    REQUIRE_MESSAGE(!wrong, wrong.value_or(""));
  }
  // Else the power failed only where it does no harm.
  CHECK(database.batches() > power_failures);
  CHECK(database.in_doubt() > power_failures / 3);
}

TEST_CASE("a disk whose syncs do nothing is found out") {
  int lies_about = 0;
  SUBCASE("of the log") { lies_about = SQLITE_OPEN_WAL; }
  SUBCASE("of the database") { lies_about = SQLITE_OPEN_MAIN_DB; }
  SUBCASE("of both, as with PRAGMA synchronous = OFF") { lies_about = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB; }
  Database database(20240229, lies_about);
  std::optional<std::string> wrong;
  for (int i = 0; i < 300 && !wrong; ++i) wrong = database.live();
  CHECK(wrong.has_value());
}

}  // namespace
}  // namespace hearth
