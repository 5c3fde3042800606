#!/usr/bin/python3
"""hearthd refuses to start in words that a person can act on: one line on stderr, a status that is not
0, and nothing damaged."""

import contextlib
import hashlib
import os
import re
import socket
import sqlite3

import Pyro4
import support

# Root reads any file; without these two capabilities it is an owner like others.
_BYPASS = "-dac_override,-dac_read_search"
MERE_OWNER = ("setpriv", "--bounding-set", _BYPASS, "--inh-caps", _BYPASS) if os.geteuid() == 0 else ()


class RefusalCase(support.DirectoryCase):
    def assert_refused(self, *words, options=(), env=None, **settings):
        """It says all of the words in one line, which is returned."""
        server = support.Server(self.directory, *options, env=env, **settings)
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0, server.describe())
        self.assertEqual((server.lines["stdout"], len(server.lines["stderr"])), ([], 1), server.describe())
        for word in words:
            self.assertIn(str(word).lower(), server.lines["stderr"][0].lower())
        return server.lines["stderr"][0]

    def snapshot(self):
        """Every file below the test's directory, with what is in it."""
        return {path: self.digest(path) for path in (os.path.join(folder, name)
                                                     for folder, _,
                                                     names in os.walk(self.directory) for name in names)}

    @staticmethod
    def digest(path):
        if not os.path.isfile(path):
            return "no plain file"
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    @contextlib.contextmanager
    def nothing_changes(self):
        before = self.snapshot()
        yield
        self.assertEqual({path: digest for path, digest in self.snapshot().items() if path in before}, before)


class Places(RefusalCase):
    def test_the_port_is_in_use(self):
        server = self.start_server()
        self.assert_refused("in use", server.port, port=server.port)
        self.assertEqual(self.locate(server).count(), 1)
        server.stop()

    def test_the_port_is_used_by_another_program(self):
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            port = stranger.getsockname()[1]
            self.assert_refused("in use", port, port=port)

    def test_the_unix_socket_is_in_use(self):
        server = self.start_server("-u", self.path("ns.sock"), port=None)
        self.assert_refused("in use", self.path("ns.sock"), options=("-u", self.path("ns.sock")), port=None)
        self.assertEqual(self.locate(server).count(), 1)
        server.stop()

    def test_the_unix_socket_is_a_file(self):
        with open(self.path("precious"), "w") as file:
            file.write("do not remove")
        with self.nothing_changes():
            self.assert_refused(self.path("precious"), options=("-u", self.path("precious")), port=None)

    def test_the_unix_socket_cannot_be(self):
        missing, long = self.path("missing", "ns.sock"), self.path("x" * 120)
        for path in (missing, long):
            self.assert_refused(path, options=("-u", path), port=None)

    def test_the_address_is_not_ours(self):
        self.assert_refused("192.0.2.1", options=("-n", "192.0.2.1"))

    def test_the_host_is_unknown(self):
        self.assert_refused("no.such.host.invalid", options=("-n", "no.such.host.invalid"))


class Settings(RefusalCase):
    def test_options_that_are_no_good(self):
        for words, options in ((("--port",), ("-p", "70000")), (("--port",), ("-p", "-1")),
                               (("--nosuch",), ("--nosuch",)),
                               (("--natport", "--nathost"), ("--nat", "x")),
                               (("nathost", "natport"), ("--nathost", "x")),
                               (("nathost", "unixsocket"),
                                ("--nathost", "x", "--natport", "1", "-u", self.path("s")))):
            with self.subTest(options=options):
                self.assert_refused(*words, options=options)

    def test_variables_that_are_no_good(self):
        for variable, value in (("PYRO_NS_PORT", "many"), ("PYRO_NS_PORT", "70000"),
                                ("PYRO_COMPRESSION", "maybe"),
                                ("PYRO_MAX_MESSAGE_SIZE", "huge"), ("PYRO_SERIALIZERS_ACCEPTED", "morse")):
            with self.subTest(variable=variable):
                self.assert_refused(variable, value, env={variable: value}, port=None)

    def test_two_keys(self):
        self.assert_refused("PYRO_HMAC_KEY", options=("-k", "one"), env={"PYRO_HMAC_KEY": "other"})

    def test_the_key_is_never_shown(self):
        for options, settings in ((("-k", "tell-nobody", "-p", "x"), {}),
                                  (("-p", "x"), {"PYRO_HMAC_KEY": "tell-nobody"})):
            server = support.Server(self.directory, *options, env=settings, port=None)
            self.addCleanup(server.kill)
            self.assertNotEqual(server.wait(), 0)
            self.assertNotIn("tell-nobody", str(server.lines))


class Storage(RefusalCase):
    def test_unknown_storage(self):
        for storage in ("redis:here", "sql:", "sql", "nonsense", "Memory"):
            self.assert_refused(storage, "memory", "sql:", storage=storage)

    def test_a_dbm_file_is_refused_with_a_command_that_converts_it(self):
        old = self.start_server(program=support.PYRO4_NS, storage="dbm:" + self.path("names"))
        with old.locate() as ns:
            ns.register("kept ☃", "PYRO:o@h:1")
        old.stop()
        with self.nothing_changes():
            refused = self.assert_refused("dbm:", "sql:" + self.path("names"), storage="dbm:" + self.path("names"))
        command = re.search(r'python3 -c "[^"]*"', refused)[0].replace("python3", support.PYTHON)
        storage = re.search(r"sql:[^ ;,]+", refused)[0]
        self.assertEqual(support.run(["/bin/sh", "-c", command], self.directory)[0], 0, command)
        server = self.start_server(storage=storage)
        with server.locate() as ns:
            self.assertEqual(str(ns.lookup("kept ☃")), "PYRO:o@h:1")
        server.stop()

    def test_the_directory_is_missing(self):
        self.assert_refused(self.path("missing"), storage="sql:" + self.path("missing", "names.db"))
        self.assertEqual(os.listdir(self.directory), [])

    def test_the_file_is_a_directory(self):
        os.mkdir(self.path("names.db"))
        self.assert_refused(self.path("names.db"), storage="sql:" + self.path("names.db"))

    def test_the_file_may_not_be_read_or_written(self):
        self.start_server(storage="sql:" + self.path("names.db")).stop()
        for mode in (0o000, 0o444):
            os.chmod(self.path("names.db"), mode)
            self.assert_refused(self.path("names.db"), storage="sql:" + self.path("names.db"),
                                through=MERE_OWNER)

    def refuse_database(self, *words):
        with self.nothing_changes():
            self.assert_refused(self.path("names.db"), *words, storage="sql:" + self.path("names.db"))

    def test_the_file_is_no_database(self):
        for content in (b"shopping list: bread, butter\n" * 100, bytes(8192),
                        b"SQLite format 3\0" + b"\xff" * 5000):
            with open(self.path("names.db"), "wb") as file:
                file.write(content)
            self.refuse_database()

    def test_the_database_is_of_another_program(self):
        for statement in ("CREATE TABLE customers (id integer PRIMARY KEY, name text)",
                          "CREATE TABLE pyro_names (colour text, smell text)"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(self.path("names.db"))
            with contextlib.closing(sqlite3.connect(self.path("names.db"))) as database:
                database.execute(statement)
                database.commit()
            self.refuse_database()

    def test_the_database_is_damaged(self):
        server = self.start_server(storage="sql:" + self.path("names.db"))
        with server.locate() as ns:
            for number in range(300):
                ns.register("name %d" % number, "PYRO:o@h:1", metadata=["t"])
        server.stop()
        os.truncate(self.path("names.db"), os.path.getsize(self.path("names.db")) // 2)
        self.refuse_database()

    def test_a_second_hearthd_on_the_same_file(self):
        server = self.start_server(storage="sql:" + self.path("names.db"))
        os.symlink(self.path("names.db"), self.path("link.db"))
        for path in (self.path("names.db"), os.path.relpath(self.path("names.db")), self.path("link.db")):
            with self.subTest(path=path):
                self.assert_refused(server.pid, storage="sql:" + path)
        with server.locate() as ns:
            ns.register("x", "PYRO:o@h:1")
            self.assertEqual(ns.lookup("x"), Pyro4.URI("PYRO:o@h:1"))
        server.stop()
        self.start_server(storage="sql:" + self.path("names.db")).stop()


if __name__ == "__main__":
    support.main()
