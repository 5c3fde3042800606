// nsc backup: the file is there complete or not at all, and the server is told when it can forget about it.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client-lib/admin_handlers.h"
#include "tests/unit/nsc/running.h"

namespace hearth::nsc {
namespace {

std::string some_file() {
  std::string file = "SQLite format 3";
  for (int i = 0; i < 3000; ++i) file.push_back(static_cast<char>(i * 31));
  return file;
}

TEST_CASE("nsc backup writes what the server has") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  test::AdminServer hearthd({}, some_file());
  const Report report = run_as_admin(backup, hearthd.handler(), {.arguments = {path}}).report;
  CHECK(report.status == ExitStatus::done);
  CHECK(report.out == "Wrote the database, 2.9 KiB, to " + path + "\n");
  CHECK(report.err.empty());
  CHECK(read_file(path) == some_file());
  CHECK(hearthd.fake_backups.was_ended);

  test::AdminServer again({}, "another");
  const Report forced =
      run_as_admin(backup, again.handler(), {.wants_json = true, .arguments = {path}, .options = {.overwrites = true}})
          .report;
  CHECK(forced.out == "{\"file\":\"" + path + "\",\"bytes\":7}\n");
  CHECK(read_file(path) == "another");
  CHECK(read_directory(directory.path()).size() == 1);
}

TEST_CASE("nsc backup shows how far it is") {
  const TempDir directory;
  test::AdminServer hearthd({}, some_file());
  std::string screen;
  const Draw draw = [&screen](std::string_view text) { screen += text; };
  const User user{.arguments = {directory / "f"}, .draw = draw};
  CHECK(run_as_admin(backup, hearthd.handler(), user).report.status == ExitStatus::done);
  CHECK(screen.find("copying   [####################..........]  66 %") != std::string::npos);
  CHECK(screen.find("receiving [.") != std::string::npos);
  CHECK(screen.find("2.0 KiB of 2.9 KiB") != std::string::npos);
  CHECK(screen.ends_with("\r\x1B[K"));
}

TEST_CASE("nsc backup does not overwrite, and asks the server for nothing then") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  write_file(path, "old");
  const auto nobody_asks = [](test::LoopbackPeer& peer) {
    test::shake_hands(peer, Dialect::pyro5);
    CHECK(peer.receive().empty());
  };
  const Report report = run_as_admin(backup, nobody_asks, {.arguments = {path}}).report;
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.err == "nsc: " + path + " exists. --force overwrites it\n");
  CHECK(read_file(path) == "old");
}

TEST_CASE("a backup that fails half-way leaves what was there") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  write_file(path, "old");
  test::AdminServer hearthd({}, some_file());
  hearthd.fake_backups.fails = true;
  const Report report =
      run_as_admin(backup, hearthd.handler(), {.arguments = {path}, .options = {.overwrites = true}}).report;
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.out.empty());
  CHECK(report.err == "nsc: PyroError: the backup has failed: the disk is full; no backup was written\n");
  CHECK(read_directory(directory.path()) == std::map<std::string, std::string>{{"names.db", "old"}});
  CHECK(hearthd.fake_backups.was_ended);
}

TEST_CASE("a backup that is interrupted leaves nothing") {
  const TempDir directory;
  test::AdminServer hearthd({}, some_file());
  const Draw interrupt = [](std::string_view text) {
    if (text.find("receiving") != std::string_view::npos) std::raise(SIGTERM);
  };
  const User user{.arguments = {directory / "f"}, .draw = interrupt};
  const Report report = run_as_admin(backup, hearthd.handler(), user).report;
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.err == "nsc: interrupted; no backup was written\n");
  CHECK(read_directory(directory.path()).empty());
  CHECK(hearthd.fake_backups.was_ended);
}

TEST_CASE("nsc backup: the file that it cannot write, and another make of name server") {
  const TempDir directory;
  const auto nobody_asks = [](test::LoopbackPeer& peer) {
    test::shake_hands(peer, Dialect::pyro5);
    CHECK(peer.receive().empty());
  };
  const Report nowhere = run_as_admin(backup, nobody_asks, {.arguments = {directory / "no/f"}}).report;
  CHECK(nowhere.err == "nsc: cannot write " + (directory / "no/f") + ": No such file or directory\n");
  const Report other =
      run_as_admin(backup, test::refusing_in(Dialect::pyro5, "unknown object"), {.arguments = {directory / "f"}})
          .report;
  CHECK(other.status == ExitStatus::failed);
  CHECK(other.err.find("is not a hearthd") != std::string::npos);
  CHECK(read_directory(directory.path()).empty());
}

}  // namespace
}  // namespace hearth::nsc
