#!/usr/bin/python3
"""How a name server starts: its options in all their spellings, and the lines that people and scripts
wait for."""

import os

import Pyro4
import support

WARNING = "Warning: HMAC key not set. Anyone can connect to this server!"
LOCALHOST = "Not starting broadcast server for localhost."
EXPECTED_LINES = ("Not starting ", "Broadcast server ", "Persistent store ", "NS running on ",
                  "Warning: HMAC ", "URI = ",
                  "internal URI = ", "external URI = ", "NS shut down.")


class StartCase(support.DirectoryCase):
    def start_with(self, *options, env=None):
        """Starts it with these options alone."""
        return self.start_server(*options, port=None, storage=None, env=env)

    def lines(self, server):
        """What it printed from start to stop; servers may say more than the reference, but not in
        between its words."""
        self.locate(server)._pyroRelease()  # pyro4-ns dies of a SIGINT that comes before its first client
        server.stop()
        return [line for line in server.lines["stdout"] if line.startswith(EXPECTED_LINES)]

    def assert_refused(self, *options, env=None):
        server = support.Server(self.directory, *options, port=None, storage=None, env=env)
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0)
        self.assertEqual([line for line in server.lines["stdout"] if line.startswith(EXPECTED_LINES)], [])
        self.assertNotEqual(server.lines["stderr"], [])
        return server


class Lines(StartCase):
    def test_on_localhost(self):
        server = self.start_with("-p", "0", "-s", "memory")
        port = server.port
        self.assertEqual(self.lines(server),
                         [LOCALHOST, "NS running on localhost:%d (127.0.0.1)" % port, WARNING,
                                              "URI = PYRO:Pyro.NameServer@localhost:%d" % port,
                          "NS shut down."])

    def test_the_host_is_shown_as_it_was_given(self):
        server = self.start_with("-n", "127.0.0.1", "-p", "0", "-s", "memory")
        self.assertEqual(self.lines(server)[1:4],
                         ["NS running on 127.0.0.1:%d (127.0.0.1)" % server.port, WARNING,
                                                   "URI = PYRO:Pyro.NameServer@127.0.0.1:%d" % server.port])

    def test_on_ipv6(self):
        if not support.has_ipv6_loopback():  # some containers have none
            self.assert_refused("-n", "::1", "-p", "0", "-s", "memory")
            return
        server = self.start_with("-n", "::1", "-p", "0", "-s", "memory")
        with Pyro4.locateNS("::1", server.port) as ns:
            self.assertEqual(str(ns.lookup(support.NAME_SERVER)),
                             "PYRO:Pyro.NameServer@[::1]:%d" % server.port)
        self.assertEqual(self.lines(server), [
            "Not starting broadcast server for IPv6.", "NS running on [::1]:%d (::1)" % server.port, WARNING,
            "URI = PYRO:Pyro.NameServer@[::1]:%d" % server.port, "NS shut down."])

    def test_on_a_unix_socket_alone(self):
        path = self.path("ns.sock")
        server = self.start_with("-u", path, "-s", "memory")
        self.assertEqual(self.lines(server), ["NS running on ./u:%s (Unix domain socket)" % path, WARNING,
                                              "URI = PYRO:Pyro.NameServer@./u:%s" % path, "NS shut down."])
        self.assertFalse(os.path.exists(path))

    def test_with_stored_registrations(self):
        storage = "sql:" + self.path("names.db")
        for names, line in ((0, None), (1, None), (3, "Persistent store contains 2 existing registrations."),
                            (3, "Persistent store contains 4 existing registrations.")):
            server = self.start_with("-p", "0", "-s", storage)
            with server.locate() as ns:
                for number in range(names):
                    ns.register("n%d" % number, "PYRO:o@h:1")
            expected = [LOCALHOST, line, "NS running on localhost:%d (127.0.0.1)" % server.port, WARNING,
                        "URI = PYRO:Pyro.NameServer@localhost:%d" % server.port, "NS shut down."]
            self.assertEqual(self.lines(server), [text for text in expected if text])

    def test_with_a_key_there_is_no_warning(self):
        server = self.start_with("-p", "0", "-s", "memory", env={"PYRO_HMAC_KEY": "secret"})
        with server.locate(hmac_key="secret") as ns:
            ns.ping()
        server.stop()
        self.assertNotIn(WARNING, server.lines["stdout"])

    def test_behind_nat(self):
        for natport, external in (("4444", 4444), ("0", None)):
            server = self.start_with("-p", "0", "-s", "memory", "--nathost", "ns.example.org", "--natport",
                                     natport)
            uri = "PYRO:Pyro.NameServer@ns.example.org:%d" % (external or server.port)
            with server.locate() as ns:
                self.assertEqual(ns.list(), {"Pyro.NameServer": uri})
                self.assertIn("NAT %s, " % uri.partition("@")[2],
                              ns._pyroInvoke("info", (), {}, objectId="Pyro.Daemon"))
            self.assertEqual(self.lines(server)[1:-1], [
                "NS running on localhost:%d (127.0.0.1)" % server.port, WARNING,
                "internal URI = PYRO:Pyro.NameServer@localhost:%d" % server.port, "external URI = " + uri])


class Options(StartCase):
    def assert_serves(self, host, *options, env=None):
        server = self.start_with(*options, env=env)
        self.assertEqual(server.host, host)
        self.lines(server)

    def test_spellings(self):
        for options in (("-n", "127.0.0.1", "-p", "0", "-s", "memory", "-x"),
                        ("--host", "127.0.0.1", "--port", "0", "--storage", "memory", "--nobc"),
                        ("--host=127.0.0.1", "--port=0", "--storage=memory"),
                        ("-n127.0.0.1", "-p0", "-smemory"),
                        ("--ho", "127.0.0.1", "--p", "0", "--sto=memory", "--nob")):
            with self.subTest(options=options):
                self.assert_serves("127.0.0.1", *options)

    def test_the_long_names_of_the_rest(self):
        for option in ("-u", "--unixsocket", "--unix"):
            self.assert_serves("./u:" + self.path("s"), option, self.path("s"), "-s", "memory")
        for host, port in (("--nathost", "--natport"), ("--nath", "--natp")):
            self.assert_serves("localhost", "-p", "0", host, "example.org", port, "1", "-s", "memory")
        self.assert_serves("localhost", "-p", "0", "--bchost", "127.0.0.1", "--bcport", "0", "-s", "memory")

    def test_the_last_one_counts(self):
        self.assert_serves("localhost", "-p", "1", "-s", "nonsense", "-p", "0", "-s", "memory")

    def test_ambiguous_and_unknown_options(self):
        for options in (("--nat", "x"), ("--n", "x"), ("--bc", "1"), ("--nosuch",), ("-z",), ("-p", "many"),
                        ("-p",),
                        ("--port=",)):
            with self.subTest(options=options):
                self.assert_refused(*options, "-s", "memory")

    def test_nat_needs_both_and_no_unix_socket(self):
        self.assert_refused("-p", "0", "-s", "memory", "--nathost", "example.org", "--natport", "1", "-u",
                            self.path("s"))
        self.assert_refused("-p", "0", "-s", "memory", "--natport", "1")

    def test_the_environment(self):
        address, port = support.own_loopback_address(), 7000
        settings = {"PYRO_HOST": address, "PYRO_NS_PORT": str(port)}
        server = self.start_with("-s", "memory", env=settings)
        self.assertEqual((server.host, server.port), (address, port))
        self.lines(server)
        self.assert_serves("127.0.0.1", "-n", "127.0.0.1", "-p", "0", "-s", "memory", env=settings)
        self.assert_serves("localhost", "-p", "0", "-s", "memory", env={"PYRO_NS_HOST": "client.example.org"})

    def test_nat_from_the_environment(self):
        server = self.start_with("-p", "0", "-s", "memory",
                                 env={"PYRO_NATHOST": "example.org", "PYRO_NATPORT": "17"})
        self.assertIn("external URI = PYRO:Pyro.NameServer@example.org:17", self.lines(server))

    def test_settings_of_others_are_no_reason_to_stop(self):
        self.assert_serves("localhost", "-p", "0", "-s", "memory",
                           env={"PYRO_THREADPOOL_SIZE": "50", "PYRO_SERIALIZER": "json",
                                "PYRO_SERVERTYPE": "thread",
                                "PYRO_BROADCAST_ADDRS": "127.0.0.1", "PYRO_UNHEARD_OF": "1"})

    def test_help_and_version(self):
        for option in ("--help", "-h"):
            status, output, trouble = support.run([support.required_path("HEARTHD"), option], self.directory)
            self.assertEqual((status, trouble), (0, ""))
            for name in ("--host", "--port", "--unixsocket", "--storage", "--bchost", "--bcport",
                         "--nathost", "--natport",
                         "--nobc", "--key"):
                self.assertIn(name, output)


if __name__ == "__main__":
    support.main()
