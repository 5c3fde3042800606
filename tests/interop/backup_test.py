#!/usr/bin/python3
"""nsc backup: a consistent file while others write, whatever happens to either side."""

import base64
import contextlib
import os
import signal
import sqlite3
import threading

import Pyro4
import Pyro4.errors
import support
import tools
from relay import Relay

DONE, FAILED = 0, 1


def read_file(path):
    """{name: (uri, tags)}, and what SQLite thinks of the file."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        entries = {name: (uri, []) for name, uri in db.execute("SELECT name, uri FROM pyro_names")}
        for name, tag in db.execute("SELECT name, metadata FROM pyro_names JOIN pyro_metadata ON object = id"):
            entries[name][1].append(tag)
        verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
    return {name: (uri, sorted(tags)) for name, (uri, tags) in entries.items()}, verdict


def fill(ns, count):
    batch = Pyro4.batch(ns)
    for number in range(count):
        batch.register("filler.%d" % number, "PYRO:o@host:%d" % number, metadata=["t", "n%d" % (number % 10)])
    list(batch())


class BackupCase(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.home = self.path("home")
        os.mkdir(self.home)
        self.target = self.path("backup.db")

    def serve(self, storage=None, **limits):
        with open(self.path("hearthd.conf"), "w", encoding="utf-8") as config:
            config.write("[limits]\n" + "".join("%s = %s\n" % item for item in limits.items()))
        self.server = self.start_server("--config", self.path("hearthd.conf"),
                                        storage=storage or "sql:%s/names.db" % self.home)
        return self.server

    def backup(self, *options, path=None, **settings):
        return tools.nsc(self.server, *options, "backup", path or self.target, **settings)

    def assert_backed_up(self, *options, **settings):
        status, output, trouble = self.backup(*options, **settings)
        self.assertEqual((status, trouble), (DONE, ""))
        self.assertRegex(output, r"\AWrote the database, .*, to .*\n\Z")

    def administrator(self):
        """A connection to what nsc talks to."""
        uri = self.server.uri
        admin = Pyro4.Proxy("PYRO:Hearth.Admin@%s:%d" % (uri.host, uri.port))
        self.addCleanup(admin._pyroRelease)
        return admin

    def open_scratch_files(self):
        """Files without a name that the server has open."""
        folder = "/proc/%d/fd" % self.server.pid
        links = [os.path.join(folder, number) for number in os.listdir(folder)]
        return [link for link in links if os.path.islink(link) and ".copying" in os.readlink(link)]


class Consistent(BackupCase):
    def write_until(self, done, prefix, acknowledged):
        """Each name is registered, then tagged: what is acknowledged is noted in that order."""
        with self.server.locate() as ns:
            number = 0
            while not done.is_set():
                name, uri = "%s.%d" % (prefix, number), "PYRO:o@host:%d" % number
                ns.register(name, uri, metadata=["first"])
                acknowledged[name] = (uri, ["first"])
                ns.set_metadata(name, ["second", "third"])
                acknowledged[name] = (uri, ["second", "third"])
                number += 1

    def check_under_writes(self, storage):
        self.serve(storage)
        with self.server.locate() as ns:
            fill(ns, 5000)
        done = threading.Event()
        notes = [{} for _ in range(3)]
        writers = [threading.Thread(target=self.write_until, args=(done, "w%d" % number, note))
                   for number, note in enumerate(notes)]
        for writer in writers:
            writer.start()
        try:
            for round_number in range(3):
                self.assertTrue(support.wait_until(lambda: all(len(note) > 20 * round_number for note in notes)))
                before = {name: entry for note in notes for name, entry in dict(note).items()}
                self.assert_backed_up("--force")
                stored, verdict = read_file(self.target)
                self.assertEqual(verdict, "ok")
                self.assertEqual(len([name for name in stored if name.startswith("filler.")]), 5000)
                for name, (uri, tags) in before.items():
                    self.assertEqual(stored[name][0], uri)
                    self.assertIn(stored[name][1], [tags, ["second", "third"]])  # as it was, or as it has become since
                self.check_order(stored)
        finally:
            done.set()
            for writer in writers:
                writer.join()
        self.server.stop()
        self.check_opens_everywhere(stored)

    def check_order(self, stored):
        """Of each writer all names up to some number, and none but the last without its second tags: one moment."""
        for prefix in ("w0", "w1", "w2"):
            names = sorted((name for name in stored if name.startswith(prefix)), key=lambda name: int(name[3:]))
            self.assertEqual(names, ["%s.%d" % (prefix, number) for number in range(len(names))])
            self.assertEqual({tuple(stored[name][1]) for name in names[:-1]} - {("second", "third")}, set())

    def check_opens_everywhere(self, stored):
        expected = {name: entry for name, entry in stored.items() if name != support.NAME_SERVER}
        for program in (None, support.PYRO4_NS):
            server = self.start_server(program=program, storage="sql:" + self.target)
            with server.locate() as ns:
                found = {name: (uri, sorted(tags)) for name, (uri, tags) in ns.list(return_metadata=True).items()
                         if name != support.NAME_SERVER}
            self.assertEqual(found, expected)
            server.stop()

    def test_sql(self):
        self.check_under_writes(None)
        self.assertEqual(os.listdir(self.home), ["names.db"])

    def test_memory(self):
        self.check_under_writes("memory")


class Terms(BackupCase):
    def test_the_file(self):
        self.serve()
        self.assert_backed_up()
        self.assertEqual(self.backup(), (FAILED, "", "nsc: %s exists. --force overwrites it\n" % self.target))
        with self.server.locate() as ns:
            ns.register("new", "PYRO:o@h:1")
        self.assert_backed_up("--force")
        self.assertIn("new", read_file(self.target)[0])
        status, output, _ = self.backup("--force", "--json")
        self.assertEqual((status, output), (DONE, '{"file":"%s","bytes":%d}\n' % (self.target,
                                                                                 os.path.getsize(self.target))))
        self.server.stop()

    def test_no_room_where_the_file_should_be(self):
        self.serve()
        status, output, trouble = self.backup(path="/dev/full/x")
        self.assertEqual((status, output), (FAILED, ""))
        self.assertEqual(trouble, "nsc: cannot write /dev/full/x: Not a directory\n")
        self.server.stop()

    def test_every_serializer(self):
        self.serve(**{"backup-chunk-bytes-max": "64K"})
        with self.server.locate() as ns:
            fill(ns, 1000)
        for serializer in support.SERIALIZERS:
            self.assert_backed_up("--force", env={"PYRO_SERIALIZER": serializer})
            self.assertEqual(len(read_file(self.target)[0]), 1001)
        self.server.stop()

    def test_another_make(self):
        self.server = self.start_server(program=support.PYRO4_NS)
        status, output, trouble = self.backup()
        self.assertEqual((status, output), (FAILED, ""))
        self.assertIn("is not a hearthd", trouble)
        self.assertFalse(os.path.exists(self.target))

    def test_progress_on_a_terminal_only(self):
        self.serve()
        with self.server.locate() as ns:
            fill(ns, 5000)
        process, terminal = tools.on_terminal(self, self.server, "backup", self.target)
        shown = tools.shown(terminal)
        self.assertEqual((process.wait(), process.stdout.read()[:18]), (DONE, b"Wrote the database"))
        self.assertTrue(shown.startswith(b"\r\x1b[Kcopying   ["), shown[:50])
        self.assertRegex(shown, rb"receiving \[#+\.+\] +\d+ %  .*iB of .*iB")
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown[-50:])
        self.server.stop()


class Trouble(BackupCase):
    def begin(self):
        """A backup of which the first bytes have come, and its terminal."""
        with self.server.locate() as ns:
            fill(ns, 3000)
        self.relay = Relay(self, self.server, to_client_max=100000)
        process, terminal = tools.on_terminal(self, self.relay, "backup", self.target)
        self.assertIn(b"receiving", tools.shown(terminal, b"receiving"))
        self.relay.wait_until_holding()
        return process, terminal

    def test_nsc_is_interrupted_or_killed_on_the_way(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                self.serve(**{"backup-chunk-bytes-max": "64K", "backup-silence-ms": 1000})
                files = os.listdir(self.directory)
                process, terminal = self.begin()
                process.send_signal(number)
                self.relay.go_on()
                rest = tools.shown(terminal)
                self.assertEqual(process.wait(), FAILED if number != signal.SIGKILL else -number)
                if number != signal.SIGKILL:
                    self.assertIn(b"nsc: interrupted; no backup was written", rest)
                self.assertEqual(os.listdir(self.directory), files)
                # The server notices that nobody asks any more, and its room is free again.
                self.assertTrue(support.wait_until(lambda: not self.open_scratch_files()))
                self.assertTrue(support.wait_until(lambda: self.backup("--force")[0] == DONE))
                os.remove(self.target)
                self.server.stop()

    def test_the_server_is_killed_on_the_way(self):
        self.serve(**{"backup-chunk-bytes-max": "64K"})
        process, terminal = self.begin()
        self.server.kill()
        self.relay.close()
        self.assertRegex(tools.shown(terminal), rb"nsc: .*; no backup was written")
        self.assertEqual(process.wait(), FAILED)
        self.assertFalse(os.path.exists(self.target))
        self.serve()
        self.assertEqual({name for name in os.listdir(self.home) if "copying" in name}, set())
        self.assert_backed_up()
        self.server.stop()

    def test_one_at_a_time(self):
        self.serve()
        admin = self.administrator()
        begun = admin.begin_backup()
        status, output, trouble = self.backup()
        self.assertEqual((status, output), (FAILED, ""))
        self.assertIn("another backup is under way", trouble)
        self.assertFalse(os.path.exists(self.target))
        self.assertTrue(admin.end_backup(begun["id"]))
        self.assert_backed_up()
        with self.assertRaisesRegex(Pyro4.errors.PyroError, "there is no such backup any more"):
            admin.read_backup(begun["id"], 0)
        with self.assertRaisesRegex(ValueError, "id and offset must be integers"):
            admin.read_backup("x", 0)
        self.server.stop()

    def test_a_python_administrator(self):
        """Everything that nsc does can be done from Python."""
        self.serve()
        admin = self.administrator()
        backup = admin.begin_backup()
        while backup["size"] is None:
            backup = admin.read_backup(backup["id"], 0)
        data = base64.b64decode(backup["data"])
        while len(data) < backup["size"]:
            data += base64.b64decode(admin.read_backup(backup["id"], len(data))["data"])
        with open(self.target, "wb") as target:
            target.write(data)
        self.assertEqual(set(read_file(self.target)[0]), {support.NAME_SERVER})
        self.server.stop()

    def test_the_server_stops_on_the_way(self):
        self.serve()
        self.administrator().begin_backup()
        self.server.stop()
        self.assertEqual(os.listdir(self.home), ["names.db"])


if __name__ == "__main__":
    support.main()
