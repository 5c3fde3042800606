#!/usr/bin/python3
"""How nsc finds the name server, and what it prints for machines."""

import json
import socket
import threading

import support
import tools

DONE, FAILED, USAGE, NO_SUCH_NAME, NO_NAME_SERVER = range(5)


class NscCase(support.DirectoryCase):
    def run_nsc(self, *arguments, env=None):
        return support.run([support.required_path("NSC"), *arguments], self.directory, env=env)


class Finding(NscCase):
    def test_by_settings(self):
        server = self.start_server()
        settings = {"PYRO_NS_HOST": "localhost", "PYRO_NS_PORT": str(server.port)}
        self.assertEqual(self.run_nsc("ping", env=settings), (DONE, "Name server ping ok.\n", ""))
        self.assertEqual(self.run_nsc("--host", "127.0.0.1", "--port", str(server.port), "ping"),
                         (DONE, "Name server ping ok.\n", ""))
        server.stop()

    def test_by_unix_socket(self):
        server = self.start_server("-u", self.path("ns.sock"), port=None)
        for option in ("-u", "--unixsocket"):
            self.assertEqual(self.run_nsc(option, self.path("ns.sock"), "ping"),
                             (DONE, "Name server ping ok.\n", ""))
        server.stop()

    def test_nobody_there(self):
        address = support.own_loopback_address()
        for arguments in (("-n", address, "ping"), ("-n", address, "-p", "7000", "lookup", "x"),
                          ("-u", self.path("none.sock"), "ping")):
            status, output, trouble = self.run_nsc(*arguments)
            self.assertEqual((status, output, len(trouble.splitlines())), (NO_NAME_SERVER, "", 1), trouble)

    def test_a_server_that_is_no_name_server(self):
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            def answer():
                connection, _ = stranger.accept()
                with connection:
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b" " * 100)
            thread = threading.Thread(target=answer)
            thread.start()
            status, output, trouble = self.run_nsc("-n", "127.0.0.1", "-p", str(stranger.getsockname()[1]),
                                                   "ping")
            thread.join()
        self.assertIn(status, (FAILED, NO_NAME_SERVER))
        self.assertEqual((output, len(trouble.splitlines())), ("", 1), trouble)

    def test_with_a_key(self):
        server = self.start_server(env={"PYRO_HMAC_KEY": "secret"})
        location = ("-n", "localhost", "-p", str(server.port))
        self.assertEqual(self.run_nsc(*location, "ping", env={"PYRO_HMAC_KEY": "secret"}),
                         (DONE, "Name server ping ok.\n", ""))
        for settings in ({"PYRO_HMAC_KEY": "wrong"}, None):
            status, output, trouble = self.run_nsc(*location, "ping", env=settings)
            self.assertIn(status, (FAILED, NO_NAME_SERVER))
            self.assertEqual((output, len(trouble.splitlines())), ("", 1), trouble)
            self.assertIn("hmac", trouble.lower())
        server.stop()

    def test_help_and_version(self):
        status, output, trouble = self.run_nsc("--help")
        self.assertEqual((status, trouble), (DONE, ""))
        for word in ("ping", "list", "listmatching", "lookup", "register", "remove", "removematching",
                     "setmeta",
                     "yplookup_all", "yplookup_any", "listmeta_all", "listmeta_any", "--json", "--yes",
                     "--host", "--port",
                     "--unixsocket", "--verbose"):
            self.assertIn(word, output)
        status, output, trouble = self.run_nsc("--version")
        self.assertEqual((status, trouble), (DONE, ""))
        self.assertRegex(output, r"\Ansc \d+\.\d+\.\d+\n\Z")


class Json(support.DirectoryCase):
    """The shape of each command's answer: one JSON value on stdout."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        ns = self.locate(self.server)
        ns.register("example.red", "PYRO:r@host:1", metadata=["warm", "colour"])
        ns.register('quo"te ☃', "PYRO:q@host:2")
        ns._pyroRelease()

    def tearDown(self):
        self.server.stop()

    def assert_json(self, expected, *arguments, status=DONE):
        got, output, trouble = tools.nsc(self.server, "--json", *arguments)
        self.assertEqual((got, json.loads(output), trouble), (status, expected, ""))

    def test_listings_map_names_to_registrations(self):
        red = {"example.red": {"uri": "PYRO:r@host:1", "metadata": ["colour", "warm"]}}
        quote = {'quo"te ☃': {"uri": "PYRO:q@host:2", "metadata": []}}
        own = {"Pyro.NameServer": {"uri": "OWN-URI", "metadata": ["class:Pyro4.naming.NameServer"]}}
        self.assert_json({**own, **red, **quote}, "list")
        self.assert_json(red, "list", "example.")
        self.assert_json(quote, "listmatching", "quo")
        self.assert_json(red, "listmeta_all", "colour", "warm")
        self.assert_json(red, "yplookup_any", "none", "warm")
        self.assert_json({}, "list", "none")

    def test_lookup_is_one_registration(self):
        self.assert_json({"name": "example.red", "uri": "PYRO:r@host:1", "metadata": ["colour", "warm"]},
                         "lookup", "example.red")

    def test_commands_that_change(self):
        self.assert_json({"ok": True, "name": "new"}, "register", "new", "PYRO:n@h:1", "t")
        self.assert_json({"ok": True, "name": "new"}, "setmeta", "new", "t2", "t1")
        self.assert_json({"ok": True, "name": "new"}, "setmeta", "new")
        self.assert_json({"removed": 1}, "remove", "new")
        self.assert_json({"removed": 0}, "remove", "new", status=NO_SUCH_NAME)
        self.assert_json({"removed": 2}, "--yes", "removematching", ".*")

    def test_ping(self):
        self.assert_json({"ok": True}, "ping")

    def test_failures_leave_stdout_empty(self):
        for status, arguments in ((NO_SUCH_NAME, ("lookup", "nobody")),
                                  (FAILED, ("register", "x", "nonsense"))):
            got, output, trouble = tools.nsc(self.server, "--json", *arguments)
            self.assertEqual((got, output, len(trouble.splitlines())), (status, "", 1))


if __name__ == "__main__":
    support.main()
