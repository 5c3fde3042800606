// nsc import: all that can be said before it begins is said then, and what has ended it too early says how far it came.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "tests/unit/nsc/moving.h"

namespace hearth::nsc {
namespace {

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

User with(OnConflict rule, bool is_dry_run = false) {
  return {.options = {.is_dry_run = is_dry_run, .on_conflict = rule}};
}

}  // namespace

TEST_CASE("nsc import brings names in, and finds them there the next time") {
  Moving moving;
  const std::vector<std::string> lines{"a PYRO:a@h:1 s t", "b pyro:b@h:1"};
  Report report = moving.import(lines);
  CHECK(report.status == ExitStatus::done);
  CHECK(report.out == "Imported 2 names: 2 new\n");
  CHECK(report.err.empty());
  CHECK(moving.exported() == Moving::json_lines(lines));
  report = moving.import({"a PYRO:a@h:1 t s", "b pyro:b@h:1", "c PYRO:c@h:1"}, {.wants_json = true});
  CHECK(report.out == "{\"dry_run\":false,\"added\":1,\"replaced\":0,\"unchanged\":2,\"skipped\":0}\n");
  CHECK(moving.import_text("").out == "Imported 0 names: 0 new\n");
}

TEST_CASE("nsc import changes nothing if a name is taken by something else") {
  Moving moving;
  CHECK(moving.import({"a PYRO:a@h:1", "b PYRO:b@h:1"}).status == ExitStatus::done);
  const std::string before = moving.exported();
  const Report report = moving.import({"c PYRO:c@h:1", "b PYRO:b@h:1 tag", "a PYRO:a@h:2"});
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.out.empty());
  CHECK(report.err ==
        "nsc: " + moving.path("names") + ":2: b is registered with other tags\n" + "nsc: " + moving.path("names") +
            ":3: a is registered as PYRO:a@h:1\n" +
            "nsc: nothing was imported, because 2 of 3 names are taken. --on-conflict=skip leaves those as they are, "
            "--on-conflict=replace changes them\n");
  CHECK(moving.exported() == before);
}

TEST_CASE("nsc import tells the first of many conflicts") {
  Moving moving;
  CHECK(moving.import_text(Moving::many(30)).status == ExitStatus::done);
  std::string others = Moving::many(30);
  for (std::size_t at = 0; (at = others.find("@h:", at)) != std::string::npos;) others.replace(at, 3, "@k:");
  const Report report = moving.import_text(others);
  CHECK(lines_in(report.err) == 12);
  CHECK(report.err.find("nsc: … and 20 more\n") != std::string::npos);
}

TEST_CASE("nsc import --on-conflict=skip and =replace") {
  const std::vector<std::string> before{"a PYRO:a@h:1", "b PYRO:b@h:1 old", "c PYRO:c@h:1"};
  const std::vector<std::string> lines{"a PYRO:a@h:2", "b PYRO:b@h:1", "c PYRO:c@h:1", "d PYRO:d@h:1"};
  {
    Moving moving;
    CHECK(moving.import(before).status == ExitStatus::done);
    CHECK(moving.import(lines, with(OnConflict::skip)).out ==
          "Imported 1 name: 1 new; 1 there already; 2 skipped, being taken\n");
    CHECK(moving.exported() ==
          Moving::json_lines({"a PYRO:a@h:1", "b PYRO:b@h:1 old", "c PYRO:c@h:1", "d PYRO:d@h:1"}));
  }
  Moving moving;
  CHECK(moving.import(before).status == ExitStatus::done);
  CHECK(moving.import(lines, with(OnConflict::replace)).out ==
        "Imported 3 names: 1 new, 2 replaced; 1 there already\n");
  CHECK(moving.exported() == Moving::json_lines(lines));
}

TEST_CASE("nsc import --dry-run only says it") {
  Moving moving;
  CHECK(moving.import({"a PYRO:a@h:1"}).status == ExitStatus::done);
  const std::string before = moving.exported();
  const std::vector<std::string> lines{"a PYRO:a@h:2", "b PYRO:b@h:1"};
  CHECK(moving.import(lines, with(OnConflict::replace, true)).out == "Would import 2 names: 1 new, 1 replaced\n");
  CHECK(moving.import(lines, with(OnConflict::skip, true)).out ==
        "Would import 1 name: 1 new; 1 skipped, being taken\n");
  CHECK(moving.import(lines, with(OnConflict::fail, true)).status == ExitStatus::failed);
  CHECK(moving.exported() == before);
}

TEST_CASE("nsc import reads all of the file before it writes") {
  Moving moving;
  const std::string before = moving.exported();
  const Report report = moving.import_text(Moving::many(200) + "nonsense\n");
  CHECK(report.status == ExitStatus::failed);
  CHECK(report.err == "nsc: " + moving.path("names") +
                          ":201: invalid json: Invalid value\n"
                          "nsc: nothing was imported\n");
  CHECK(moving.run(import_names, {.arguments = {moving.path("no")}}).err ==
        "nsc: " + moving.path("no") + " cannot be read: No such file or directory; nothing was imported\n");
  CHECK(moving.exported() == before);
}

TEST_CASE("nsc import says what it left out") {
  Moving moving;
  const Report report = moving.import({"Pyro.NameServer PYRO:x@h:1", "a PYRO:a@h:1"});
  CHECK(report.status == ExitStatus::done);
  CHECK(report.out == "Imported 1 name: 1 new\n");
  CHECK(report.err == "nsc: left out Pyro.NameServer, which each name server registers for itself\n");
}

TEST_CASE("an import that the server cuts short says what is in, and goes on the next time") {
  Moving moving;
  const std::string text = Moving::many(1000);
  const Report cut = moving.import_until(3, text);  // the handshake, the list, the first names
  CHECK(cut.status == ExitStatus::failed);
  CHECK(cut.out.empty());
  CHECK(cut.err.find(". Of 1000 names, 50 have been imported, and perhaps some of the next ") != std::string::npos);
  CHECK(cut.err.ends_with(", for which no answer came. The same command goes on from there\n"));
  CHECK(lines_in(moving.exported()) == 50);
  CHECK(moving.import_text(text).out == "Imported 950 names: 950 new; 50 there already\n");
  CHECK(moving.exported() == text);
}

TEST_CASE("an import that the user cuts short says what is in, and goes on the next time") {
  Moving moving;
  const std::string text = Moving::many(1000);
  std::string screen;
  const Draw interrupt = [&screen](std::string_view shown) {
    screen += shown;
    if (shown.find(" of 1000 names") != std::string_view::npos && shown.find(" 0 of") == std::string_view::npos)
      std::raise(SIGINT);
  };
  const Report cut = moving.import_text(text, {.draw = interrupt});
  CHECK(cut.status == ExitStatus::failed);
  CHECK(cut.err == "nsc: interrupted. Of 1000 names, 50 have been imported. The same command goes on from there\n");
  CHECK(screen.find("importing [#.............................]   5 %  50 of 1000 names") != std::string::npos);
  CHECK(screen.ends_with("\r\x1B[K"));
  CHECK(lines_in(moving.exported()) == 50);
  CHECK(moving.import_text(text).status == ExitStatus::done);
  CHECK(moving.exported() == text);
}

}  // namespace hearth::nsc
