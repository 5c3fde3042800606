#!/usr/bin/python3
"""One sql: file, many servers: what pyro4-ns wrote opens in hearthd with everything in it, and the
reverse."""

import contextlib
import os
import signal
import sqlite3

import Pyro4.errors
import support
from crash_arena import read_file

OWN_TAGS = ("class:Pyro4.naming.NameServer", "class:Pyro5.nameserver.NameServer")
SAMPLE = {
    "plain": ("PYRO:o@h:1", []),
    "tagged": ("PYRO:o@./u:/tmp/s.sock", ["a", "b'\"", "ünï"]),
    "größe ☃ 😀": ("pyro:kept@As:77", ["t"]),
    "quote'\"\\\n": ("PYRONAME:other", []),
    "50%_": ("PYROMETA:x,y", ["x"]),
    " ": ("PYRO:o@[::1]:5", ["same", "tags"]),
    "copy": ("PYRO:o@[::1]:5", ["same", "tags"]),
}


class SharedFile(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("names.db")

    def serve(self, program):
        """`program` None is the server under test."""
        return self.start_server(program=program, storage="sql:" + self.file)

    def serve_shortly(self, program, storage=None):
        server = self.start_server(program=program, storage=storage or "sql:" + self.file)
        self.locate(server)._pyroRelease()  # pyro4-ns dies of a SIGINT that comes before its first client
        server.stop()

    def entries(self, ns):
        return {name: (uri, sorted(tags)) for name, (uri, tags) in ns.list(return_metadata=True).items()
                if name != support.NAME_SERVER}

    def write_and_read(self, writer, reader, stop):
        """`writer` fills a new file; `reader` finds everything and changes it; `writer` finds the changes."""
        server = self.serve(writer)
        with server.locate() as ns:
            for name, (uri, tags) in SAMPLE.items():
                ns.register(name, uri, metadata=["replaced"])
                ns.register(name, uri, metadata=tags)
        stop(server)

        server = self.serve(reader)
        self.assertIn("Persistent store contains %d existing registrations." % (len(SAMPLE) + 1),
                      server.lines["stdout"])
        expected = dict(SAMPLE)
        with server.locate() as ns:
            self.assertEqual(self.entries(ns), SAMPLE)
            self.assertEqual(ns.lookup(support.NAME_SERVER), server.uri)
            self.assertEqual(sorted(ns.list(metadata_all=["same", "tags"])), [" ", "copy"])
            ns.register("plain", "PYRO:moved@h:2", metadata=["now tagged"])
            ns.set_metadata("tagged", [])
            ns.remove("copy")
            ns.register("new", "PYRO:new@h:3", metadata=["n1", "n2"])
        expected.update({"plain": ("PYRO:moved@h:2", ["now tagged"]), "tagged": (SAMPLE["tagged"][0], []),
                         "new": ("PYRO:new@h:3", ["n1", "n2"])})
        del expected["copy"]
        stop(server)

        server = self.serve(writer)
        with server.locate() as ns:
            self.assertEqual(self.entries(ns), expected)
            for name in expected:
                self.assertEqual(ns.remove(name), 1, name)
        stop(server)

        server = self.serve(reader)
        with server.locate() as ns:
            self.assertEqual(self.entries(ns), {})
        server.stop()

    @staticmethod
    def stop_in_order(server):
        server.stop()

    @staticmethod
    def kill(server):
        server.signal(signal.SIGKILL)
        server.wait()

    def test_from_pyro4_ns(self):
        self.write_and_read(support.PYRO4_NS, None, self.stop_in_order)

    def test_to_pyro4_ns(self):
        self.write_and_read(None, support.PYRO4_NS, self.stop_in_order)

    def test_from_pyro4_ns_when_all_are_killed(self):
        self.write_and_read(support.PYRO4_NS, None, self.kill)

    def test_to_pyro4_ns_when_all_are_killed(self):
        self.write_and_read(None, support.PYRO4_NS, self.kill)

    def database(self):
        return contextlib.closing(sqlite3.connect(self.file))

    def test_python_reads_what_a_kill_has_left(self):
        server = self.serve(None)
        with server.locate() as ns:
            for name, (uri, tags) in SAMPLE.items():
                ns.register(name, uri, metadata=tags)
        self.kill(server)
        self.assertGreater(os.path.getsize(self.file + "-wal"), 0)
        stored = read_file(self.file)
        self.assertEqual(stored.pop(support.NAME_SERVER), (str(server.uri), sorted(OWN_TAGS)))
        self.assertEqual(stored, SAMPLE)

    def test_both_at_once_on_one_file(self):
        pyro, ours = self.serve(support.PYRO4_NS), self.serve(None)
        with pyro.locate() as theirs, ours.locate() as ns:
            theirs.register("from pyro", "PYRO:o@h:1", metadata=["t"])
            ns.register("from us", "PYRO:o@h:2", metadata=["t"])
            expected = {"from pyro": ("PYRO:o@h:1", ["t"]), "from us": ("PYRO:o@h:2", ["t"])}
            self.assertEqual((self.entries(ns), self.entries(theirs)), (expected, expected))
            theirs.set_metadata("from us", ["changed"])
            theirs.remove("from pyro")
            with self.assertRaises(Pyro4.errors.NamingError):
                ns.register("from us", "PYRO:o@h:3", safe=True)
            expected = {"from us": ("PYRO:o@h:2", ["changed"])}
            self.assertEqual((self.entries(ns), self.entries(theirs)), (expected, expected))
        self.kill(pyro)
        self.kill(ours)
        server = self.serve(None)
        with server.locate() as ns:
            self.assertEqual(self.entries(ns), expected)
        server.stop()

    def test_a_very_old_file_without_tags(self):
        with self.database() as database:
            database.execute("CREATE TABLE pyro_names (name nvarchar PRIMARY KEY, uri nvarchar NOT NULL)")
            database.executemany("INSERT INTO pyro_names VALUES (?, ?)",
                                 [("old", "PYRO:o@h:1"), ("older", "PYRO:o@h:2")])
            database.commit()
        for program in (None, support.PYRO4_NS):
            server = self.serve(program)
            with server.locate() as ns:
                self.assertEqual(sorted(self.entries(ns)), ["old", "older"])
                ns.set_metadata("old", ["t"])
                self.assertEqual(self.entries(ns),
                                 {"old": ("PYRO:o@h:1", ["t"]), "older": ("PYRO:o@h:2", [])})
            server.stop()

    def test_the_two_tables_stay_as_pyro_made_them(self):
        columns = {}
        for program in (support.PYRO4_NS, None, support.PYRO4_NS):
            self.serve_shortly(program)
            with self.database() as database:
                for table in ("pyro_names", "pyro_metadata"):
                    now = [row[1:4] for row in database.execute("PRAGMA table_info(%s)" % table)]
                    self.assertEqual(columns.setdefault(table, now), now)
        self.assertEqual(columns, {"pyro_names": [("id", "INTEGER", 0), ("name", "nvarchar", 1),
                                                  ("uri", "nvarchar", 1)],
                                   "pyro_metadata": [("object", "INTEGER", 1), ("metadata", "nvarchar", 1)]})

    def test_a_new_file_has_the_tables_that_pyro_makes(self):
        self.serve_shortly(None)
        with self.database() as database:
            names = [row[1] for row in database.execute("PRAGMA table_info(pyro_names)")]
            tags = [row[1] for row in database.execute("PRAGMA table_info(pyro_metadata)")]
        self.assertEqual((names, tags), (["id", "name", "uri"], ["object", "metadata"]))

    def test_what_is_only_in_the_file_is_not_forgotten_when_the_memory_is(self):
        server = self.serve(None)
        with server.locate() as ns:
            ns.register("x", "PYRO:o@h:1", metadata=["t"])
        server.stop()
        self.serve_shortly(None, storage="memory")
        server = self.serve(None)
        with server.locate() as ns:
            self.assertEqual(self.entries(ns), {"x": ("PYRO:o@h:1", ["t"])})
        server.stop()


if __name__ == "__main__":
    support.main()
