// What open_engine() takes and what it refuses; refused files stay as they were.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "nameserver/store/engine.h"
#include "nameserver/store/sqlite_db.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

Error refusal(const std::string& storage) {
  CAPTURE(storage);
  const auto engine = open_engine(storage);
  REQUIRE_FALSE(engine.has_value());
  CHECK(engine.error().text.find('\n') == std::string::npos);
  return engine.error();
}

void make_database(const std::string& path, const char* sql) {
  auto db = SqliteDb::open(path, true, 0);
  REQUIRE(db.has_value());
  REQUIRE(db->execute(sql).has_value());
}

TEST_CASE("memory and sql:FILE are taken, and described as people write them") {
  const TempDir directory;
  CHECK(open_engine("memory").value()->description() == "memory");
  CHECK(open_engine("sql:" + (directory / "names.db")).value()->description() == "sql:" + (directory / "names.db"));
}

TEST_CASE("other storages are refused with the way out") {
  CHECK(refusal("x").text == "unknown storage 'x': use memory or sql:FILE");
  CHECK(refusal("").text == "unknown storage '': use memory or sql:FILE");
  CHECK(refusal("Memory").text == "unknown storage 'Memory': use memory or sql:FILE");
  CHECK(refusal("sql:").text == "sql: names no file: use -s memory or -s sql:FILE");
  CHECK(refusal("sql::memory:").text == "sql::memory: names no file: use -s memory or -s sql:FILE");
  const Error dbm = refusal("dbm:ns.dbm");
  CHECK(dbm.kind == ErrorKind::unsupported);
  CHECK(dbm.text ==
        "dbm: storage is not supported: convert it once with Pyro4 (python3 -c \"from Pyro4.naming_storage import *; "
        "SqlStorage('ns.dbm.sql').update(DbmStorage('ns.dbm').everything(True))\") and use -s sql:ns.dbm.sql");
}

TEST_CASE("what is no file of ours is refused and left as it was") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  std::string why;
  SUBCASE("text") {
    write_file(path, "[Unit]\nDescription=not a database\n");
    why = path + " is not an SQLite database: choose another file with -s";
  }
  SUBCASE("one byte") {
    write_file(path, "S");
    why = path + " is not an SQLite database: choose another file with -s";
  }
  SUBCASE("the start of a database and then nothing of the kind") {
    write_file(path, std::string("SQLite format 3", 16) + std::string(5000, 'x'));
    why = path + " cannot be used: the file is damaged: hearthd --recover saves what can still be read of it";
  }
  SUBCASE("another program's database") {
    make_database(path, "CREATE TABLE album(id integer PRIMARY KEY, title); INSERT INTO album(title) VALUES('x')");
    why = path + " cannot be used: it is the database of another program: choose another file with -s";
  }
  SUBCASE("another program's database with a write-ahead log") {
    make_database(path, "PRAGMA journal_mode = WAL; CREATE TABLE album(id integer PRIMARY KEY, title)");
    why = path + " cannot be used: it is the database of another program: choose another file with -s";
  }
  SUBCASE("tags without names") {
    make_database(path, "CREATE TABLE pyro_metadata(object integer NOT NULL, metadata nvarchar NOT NULL)");
    why = path + " cannot be used: it is the database of another program: choose another file with -s";
  }
  SUBCASE("a view in the place of the names") {
    make_database(path, "CREATE TABLE x(id, name, uri); CREATE VIEW pyro_names AS SELECT * FROM x");
    why = path + " cannot be used: it is the database of another program: choose another file with -s";
  }
  SUBCASE("other columns") {
    make_database(path, "CREATE TABLE pyro_names(id integer PRIMARY KEY, title)");
    why = path +
          " cannot be used: its tables pyro_names and pyro_metadata are not as Pyro makes them: "
          "choose another file with -s";
  }
  SUBCASE("ids that are not the numbers of the rows") {
    make_database(path,
                  "CREATE TABLE pyro_names(id text PRIMARY KEY, name UNIQUE, uri);"
                  "CREATE TABLE pyro_metadata(object, metadata)");
    why = path +
          " cannot be used: its tables pyro_names and pyro_metadata are not as Pyro makes them: "
          "choose another file with -s";
  }
  const auto before = read_directory(directory.path());
  const Error error = refusal("sql:" + path);
  CHECK(error.text == why);
  CHECK((error.kind == ErrorKind::system || error.kind == ErrorKind::storage));
  CHECK(read_directory(directory.path()) == before);
}

TEST_CASE("a log without its database is not given up for a new file") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  std::string why;
  SUBCASE("the file is gone") {
    write_file(path + "-wal", "log");
    why =
        path + " is gone, but its log " + path + "-wal is there: bring the file back; to begin anew, move the log away";
  }
  SUBCASE("the file is empty") {
    write_file(path, "");
    write_file(path + "-wal", "");
    why = path + " is empty, but it has a log, " + path +
          "-wal, so it was not: hearthd --recover saves what is in the log; to begin anew, move the log away";
  }
  const auto before = read_directory(directory.path());
  CHECK(refusal("sql:" + path).text == why);
  CHECK(read_directory(directory.path()) == before);
  std::filesystem::remove(path + "-wal");
  CHECK(open_engine("sql:" + path).has_value());
}

TEST_CASE("what another program left unfinished is not finished for it") {
  const TempDir directory;
  const TempDir crashed;
  auto db = SqliteDb::open(directory / "names.db", true, 0);
  REQUIRE(db.has_value());
  SUBCASE("a write-ahead log") {
    REQUIRE(db->execute("PRAGMA journal_mode = WAL; CREATE TABLE album(title); PRAGMA wal_checkpoint(TRUNCATE);"
                        "INSERT INTO album VALUES('in the log only')")
                .has_value());
  }
  SUBCASE("a rollback journal") {
    REQUIRE(db->execute("CREATE TABLE album(title); PRAGMA cache_size = 1; BEGIN;"
                        "INSERT INTO album VALUES(zeroblob(100000))")
                .has_value());
  }
  std::filesystem::copy(directory.path(), crashed.path());
  const auto before = read_directory(crashed.path());
  REQUIRE(before.size() > 1);
  CHECK(refusal("sql:" + (crashed / "names.db")).kind == ErrorKind::storage);
  CHECK(read_directory(crashed.path()) == before);
}

TEST_CASE("paths that cannot be a database are refused with the reason") {
  const TempDir directory;
  const std::string& here = directory.path();
  const std::string other = ": choose another file with -s";
  CHECK(refusal("sql:" + here).text == here + " is a directory" + other);
  CHECK(refusal("sql:" + here + "/").text == here + "/ is a directory" + other);
  CHECK(refusal("sql:" + here + "/no/names.db").text ==
        "directory " + here + "/no does not exist: create it or choose another file with -s");
  CHECK(refusal("sql:" + here + "/no/").text ==
        "directory " + here + "/no does not exist: create it or choose another file with -s");
  CHECK(refusal("sql:/dev/null").text == "/dev/null is not a file" + other);
  REQUIRE(mkfifo((here + "/pipe").c_str(), 0600) == 0);
  CHECK(refusal("sql:" + here + "/pipe").text == here + "/pipe is not a file" + other);
  write_file(here + "/file", "x");
  CHECK(refusal("sql:" + here + "/file/names.db").kind == ErrorKind::system);
  std::filesystem::create_symlink(here + "/gone", here + "/link");
  CHECK(refusal("sql:" + here + "/link").text ==
        here + "/link is a symbolic link to a file that does not exist: create that or choose another file with -s");
  CHECK(refusal("sql:" + here + "/" + std::string(300, 'n')).kind == ErrorKind::system);
}

TEST_CASE("missing permissions are refused with the reason, and nothing is changed") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  { CHECK(open_engine("sql:" + path).has_value()); }
  const auto before = read_directory(directory.path());
  std::string why;
  SUBCASE("read-only file") {
    chmod(path.c_str(), 0444);
    chmod(directory.path().c_str(), 0777);
    why = path + " cannot be written (Permission denied): change that or choose another file with -s";
  }
  SUBCASE("unreadable file") {
    chmod(path.c_str(), 0222);
    chmod(directory.path().c_str(), 0777);
    why = path + " cannot be read (Permission denied): change that or choose another file with -s";
  }
  SUBCASE("read-only directory") {
    chmod(path.c_str(), 0666);
    chmod(directory.path().c_str(), 0555);
    why = "directory " + directory.path() +
          " cannot be written (Permission denied): change that or choose another file with -s";
  }
  SUBCASE("directory that may not be entered") {
    chmod(directory.path().c_str(), 0666);
    why = path + " cannot be reached (Permission denied): change that or choose another file with -s";
  }
  Error error{};
  {
    const OrdinaryUser user;
    error = refusal("sql:" + path);
  }
  chmod(directory.path().c_str(), 0777);
  chmod(path.c_str(), 0666);
  CHECK(error.kind == ErrorKind::system);
  CHECK(error.text == why);
  CHECK(read_directory(directory.path()) == before);
}

TEST_CASE("one hearthd to a file, by whatever path it is called") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  std::filesystem::create_symlink(path, directory / "link.db");
  const auto first = open_engine("sql:" + path);
  REQUIRE(first.has_value());
  const std::string in_use = " is in use by another hearthd (process " + std::to_string(getpid()) +
                             "): stop it or choose another file with -s";
  CHECK(refusal("sql:" + path).text == path + in_use);
  CHECK(refusal("sql:" + (directory / "link.db")).text == (directory / "link.db") + in_use);
}

}  // namespace
}  // namespace hearth
