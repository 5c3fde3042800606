#!/usr/bin/python3
"""nsc export and nsc import: names move between name servers of every make, from files that real Pyros have written, and an import
that anything cuts short goes on where it was."""

import contextlib
import dbm.dumb
import json
import os
import signal
import sqlite3

import support
import tools
from relay import Relay

DONE, FAILED = 0, 1

ENTRIES = {
    "a": ("PYRO:a@h:1", []),
    "example.warehouse": ("PYRO:obj_1@warehouse.example:51294", ["shop", "stock \u20ac"]),
    "quotes \"'\\ and\nlines": ("PYRO:q@./u:/tmp/s", ["\u00fc\u0000", "\U0001f600"]),
    "\u20ac.\U0001f600": ("PYRONAME:x", ["t"]),
}


def line(name, uri, tags):
    return json.dumps({"name": name, "uri": uri, "metadata": sorted(tags)}, ensure_ascii=False, separators=(",", ":"))


def lines(entries):
    """What nsc export writes: sorted by name, as bytes are."""
    ordered = sorted(entries.items(), key=lambda item: item[0].encode())
    return "".join(line(name, *entry) + "\n" for name, entry in ordered)


def many(count):
    return {"many.%06d" % number: ("PYRO:o@host:%d" % (number % 60000 + 1), ["t", "n%d" % (number % 10)])
            for number in range(count)}


class MovingCase(support.DirectoryCase):
    def write(self, text, name="names.jsonl"):
        with open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return self.path(name)

    def register(self, server, entries=None):
        with server.locate() as ns:
            for name, (uri, tags) in (entries or ENTRIES).items():
                ns.register(name, uri, metadata=tags)

    def exported(self, server):
        status, output, trouble = tools.nsc(server, "export")
        self.assertEqual((status, trouble), (DONE, ""))
        return output

    def assert_imported(self, server, where, *options, **settings):
        status, output, trouble = tools.nsc(server, *options, "import", where, **settings)
        self.assertEqual((status, trouble), (DONE, ""))
        return output


class RoundTrip(MovingCase):
    def check(self, *programs):
        """From one to the next, and each has the same afterwards."""
        servers = [self.start_server(program=program) for program in programs]
        self.register(servers[0])
        path = self.path("%d.jsonl" % len(programs))
        self.assertEqual(tools.nsc(servers[0], "export", path), (DONE, "Wrote 4 names to %s\n" % path, ""))
        with open(path, encoding="utf-8", newline="") as file:
            self.assertEqual(file.read(), lines(ENTRIES))
        for server in servers[1:]:
            self.assertEqual(self.assert_imported(server, path), "Imported 4 names: 4 new\n")
            self.assertEqual(self.exported(server), lines(ENTRIES))
            self.assertEqual(self.assert_imported(server, path), "Imported 0 names: 0 new; 4 there already\n")
        for server in servers:
            server.stop()

    def test_between_makes(self):
        self.check(None, None)
        self.check(support.PYRO4_NS, None, support.PYRO4_NS)

    def test_every_serializer(self):
        source, target = self.start_server(), self.start_server()
        self.register(source)
        for serializer in support.SERIALIZERS:
            settings = {"env": {"PYRO_SERIALIZER": serializer}}
            status, output, trouble = tools.nsc(source, "export", **settings)
            self.assertEqual((status, output, trouble), (DONE, lines(ENTRIES), ""))
            with target.locate() as ns:
                ns.remove(regex=".*")
            self.assertEqual(self.assert_imported(target, self.write(output), **settings), "Imported 4 names: 4 new\n")
            self.assertEqual(self.exported(target), lines(ENTRIES))

    def test_through_a_pipe(self):
        server = self.start_server()
        self.assertEqual(self.assert_imported(server, "-", typed=lines(ENTRIES)), "Imported 4 names: 4 new\n")
        self.assertEqual(tools.nsc(server, "export", "-"), (DONE, lines(ENTRIES), ""))
        self.assertEqual(self.assert_imported(server, "/dev/stdin", typed=lines(ENTRIES)),
                         "Imported 0 names: 0 new; 4 there already\n")

    def test_lines_that_python_writes(self):
        server = self.start_server()
        text = "".join(json.dumps({"uri": uri, "name": name, "metadata": tags[::-1]}) + "\r\n"
                       for name, (uri, tags) in ENTRIES.items())
        self.assert_imported(server, self.write(text))
        self.assertEqual(self.exported(server), lines(ENTRIES))

    def test_many(self):
        source, target = self.start_server(), self.start_server(storage="sql:" + self.path("names.db"))
        text = lines(many(5000))
        self.assert_imported(source, self.write(text))
        self.assertEqual(tools.nsc(source, "export", self.path("out"))[0], DONE)
        self.assert_imported(target, self.path("out"))
        self.assertEqual(self.exported(target), text)


class PyroFiles(MovingCase):
    """Files that the real pyro4-ns has written."""

    def pyro_file(self, storage, entries):
        server = self.start_server(program=support.PYRO4_NS, storage=storage)
        self.register(server, entries)
        return server

    def test_sql(self):
        path = self.path("pyro.db")
        pyro = self.pyro_file("sql:" + path, ENTRIES)
        note = "nsc: left out Pyro.NameServer, which each name server registers for itself\n"
        for where, is_running in (("sql:" + path, True), ("sql:" + path, False), (path, False)):
            server = self.start_server()
            if not is_running:
                pyro.kill()
            self.assertEqual(tools.nsc(server, "import", where), (DONE, "Imported 4 names: 4 new\n", note))
            self.assertEqual(self.exported(server), lines(ENTRIES))
        self.assertEqual([name for name in os.listdir(self.directory) if name.startswith("pyro.db")], ["pyro.db"])

    def test_the_very_old_format(self):
        path = self.path("old.db")
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE pyro_names (name nvarchar PRIMARY KEY, uri nvarchar)")
            db.executemany("INSERT INTO pyro_names VALUES (?,?)", ((name, uri) for name, (uri, _) in ENTRIES.items()))
        server = self.start_server()
        self.assert_imported(server, "sql:" + path)
        self.assertEqual(self.exported(server), lines({name: (uri, []) for name, (uri, _) in ENTRIES.items()}))

    def test_of_a_hearthd_that_runs(self):
        source = self.start_server(storage="sql:" + self.path("names.db"))
        self.register(source)
        server = self.start_server()
        self.assertEqual(tools.nsc(server, "import", self.path("names.db"))[:2], (DONE, "Imported 4 names: 4 new\n"))
        self.assertEqual(self.exported(server), lines(ENTRIES))
        source.stop()

    def test_dbm(self):
        untagged = {name: (uri, []) for name, (uri, _) in ENTRIES.items()}
        pyro = self.pyro_file("dbm:" + self.path("pyro.dbm"), untagged)
        pyro.kill()
        server = self.start_server()
        # Debian's Python, which is pyro4-ns's, has the module that wrote it.
        status, output, trouble = tools.nsc(server, "import", "dbm:" + self.path("pyro.dbm"), env={"PATH": "/usr/bin:/bin"})
        self.assertEqual((status, output), (DONE, "Imported 4 names: 4 new\n"), trouble)
        self.assertEqual(self.exported(server), lines(untagged))

    def test_dbm_of_a_python_without_libraries(self):
        with dbm.dumb.open(self.path("dumb"), "c") as names:
            for name, (uri, _) in ENTRIES.items():
                names[name.encode()] = uri.encode()
        server = self.start_server()
        self.assert_imported(server, "dbm:" + self.path("dumb"))
        self.assertEqual(self.exported(server), lines({name: (uri, []) for name, (uri, _) in ENTRIES.items()}))

    def test_dbm_that_cannot_be_read(self):
        server = self.start_server()
        with dbm.dumb.open(self.path("latin"), "c") as names:
            names[b"\xff"] = b"PYRO:a@h:1"
        self.write("no dbm")
        self.write("no dbm", "damaged.db")
        for where, env, reason in (("no", None, "there is no dbm file of that name"),
                                   ("names.jsonl", None, "no dbm file that this Python knows"),
                                   ("latin", None, r"it holds b'\xff', which is no UTF-8"),
                                   ("damaged", None, "or the file is damaged"),
                                   ("latin", {"PATH": "/nowhere"}, "dbm files are read with python3")):
            status, output, trouble = tools.nsc(server, "import", "dbm:" + self.path(where), env=env)
            self.assertEqual((status, output), (FAILED, ""))
            self.assertIn(reason, trouble)
            self.assertTrue(trouble.endswith("; nothing was imported\n"), trouble)
            self.assertEqual(trouble.count("\n"), 1)


class Rules(MovingCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.register(self.server, {"a": ("PYRO:a@h:1", []), "b": ("PYRO:b@h:1", ["t"])})
        self.new = {"a": ("PYRO:a@h:2", []), "b": ("PYRO:b@h:1", ["t"]), "c": ("PYRO:c@h:1", [])}
        self.file = self.write(lines(self.new))
        self.before = self.exported(self.server)

    def run_import(self, *options):
        return tools.nsc(self.server, *options, "import", self.file)

    def test_fail(self):
        for options in ((), ("--on-conflict", "fail"), ("--dry-run",)):
            status, output, trouble = self.run_import(*options)
            self.assertEqual((status, output), (FAILED, ""))
            self.assertTrue(trouble.startswith("nsc: %s:1: a is registered as PYRO:a@h:1" % self.file), trouble)
            self.assertIn("nothing was imported", trouble)
            self.assertEqual(self.exported(self.server), self.before)

    def test_skip_and_replace(self):
        for rule, would, did in (("skip", "Would import 1 name: 1 new", "Imported 1 name: 1 new"),
                                 ("replace", "Would import 1 name: 0 new, 1 replaced",
                                  "Imported 1 name: 0 new, 1 replaced")):
            before = self.exported(self.server)
            status, output, trouble = self.run_import("--dry-run", "--on-conflict=" + rule)
            self.assertEqual((status, output.split(";")[0], trouble), (DONE, would, ""))
            self.assertEqual(self.exported(self.server), before)
            status, output, trouble = self.run_import("--on-conflict=" + rule)
            self.assertEqual((status, output.split(";")[0], trouble), (DONE, did, ""))
        self.assertEqual(self.exported(self.server), lines(self.new))

    def test_json(self):
        status, output, _ = self.run_import("--json", "--on-conflict=skip")
        self.assertEqual((status, json.loads(output)),
                         (DONE, {"dry_run": False, "added": 1, "replaced": 0, "unchanged": 1, "skipped": 1}))

    def test_a_line_that_makes_no_sense(self):
        self.file = self.write(lines(many(100)) + '{"name": "x"}\n')
        self.assertEqual(self.run_import(), (FAILED, "", "nsc: %s:101: \"uri\" is missing\nnsc: nothing was imported\n" % self.file))
        self.assertEqual(self.exported(self.server), self.before)

    def test_into_a_file_that_is_there(self):
        status, output, trouble = tools.nsc(self.server, "export", self.file)
        self.assertEqual((status, output, trouble), (FAILED, "", "nsc: %s exists. --force overwrites it\n" % self.file))
        self.assertEqual(tools.nsc(self.server, "--force", "export", self.file)[0], DONE)
        self.assertEqual(self.assert_imported(self.server, self.file), "Imported 0 names: 0 new; 2 there already\n")


class CutShort(MovingCase):
    """Whatever ends an import too early: it says how far it came, and the same command goes on."""

    NAMES = 5000

    def setUp(self):
        super().setUp()
        self.storage = "sql:" + self.path("names.db")
        self.text = lines(many(self.NAMES))
        self.file = self.write(self.text)

    def begin(self):
        """An import that has some names in, and the beginning of more on its way; and its terminal."""
        self.server = self.start_server(storage=self.storage)
        self.relay = Relay(self, self.server, to_server_max=50000)
        process, terminal = tools.on_terminal(self, self.relay, "import", self.file)
        self.assertRegex(tools.shown(terminal, until=b"  50 of"),
                         rb"\A\r\x1b\[Kimporting \[\.+\] +0 %  0 of 5000 names\r\x1b\[Kimporting \[")
        self.relay.wait_until_holding()
        return process, terminal

    def finish(self, server, told):
        """The same again: with what is in by now, all is there."""
        there = self.exported(server).count("\n")
        self.assertIn(told, (there, None))
        self.assertGreaterEqual(there, 50)
        self.assertLess(there, self.NAMES)
        self.assertEqual(self.assert_imported(server, self.file), "Imported %d names: %d new; %d there already\n" % (
            self.NAMES - there, self.NAMES - there, there))
        self.assertEqual(self.exported(server), self.text)
        server.stop()

    def test_the_server_stops_or_is_killed(self):
        for stop in (support.Server.stop, support.Server.kill):
            process, terminal = self.begin()
            stop(self.server)
            rest = tools.shown(terminal)
            self.assertEqual(process.wait(), FAILED)
            self.assertRegex(rest, rb"Of 5000 names, \d+ have been imported, and perhaps some of the next \d+, for which no "
                                   rb"answer came\. The same command goes on from there")
            self.finish(self.start_server(storage=self.storage), int(rest.split(b"names, ")[-1].split()[0]))
            os.remove(self.path("names.db"))

    def test_the_user_interrupts(self):
        process, terminal = self.begin()
        process.send_signal(signal.SIGINT)
        self.relay.go_on()
        rest = tools.shown(terminal)
        self.assertEqual(process.wait(), FAILED)
        self.assertRegex(rest, rb"nsc: interrupted\. Of 5000 names, \d+ have been imported\. The same command goes on")
        self.finish(self.server, int(rest.split(b"names, ")[-1].split()[0]))

    def test_nsc_is_killed(self):
        process, _ = self.begin()
        process.kill()
        process.wait()
        self.relay.close()
        self.finish(self.server, None)


if __name__ == "__main__":
    support.main()
