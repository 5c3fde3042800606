// nsc export: lines that nsc import reads, in a file that is there complete or not at all.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/unit/nsc/moving.h"

namespace hearth::nsc {

TEST_CASE("nsc export prints all names but the server's own, and the way back gives the same") {
  Moving moving;
  CHECK(moving.exported().empty());
  const std::string lines = Moving::json_lines({"a PYRO:a@h:1 s t", "b PYRO:b@h:1", "c pyro:c@./u:/tmp/s"});
  CHECK(moving.import({"c pyro:c@./u:/tmp/s", "a PYRO:a@h:1 t s t", "b PYRO:b@h:1"}).status == ExitStatus::done);
  CHECK(moving.exported() == lines);
  CHECK(moving.run(export_names, {.arguments = {"-"}}).out == lines);
  Moving another;
  CHECK(another.import_text(lines).status == ExitStatus::done);
  CHECK(another.exported() == lines);
}

TEST_CASE("nsc export writes a file") {
  Moving moving;
  const std::string lines = Moving::many(2500);
  CHECK(moving.import_text(lines).status == ExitStatus::done);
  const std::string path = moving.path("out");
  std::string screen;
  const Draw draw = [&screen](std::string_view text) { screen += text; };
  CHECK(moving.run(export_names, {.arguments = {path}, .draw = draw}).out == "Wrote 2500 names to " + path + "\n");
  CHECK(read_file(path) == lines);
  CHECK(screen.find("exporting [..............................]   0 %  0 of 2501 names") != std::string::npos);
  CHECK(screen.find("2000 of 2501 names") != std::string::npos);
  CHECK(screen.ends_with("\r\x1B[K"));

  CHECK(moving.run(export_names, {.arguments = {path}}).err == "nsc: " + path + " exists. --force overwrites it\n");
  const User forced{.wants_json = true, .arguments = {path}, .options = {.overwrites = true}};
  CHECK(moving.run(export_names, forced).out == "{\"file\":\"" + path + "\",\"names\":2500}\n");
}

TEST_CASE("an export that is interrupted leaves what was there") {
  Moving moving;
  CHECK(moving.import_text(Moving::many(3000)).status == ExitStatus::done);
  const std::string path = moving.path("out");
  write_file(path, "old");
  const Draw interrupt = [](std::string_view text) {
    if (text.find(" 1000 of") != std::string_view::npos) std::raise(SIGTERM);
  };
  const User user{.arguments = {path}, .options = {.overwrites = true}, .draw = interrupt};
  const Report report = moving.run(export_names, user);
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.out.empty());
  CHECK(report.err == "nsc: interrupted; nothing was exported\n");
  CHECK(read_file(path) == "old");
}

TEST_CASE("an export to where nothing can be written") {
  Moving moving;
  const Report report = moving.run(export_names, {.arguments = {moving.path("no/out")}});
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.err == "nsc: cannot write " + moving.path("no/out") + ": No such file or directory\n");
}

}  // namespace hearth::nsc
