/// PoweredDatabase: a database file through many power failures, and the model of what it must hold after each.
///
/// It is opened, changed by the engine and by another program, checkpointed, moved away under the engine, recovered, closed,
/// while now and then a write or a sync fails; and the power fails at any operation on the disk, those of the start and of the
/// stop included. Each life goes on from what the one before has left; after some the file begins anew: as none, as Pyro's, or
/// as the very old one with one table.
#pragma once

#include <unistd.h>
#include <optional>
#include <string>

#include "nameserver/store/file_copy.h"
#include "nameserver/store/recover.h"
#include "tests/contract/engine_model.h"
#include "tests/support/files.h"
#include "tests/support/power_loss_vfs.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {

class PoweredDatabase {
 public:
  /// What has happened: a test that never met something would prove nothing about it.
  struct Counts {
    int commits = 0;
    int in_doubt = 0;  ///< commits that the power failure interrupted
    int refused = 0;   ///< by a write or sync that failed
    int reopened = 0;
    int moved = 0;  ///< reopened after the file had gone
    int foreign_changes = 0;
    int migrated = 0;
    int recovered = 0;
  };

  explicit PoweredDatabase(std::uint32_t seed) : random_(seed), mutations_(seed) {}

  /// Up to the next power failure. What is wrong with the file, if anything is, and how it came to be.
  std::optional<std::string> live() {
    auto wrong = live_until_the_power_fails();
    if (wrong) *wrong += "\nafter: " + story_;
    return wrong;
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  PowerLossVfs& disk() { return disk_; }

 private:
  using Wrong = std::optional<std::string>;

  Wrong live_until_the_power_fails() {
    if (lives_left_-- == 0) begin_anew();
    const TempDir directory;
    path_ = directory / "names.db";
    is_failing_now_and_then_ = below(3) == 0;
    disk_.power_on(directory.path(), image_, below(4) == 0 ? below(60) : below(700),
                   static_cast<std::uint32_t>(random_()));
    while (!disk_.survivors()) {
      if (auto wrong = is_whole_ && below(8) == 0 ? recover() : serve(); wrong) return wrong;
    }
    image_ = disk_.unplug();
    story_ += "power failure | ";
    if (is_gone_) lives_left_ = 0;  // whoever takes a file away and then loses power has none
    return std::nullopt;
  }

  void begin_anew() {
    lives_left_ = 12;
    image_ = {};
    acknowledged_ = EngineModel();
    unanswered_.reset();
    is_gone_ = is_whole_ = false;
    very_old_ = {};
    const unsigned origin = below(3);
    story_ = "origin " + std::to_string(origin) + " | ";
    if (origin == 0) return;
    const TempDir directory;
    const std::string path = directory / "names.db";
    run_sql(path, origin == 1 ? pyro_schema : "CREATE TABLE pyro_names(name nvarchar PRIMARY KEY, uri nvarchar)");
    Batch batch;
    std::string rows;
    const std::string uri(150, 'u');
    for (unsigned i = 0; i < 60; ++i) {
      const std::string name = "old" + std::to_string(1000 + i);
      rows += (i == 0 ? "('" : ", ('") + name + "', '" + uri + "')";
      batch.push_back(put(name, uri));
    }
    run_sql(path, ("INSERT INTO pyro_names(name, uri) VALUES" + rows).c_str());
    acknowledged_.commit(batch);
    if (origin == 2) very_old_ = acknowledged_.stored();
    image_.files = read_directory(directory.path());
  }

  /// From a start to a stop, or to a power failure.
  Wrong serve() {
    story_ += "start ";
    auto engine = SqliteEngine::open(path_, {0});
    if (disk_.survivors()) return std::nullopt;
    if (!engine) return "does not open: " + engine.error().text;
    if (auto wrong = check(**engine); wrong || disk_.survivors()) return wrong;
    is_whole_ = true;
    for (unsigned i = below(20); i > 0 && !disk_.survivors(); --i) {
      if (auto wrong = happen(**engine); wrong) return wrong;
    }
    story_ += "stop ";
    engine->reset();
    if (is_gone_ && !disk_.survivors()) bring_back();
    return std::nullopt;
  }

  /// A stop has written a file that was removed, and left one complete that was moved away.
  void bring_back() {
    if (access(path_.c_str(), F_OK) != 0) [[maybe_unused]]
      const int done = rename((path_ + ".aside").c_str(), path_.c_str());
    is_gone_ = !sync_directory_of(path_);
  }

  Wrong happen(Engine& engine) {
    switch (below(16)) {
      case 0:
      case 1: return change_from_outside(), std::nullopt;
      case 2: return below(3) == 0 ? (take_away(), std::nullopt) : std::nullopt;
      case 3:
      case 4: return checkpoint(), std::nullopt;
      default: return commit(engine);
    }
  }

  /// All that was acknowledged is there, and a batch that was not is there as a whole or not at all.
  Wrong check(Engine& engine) {
    auto loaded = hearth::loaded(engine);
    if (disk_.survivors()) return std::nullopt;
    if (!loaded) return "cannot be read: " + loaded.error().text;
    std::sort(loaded->begin(), loaded->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    if (unanswered_ && *loaded == unanswered_->stored()) acknowledged_ = *unanswered_;
    unanswered_.reset();
    if (*loaded != acknowledged_.stored()) return "holds" + differences(*loaded, acknowledged_.stored());
    index_ = acknowledged_;
    auto db = SqliteDb::open(path_, false, 0);
    auto verdict = db ? db->first_text("PRAGMA quick_check") : tl::unexpected(db.error());
    if (disk_.survivors()) return std::nullopt;
    if (!verdict || *verdict != "ok") return "quick_check: " + (verdict ? verdict->value_or("") : verdict.error().text);
    return very_old_.empty() ? std::nullopt : check_copy();
  }

  static std::string differences(const std::vector<Registration>& found, const std::vector<Registration>& expected) {
    std::string text;
    const auto tell = [&text](const char* what, const auto& these, const auto& those) {
      for (const Registration& one : these) {
        if (std::find(those.begin(), those.end(), one) != those.end()) continue;
        text += std::string(what) + one.name + "=" + one.uri.substr(0, 20) + " with " +
                std::to_string(one.tags.size()) + " tags";
      }
    };
    tell("; found ", found, expected);
    tell("; expected ", expected, found);
    return text;
  }

  /// Of the file before its migration.
  Wrong check_copy() {
    ++counts_.migrated;
    auto db = SqliteDb::open_untouched(path_ + ".before-migration-1");
    if (!db) return "no copy from before the migration: " + db.error().text;
    auto rows = db->prepare("SELECT name, uri FROM pyro_names ORDER BY name");
    if (!rows) return "the copy from before the migration: " + rows.error().text;
    std::vector<Registration> all;
    for (auto row = rows->step(); row && *row; row = rows->step()) {
      all.push_back({std::string(*rows->text(0)), std::string(*rows->text(1)), {}});
    }
    return all == very_old_ ? Wrong() : "the copy from before the migration holds something else";
  }

  Wrong commit(Engine& engine) {
    const Batch batch = next_batch();
    EngineModel after = acknowledged_;
    const std::string expected = after.commit(batch);
    disk_.failing_of_100 = is_failing_now_and_then_ ? 4 : 0;
    const std::string got = letters(engine.commit(batch));
    disk_.failing_of_100 = 0;
    story_ += "commit " + got + " ";
    if (got == expected) {
      is_gone_ = false;  // else it has been written anew at once, because it was also shorter than before
      ++counts_.commits;
      acknowledged_ = std::move(after);
      return take_over(engine, batch, expected);
    }
    if (!is_gone_) unanswered_ = std::move(after);  // until the next reopen() it may be found
    if (disk_.survivors()) {
      ++counts_.in_doubt;
      return std::nullopt;
    }
    if (got != std::string(batch.size(), 'S')) return "answered " + got + " for " + expected;
    ++counts_.refused;
    return reopen(engine);
  }

  /// The copy of the storage that a server keeps in memory.
  Wrong take_over(Engine& engine, const Batch& batch, const std::string& expected) {
    for (Mutation& change : engine.take_foreign_changes()) index_.commit({{std::move(change), no_chain}});
    if (index_.commit(batch) != expected || index_.stored() != acknowledged_.stored()) return "the index differs";
    return std::nullopt;
  }

  Wrong reopen(Engine& engine) {
    Result<void> done;
    for (int attempt = 0; attempt < 4 && !disk_.survivors(); ++attempt) {
      disk_.failing_of_100 = is_failing_now_and_then_ && attempt < 3 ? 20 : 0;
      done = engine.reopen();
      disk_.failing_of_100 = 0;
      story_ += done ? "reopened " : "not reopened (" + done.error().text + ") ";
      if (done) break;
    }
    if (disk_.survivors()) return std::nullopt;
    if (!done) return "does not recover: " + done.error().text;
    ++counts_.reopened;
    counts_.moved += is_gone_ ? 1 : 0;
    is_gone_ = false;
    unanswered_.reset();
    return check(engine);
  }

  /// By another program, which does it as the engine's own connection would after some thousand changes.
  void checkpoint() {
    static constexpr const char* kinds[] = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    if (is_gone_) return;
    auto db = SqliteDb::open(path_, false, 0);
    const auto pragma = "PRAGMA wal_checkpoint(" + std::string(kinds[below(4)]) + ")";
    if (db) [[maybe_unused]]
      const auto done = db->execute(pragma.c_str());
    story_ += pragma + " ";
  }

  /// As the Pyros do it: a name is removed with its tags, then put anew.
  void change_from_outside() {
    if (is_gone_) return;
    auto db = SqliteDb::open(path_, false, 0);
    if (!db) return;
    const std::string name = std::string(1, static_cast<char>('a' + below(8)));
    const bool is_removal = below(2) == 0;
    std::string sql =
        "BEGIN IMMEDIATE; DELETE FROM pyro_metadata WHERE object IN (SELECT id FROM pyro_names WHERE name = '" + name +
        "'); DELETE FROM pyro_names WHERE name = '" + name + "'; ";
    if (!is_removal) sql += "INSERT INTO pyro_names(name, uri) VALUES('" + name + "', 'theirs'); ";
    const auto done = db->execute((sql + "COMMIT").c_str());
    EngineModel after = acknowledged_;
    after.commit({is_removal ? hearth::remove({name}) : put(name, "theirs")});
    counts_.foreign_changes += done ? 1 : 0;
    story_ += done ? "foreign change " : "foreign change (" + done.error().text + ") ";
    (done ? acknowledged_ : unanswered_.emplace()) = std::move(after);
  }

  /// An operator removes the file, or moves it away.
  void take_away() {
    const bool done =
        below(2) == 0 ? unlink(path_.c_str()) == 0 : rename(path_.c_str(), (path_ + ".aside").c_str()) == 0;
    is_gone_ = is_gone_ || done;
    story_ += "taken away ";
  }

  /// hearthd --recover on a file that needs it not.
  Wrong recover() {
    auto report = recover_database(path_);
    if (disk_.survivors()) return std::nullopt;
    if (!report) return "is not recovered: " + report.error().text;
    ++counts_.recovered;
    story_ += "recovered ";
    return std::nullopt;
  }

  /// Mostly small ones; some take many pages. Never an empty one, whose failure nobody would hear of.
  Batch next_batch() {
    Batch batch = mutations_.batch();
    if (batch.empty() || below(6) == 0)
      batch.push_back(put("big" + std::to_string(below(3)), std::string(below(40000), 'x'), {"big"}));
    return batch;
  }
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  PowerLossVfs disk_;
  std::mt19937 random_;
  RandomMutations mutations_;
  Counts counts_;

  std::string story_;   ///< of this file
  int lives_left_ = 0;  ///< of it
  VolatileDisk::Image image_;
  std::vector<Registration> very_old_;  ///< what the file held, if it began with one table
  EngineModel acknowledged_;
  std::optional<EngineModel>
      unanswered_;         ///< as it would be with the change that was interrupted, or refused since the last reopen()
  bool is_whole_ = false;  ///< the file has been opened at least once

  std::string path_;
  EngineModel index_;
  bool is_failing_now_and_then_ = false;
  bool is_gone_ = false;
};

}  // namespace hearth
