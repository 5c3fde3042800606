#include "nameserver/store/tags_ahead.h"

#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

const Registrations two = {{"a", "u1", {"blue", "red"}}, {"b", "u2", {"red"}}};

/// In WAL mode, as an engine leaves it.
void write_two(const std::string& path) {
  auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "u1", {"blue", "red"}), put("b", "u2", {"red"})})) == "aa");
}

std::unique_ptr<Engine> open_ahead(const std::string& path) {
  auto engine = SqliteEngine::open(path, {0, 0});
  REQUIRE_MESSAGE(engine.has_value(), (engine ? "" : engine.error().text));
  return std::move(*engine);
}

TEST_CASE("what was read ahead is what is there") {
  const TempDir dir;
  const std::string path = dir / "ahead.db";
  write_two(path);
  auto engine = open_ahead(path);
  CHECK(sorted_load(*engine) == two);
  CHECK(sorted_load(*engine) == two);  // the second time without
}

TEST_CASE("what another program or a commit changes after the reading ahead is loaded as it is now") {
  const TempDir dir;
  const std::string path = dir / "ahead.db";
  write_two(path);
  Registrations expected = two;
  SUBCASE("another program") {
    auto engine = open_ahead(path);
    run_sql(path, "UPDATE pyro_metadata SET metadata = 'green' WHERE metadata = 'blue'");
    expected.front().tags = {"green", "red"};
    CHECK(sorted_load(*engine) == expected);
  }
  SUBCASE("a commit") {
    auto engine = open_ahead(path);
    CHECK(letters(engine->commit(Batch{set_tags("a", {"yellow"})})) == "a");
    expected.front().tags = {"yellow"};
    CHECK(sorted_load(*engine) == expected);
  }
}

TEST_CASE("tags are read ahead of a file with a log only, and given away only if it is whole") {
  const TempDir dir;
  const std::string path = dir / "ahead.db";
  const auto is_read = [&](bool is_whole) {
    auto db = open_database(path);
    TagsAhead ahead;
    ahead.begin(db, path, 0);
    return ahead.end(is_whole).has_value();
  };
  run_sql(path, pyro_schema);
  CHECK_FALSE(is_read(true));
  CHECK(open_ahead(path) != nullptr);  // now it has one
  CHECK(is_read(true));
  CHECK_FALSE(is_read(false));
  run_sql(path, "DROP TABLE pyro_metadata");
  CHECK_FALSE(is_read(true));
}

TEST_CASE("a reading that was begun ends with its owner") {
  const TempDir dir;
  const std::string path = dir / "ahead.db";
  write_two(path);
  auto db = open_database(path);
  TagsAhead ahead;
  ahead.begin(db, path, 0);
}

}  // namespace
}  // namespace hearth
