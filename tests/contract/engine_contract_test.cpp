#include "tests/contract/engine_contract.h"

#include "nameserver/store/memory_engine.h"
#include "tests/contract/engine_model.h"
#include "tests/support/loaded.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

class MemoryUnderTest final : public EngineUnderTest {
 public:
  Engine& engine() override { return engine_; }
  std::vector<Registration> load() override {
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
  std::vector<Registration> load() override {
    engine_.reset();
    open();
    return loaded(*engine_).value();
  }

 private:
  void open() { engine_ = std::move(open_engine("sql:" + (directory_ / "names.db")).value()); }

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
