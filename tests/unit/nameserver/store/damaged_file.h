/// What the tests of damaged files share: a database of some thousand rows, and the pages of its parts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {

class DamagedFile {
 public:
  static constexpr std::size_t page_bytes = 4096;
  static constexpr int names = 3000;

  DamagedFile() {
    Batch batch;
    for (int i = 0; i < names; ++i) {
      const std::string number = std::to_string(10000 + i);
      all.push_back({"name" + number, "PYRO:object" + number + "@host:9090", {"a" + number, "b" + number}});
      batch.push_back({Put{all.back(), false}, no_chain});
    }
    const auto engine = open_sqlite(path);
    CHECK(letters(engine->commit(batch)) == std::string(names, 'a'));
  }

  /// Page numbers, as SQLite counts them, of a table or index: "root", "internal" or "leaf".
  std::vector<std::int64_t> pages(const std::string& of, const std::string& kind) {
    auto db = open_database(path);
    const std::string root = "(SELECT rootpage FROM sqlite_schema WHERE name = ?1)";
    auto found = db.prepare(kind == "root" ? "SELECT " + root
                                           : "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = '" + kind +
                                                 "' AND pageno != " + root + " ORDER BY pageno");
    REQUIRE(found.has_value());
    found->bind(1, of);
    std::vector<std::int64_t> numbers;
    while (found->step().value()) numbers.push_back(found->integer(0));
    REQUIRE_FALSE(numbers.empty());
    return numbers;
  }

  void overwrite(std::int64_t page, char byte = '\0') {
    std::string bytes = read_file(path);
    bytes.replace(static_cast<std::size_t>(page - 1) * page_bytes, page_bytes, page_bytes, byte);
    write_file(path, bytes);
  }
  void cut(std::size_t bytes) { write_file(path, read_file(path).substr(0, bytes)); }

  std::string refusal() {
    const auto engine = SqliteEngine::open(path, {0});
    REQUIRE_FALSE(engine.has_value());
    CHECK(engine.error().text.find('\n') == std::string::npos);
    return engine.error().text;
  }

  TempDir directory;
  std::string path = directory / "names.db";
  std::vector<Registration> all;  ///< in the order of their names, and of their rows
};

}  // namespace hearth
