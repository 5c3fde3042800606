"""Where hearthd keeps registrations when nobody says: a file, so that nothing is lost by default."""

import os
import signal

import support


class DefaultStorage(support.DirectoryCase):
    def start(self, *options, port, **settings):
        return self.start_server(*options, storage=None, port=port, env=settings)

    def assert_keeps(self, path, *options, port, **settings):
        """What is registered survives in the file at `path`, and hearthd says so."""
        for expected in ([], ["kept"]):
            server = self.start(*options, port=port, **settings)
            self.assertTrue(any(path in line for which in server.lines.values() for line in which),
                            server.describe())
            with server.locate() as ns:
                self.assertEqual(sorted(name for name in ns.list() if name != support.NAME_SERVER), expected)
                ns.register("kept", "PYRO:o@h:1", metadata=["t"])
            server.signal(signal.SIGKILL)
            server.wait()
        self.assertTrue(os.path.isfile(path))

    def test_the_state_directory_of_the_service_manager(self):
        os.mkdir(self.path("service"))
        port = support.free_port()
        self.assert_keeps(self.path("service", "hearthd-%d.db" % port), port=port,
                          STATE_DIRECTORY=self.path("service"))

    def test_the_first_of_several_state_directories(self):
        os.mkdir(self.path("first"))
        port = support.free_port()
        self.assert_keeps(self.path("first", "hearthd-%d.db" % port), port=port,
                          STATE_DIRECTORY="%s:%s" % (self.path("first"), self.path("second")))

    def test_the_xdg_state_home(self):
        port = support.free_port()
        self.assert_keeps(self.path("xdg", "hearth", "hearthd-%d.db" % port), port=port,
                          XDG_STATE_HOME=self.path("xdg"))
        self.assertEqual(os.stat(self.path("xdg", "hearth")).st_mode & 0o077, 0)

    def test_the_home_directory(self):
        port = support.free_port()
        for name, settings in (("one", {"XDG_STATE_HOME": None}), ("two", {"XDG_STATE_HOME": ""}),
                               ("three", {"XDG_STATE_HOME": "relative"})):
            self.assert_keeps(self.path(name, ".local", "state", "hearth", "hearthd-%d.db" % port), port=port,
                              HOME=self.path(name), **settings)

    def test_the_usual_port_is_not_in_the_name(self):
        self.assert_keeps(self.path("state", "hearth", "hearthd.db"), "-n", support.own_loopback_address(),
                          port=None)

    def test_a_unix_socket_alone(self):
        self.assert_keeps(self.path("state", "hearth", "hearthd.db"), "-u", self.path("s"), port=None)

    def test_two_ports_have_two_files(self):
        servers = [self.start(port=support.free_port()) for _ in range(2)]
        for number, server in enumerate(servers):
            with server.locate() as ns:
                ns.register("server %d" % number, "PYRO:o@h:1")
                self.assertEqual(ns.count(), 2)
        for server in servers:
            server.stop()

    def test_two_of_the_same_port_share_the_file_and_the_second_is_refused(self):
        port = support.free_port()
        server = self.start(port=port)
        second = support.Server(self.directory, "-n", support.own_loopback_address(), storage=None, port=port)
        self.addCleanup(second.kill)
        self.assertNotEqual(second.wait(), 0)
        self.assertEqual(len(second.lines["stderr"]), 1)
        self.assertIn(str(server.pid), second.lines["stderr"][0])
        server.stop()

    def test_no_home(self):
        server = support.Server(self.directory, storage=None, port=0,
                                env={"HOME": None, "XDG_STATE_HOME": None})
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0)
        self.assertIn("-s", server.lines["stderr"][0])

    def test_said_in_words_nothing_is_made(self):
        self.start_server(storage="memory").stop()
        self.start_server(storage="sql:" + self.path("names.db")).stop()
        self.assertFalse(os.path.exists(self.path("state")))


if __name__ == "__main__":
    support.main()
