#!/usr/bin/python3
"""Where hearthd listens: on every address that its hosts stand for, on TCP and a Unix socket at once, and on
nothing at all if one of them cannot be had. In a network of its own, which has both loopbacks."""

import os
import socket
import stat
import subprocess

import Pyro4
import netns
import support


class AddressesCase(support.DirectoryCase):
    def start_on(self, *options, port=0):
        return self.start_server(*options, port=port)

    def assert_answers(self, *uri_places):
        for place in uri_places:
            with self.subTest(place=place), Pyro4.Proxy("PYRO:Pyro.NameServer@" + place) as ns:
                self.assertEqual(ns.count(), 1)

    def assert_refused(self, *words, options, port):
        """One line on stderr with all of the words, and nothing listens."""
        server = support.Server(self.directory, *options, port=port)
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0, server.describe())
        self.assertEqual((server.lines["stdout"], len(server.lines["stderr"])), ([], 1), server.describe())
        for word in words:
            self.assertIn(str(word), server.lines["stderr"][0])

    def running_on(self, server):
        """The places it prints, once it has stopped in good order."""
        server.stop()
        return [line[len("NS running on "):] for line in server.lines["stdout"] if line.startswith("NS running on ")]

    def log_line(self, server, words):
        """What the log of a stopped server says behind these words."""
        line, = (line for line in server.lines["stderr"] if words in line)
        return line.partition(words)[2]

    def know_hosts(self, text):
        """/etc/hosts, for this test alone."""
        with open(self.path("hosts"), "w", encoding="ascii") as file:
            file.write(text)
        subprocess.run(["mount", "--bind", self.path("hosts"), "/etc/hosts"], check=True)
        self.addCleanup(subprocess.run, ["umount", "/etc/hosts"], check=True)


class Tcp(AddressesCase):
    def test_localhost_is_both_loopbacks_but_one_line(self):
        server = self.start_on()
        self.assert_answers("localhost:%d" % server.port, "127.0.0.1:%d" % server.port, "[::1]:%d" % server.port)
        self.assertEqual(self.running_on(server), ["localhost:%d (127.0.0.1)" % server.port])
        self.assertEqual(self.log_line(server, "listening on "),
                         "127.0.0.1:%d, [::1]:%d" % (server.port, server.port))

    def test_localhost_on_a_machine_without_ipv6(self):
        self.disable_ipv6("1")
        self.addCleanup(self.disable_ipv6, "0")
        server = self.start_on()
        self.assert_answers("127.0.0.1:%d" % server.port)
        self.assertEqual(self.running_on(server), ["localhost:%d (127.0.0.1)" % server.port])
        self.assertEqual(self.log_line(server, "listening on "), "127.0.0.1:%d" % server.port)
        self.assert_refused("::1 is not an address of this machine", options=("-n", "::1"), port=0)

    @staticmethod
    def disable_ipv6(value):
        with open("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w", encoding="ascii") as file:
            file.write(value)

    def test_several_hosts(self):
        server = self.start_on("-n", "127.0.0.7", "-n", "::1", "-n", "localhost")
        self.assertEqual(server.host, "127.0.0.7")
        self.assert_answers(*(host + ":%d" % server.port for host in ("127.0.0.7", "[::1]", "127.0.0.1")))
        with server.locate() as ns:
            self.assertEqual(ns.list(), {"Pyro.NameServer": "PYRO:Pyro.NameServer@127.0.0.7:%d" % server.port})
        self.assertEqual(self.running_on(server), [
            "127.0.0.7:%d (127.0.0.7)" % server.port, "[::1]:%d (::1)" % server.port,
            "localhost:%d (127.0.0.1)" % server.port])

    def test_all_addresses_of_both_families(self):
        for hosts in (("::",), ("0.0.0.0", "::"), ("::", "0.0.0.0"), ("localhost", "::")):
            with self.subTest(hosts=hosts):
                server = self.start_on(*(word for host in hosts for word in ("-n", host)))
                self.assert_answers(*(host + ":%d" % server.port for host in ("127.0.0.1", "127.8.8.8", "[::1]")))
                self.assertEqual(len(self.running_on(server)), len(hosts))

    def test_all_ipv4_addresses_are_no_ipv6_address(self):
        server = self.start_on("-n", "0.0.0.0")
        self.assert_answers("127.8.8.8:%d" % server.port)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("::1", server.port))

    def test_a_name_with_several_addresses(self):
        self.know_hosts("::1 many\n127.0.0.7 many\n127.0.0.8 many\n203.0.113.1 many\n203.0.113.1 far\n")
        server = self.start_on("-n", "many")
        self.assert_answers(*(host + ":%d" % server.port for host in ("127.0.0.7", "127.0.0.8", "[::1]")))
        self.assertEqual(self.running_on(server), ["many:%d (127.0.0.7)" % server.port])
        self.assert_refused("far is not an address of this machine", options=("-n", "many", "-n", "far"), port=0)

    def test_a_name_that_only_this_machine_can_reach_is_warned_about(self):
        self.know_hosts("127.0.1.1 desk\n")
        server = self.start_on("-n", "desk")
        server.stop()
        self.assertIn("where no other machine can connect", self.log_line(server, "desk is 127.0.1.1 here"))

    def test_a_port_that_is_taken_on_one_loopback(self):
        for family, host, place in ((socket.AF_INET6, "::1", "localhost:%d (::1)"),
                                    (socket.AF_INET, "127.0.0.1", "localhost:%d")):
            with socket.create_server((host, 0), family=family) as stranger:
                port = stranger.getsockname()[1]
                self.assert_refused(place % port + ": the port is in use by", "(pid %d)" % os.getpid(),
                                    options=(), port=port)


class UnixSocket(AddressesCase):
    def mode(self):
        return stat.S_IMODE(os.stat(self.path("ns.sock")).st_mode)

    def test_beside_tcp(self):
        path = self.path("ns.sock")
        server = self.start_on("-u", path, "-n", "localhost")
        self.assert_answers("127.0.0.1:%d" % server.port, "[::1]:%d" % server.port, "./u:" + path)
        self.assertEqual(self.running_on(server), ["localhost:%d (127.0.0.1)" % server.port,
                                                   "./u:%s (Unix domain socket)" % path])
        self.assertFalse(os.path.exists(path))

    def test_its_mode(self):
        path = self.path("ns.sock")
        before = os.umask(0o077)
        self.addCleanup(os.umask, before)
        for mode in (0o600, 0o660, 0o666):
            server = self.start_on("-u", path, "--unixsocket-mode", "0%o" % mode, port=None)
            self.assertEqual(self.mode(), mode)
            self.assert_answers("./u:" + path)
            server.stop()

    def test_the_file_of_a_dead_server_is_replaced(self):
        path = self.path("ns.sock")
        server = self.start_on("-u", path, "--unixsocket-mode", "0666", port=None)
        server.kill()
        self.assertTrue(os.path.exists(path))
        again = self.start_on("-u", path, "--unixsocket-mode", "0600", port=None)
        self.assert_answers("./u:" + path)
        self.assertEqual(self.mode(), 0o600)
        again.stop()

    def test_the_file_of_a_live_server_is_left_alone(self):
        path = self.path("ns.sock")
        server = self.start_on("-u", path, "--unixsocket-mode", "0640", port=None)
        with socket.create_server(("127.0.0.1", 0)) as other:
            free_now = other.getsockname()[1]
        self.assert_refused("the socket is in use by", "(pid %d)" % server.pid, path,
                            options=("-u", path, "--unixsocket-mode", "0666"), port=free_now)
        self.assertEqual(self.mode(), 0o640)
        self.assert_answers("./u:" + path)
        server.stop()
        self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    netns.main()
