#!/usr/bin/python3
"""Where hearthd keeps registrations when nobody says: a file, so that nothing is lost by default."""

import os
import signal

import support


class DefaultStorage(support.DirectoryCase):
    def start(self, *options, **env):
        return self.start_server(*options, storage=None, port=None, env=env)

    def start_on_port(self, port, **env):
        return self.start("-n", support.own_loopback_address(), "-p", str(port), **env)

    def assert_keeps(self, path, start):
        """What is registered survives in the file at `path`, and hearthd says so."""
        for expected in ([], ["kept"]):
            server = start()
            self.assertTrue(any(path in line for which in server.lines.values() for line in which),
                            server.describe())
            with server.locate() as ns:
                self.assertEqual(sorted(name for name in ns.list() if name != support.NAME_SERVER), expected)
                ns.register("kept", "PYRO:o@h:1", metadata=["t"])
            server.signal(signal.SIGKILL)
            server.wait()
        self.assertTrue(os.path.isfile(path))

    def assert_keeps_on_port_7000(self, path, **env):
        self.assert_keeps(path, lambda: self.start_on_port(7000, **env))

    def test_the_state_directory_of_the_service_manager(self):
        os.mkdir(self.path("service"))
        self.assert_keeps_on_port_7000(self.path("service", "hearthd-7000.db"),
                                       STATE_DIRECTORY=self.path("service"))

    def test_the_first_of_several_state_directories(self):
        os.mkdir(self.path("first"))
        self.assert_keeps_on_port_7000(self.path("first", "hearthd-7000.db"),
                                       STATE_DIRECTORY="%s:%s" % (self.path("first"), self.path("second")))

    def test_the_xdg_state_home(self):
        self.assert_keeps_on_port_7000(self.path("xdg", "hearth", "hearthd-7000.db"),
                                       XDG_STATE_HOME=self.path("xdg"))
        self.assertEqual(os.stat(self.path("xdg", "hearth")).st_mode & 0o077, 0)

    def test_the_home_directory(self):
        for name, xdg_state_home in (("one", None), ("two", ""), ("three", "relative")):
            self.assert_keeps_on_port_7000(self.path(name, ".local", "state", "hearth", "hearthd-7000.db"),
                                           HOME=self.path(name), XDG_STATE_HOME=xdg_state_home)

    def test_the_usual_port_is_not_in_the_name(self):
        self.assert_keeps(self.path("state", "hearth", "hearthd.db"),
                          lambda: self.start("-n", support.own_loopback_address()))

    def test_a_unix_socket_alone(self):
        paths = iter((self.path("one"), self.path("two")))  # a killed server leaves its socket file behind
        self.assert_keeps(self.path("state", "hearth", "hearthd.db"), lambda: self.start("-u", next(paths)))

    def test_two_ports_have_two_files(self):
        servers = [self.start_on_port(port) for port in (7000, 7001)]
        for number, server in enumerate(servers):
            with server.locate() as ns:
                ns.register("server %d" % number, "PYRO:o@h:1")
                self.assertEqual(ns.count(), 2)
        for server in servers:
            server.stop()

    def test_two_of_the_same_port_share_the_file_and_the_second_is_refused(self):
        server = self.start_on_port(7000)
        second = support.Server(self.directory, "-n", support.own_loopback_address(1), storage=None,
                                port=7000)
        self.addCleanup(second.kill)
        self.assertNotEqual(second.wait(), 0)
        self.assertEqual(len(second.lines["stderr"]), 1, second.describe())
        self.assertIn(str(server.pid), second.lines["stderr"][0])
        server.stop()

    def test_no_home(self):
        server = support.Server(self.directory, storage=None, env={"HOME": None, "XDG_STATE_HOME": None})
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0)
        self.assertEqual(len(server.lines["stderr"]), 1, server.describe())
        self.assertIn("-s", server.lines["stderr"][0])

    def test_where_another_place_is_named_nothing_is_made(self):
        self.start_server(storage="memory").stop()
        self.start_server(storage="sql:" + self.path("names.db")).stop()
        self.assertFalse(os.path.exists(self.path("state")))


if __name__ == "__main__":
    support.main()
