#include "tests/contract/engine_contract.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "nameserver/store/memory_engine.h"
#include "nameserver/store/sqlite_db.h"
#include "tests/contract/engine_model.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

class MemoryUnderTest final : public EngineUnderTest {
 public:
  Engine& engine() override { return engine_; }
  Registrations load() override {
    CHECK(engine_.reopen().has_value());
    return loaded(engine_).value();
  }

 private:
  MemoryEngine engine_;
};

class SqliteUnderTest final : public EngineUnderTest {
 public:
  SqliteUnderTest() { open(); }
  Engine& engine() override { return *engine_; }
  Registrations load() override {
    engine_.reset();
    open();
    return loaded(*engine_).value();
  }
  std::optional<Registrations> load_after_kill() override {
    const TempDir crashed;
    std::filesystem::copy(directory_.path(), crashed.path());
    const int error = std::exchange(disk_.write_error, SQLITE_OK);
    auto all = loaded(*open_engine("sql:" + (crashed / "names.db")).value());
    disk_.write_error = error;
    return std::move(all).value();
  }
  bool break_storage() override {
    disk_.write_error = SQLITE_FULL;
    return true;
  }
  void mend_storage() override { disk_.write_error = SQLITE_OK; }
  /// With the statements of SqlStorage.__setitem__ and __delitem__ of both Pyros.
  bool change_from_outside(const Registrations& put, const std::vector<std::string>& removed) override {
    auto db = SqliteDb::open(directory_ / "names.db", false, 0).value();
    CHECK(db.execute("PRAGMA foreign_keys = ON; BEGIN").has_value());
    for (const Registration& registration : put) {
      remove(db, registration.name);
      run(db, "INSERT INTO pyro_names(name, uri) VALUES(?1, ?2)", {registration.name, registration.uri});
      for (const std::string& tag : registration.tags) {
        run(db, "INSERT INTO pyro_metadata(object, metadata) SELECT id, ?2 FROM pyro_names WHERE name = ?1",
            {registration.name, tag});
      }
    }
    for (const std::string& name : removed) remove(db, name);
    CHECK(db.execute("COMMIT").has_value());
    return true;
  }

 private:
  static void run(SqliteDb& db, const char* sql, const std::vector<std::string>& values) {
    auto statement = db.prepare(sql).value();
    for (std::size_t i = 0; i < values.size(); ++i) statement.bind(static_cast<int>(i) + 1, values[i]);
    CHECK(statement.run().has_value());
  }
  static void remove(SqliteDb& db, const std::string& name) {
    run(db, "DELETE FROM pyro_metadata WHERE object = (SELECT id FROM pyro_names WHERE name = ?1)", {name});
    run(db, "DELETE FROM pyro_names WHERE name = ?1", {name});
  }
  void open() { engine_ = std::move(open_engine("sql:" + (directory_ / "names.db")).value()); }

  FaultyVfs disk_;
  TempDir directory_;
  std::unique_ptr<Engine> engine_;
};

TEST_CASE("the memory engine honours the contract") {
  const MakeEngine make = [] { return std::make_unique<MemoryUnderTest>(); };
  check_engine_contract(make);
  check_engine_against_model(make);
}

TEST_CASE("the SQLite engine honours the contract") {
  const MakeEngine make = [] { return std::make_unique<SqliteUnderTest>(); };
  check_engine_contract(make);
  check_engine_against_model(make);
}

}  // namespace
}  // namespace hearth
