#!/usr/bin/python3
"""Sockets that the service manager has opened: hearthd is started by its first client and answers on them."""

import os
import signal
import socket

import Pyro4
import support
from service_manager import NotifySocket, sanitizer_variables, socket_activated


class Activation(support.DirectoryCase):
    def start_at_first_client(self, address, *options, through=(), env=None):
        environment = support.clean_environment(self.directory, env)
        names = ["HOME", *sanitizer_variables(), *(env or {})]
        command = [*socket_activated(address, *through, environment=names), support.required_path("HEARTHD"),
                   "-s", "memory", *options]
        server = support.Child(command, environment)
        self.addCleanup(server.kill)
        server.wait_for_line("Listening on", which="stderr")
        return server

    def stop(self, server):
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait(), 0, server.describe())
        self.assertEqual(server.lines["stdout"][-1], "NS shut down.")
        self.assertEqual([line for line in server.lines["stderr"]
                          if any(word in line for word in support.SANITIZER_WORDS)], [])

    def assert_serves(self, uri):
        with Pyro4.Proxy(uri) as ns:
            self.assertEqual(ns.count(), 1)

    def test_tcp(self):
        address = support.own_loopback_address()
        server = self.start_at_first_client(address + ":7000", "-n", address)
        self.assert_serves("PYRO:Pyro.NameServer@%s:7000" % address)
        self.assertEqual(server.wait_for_line("URI = "), "URI = PYRO:Pyro.NameServer@%s:7000" % address)
        self.stop(server)

    def test_tcp_without_a_host_in_the_settings(self):
        address = support.own_loopback_address()
        server = self.start_at_first_client(address + ":7000")
        self.assert_serves("PYRO:Pyro.NameServer@%s:7000" % address)
        self.assertEqual(server.wait_for_line("URI = "), "URI = PYRO:Pyro.NameServer@%s:7000" % address)
        self.stop(server)

    def test_tcp_on_ipv6(self):
        if not support.has_ipv6_loopback():  # some containers have none
            return
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as free:
            port = free.getsockname()[1]
        server = self.start_at_first_client("[::1]:%d" % port, "-n", "::1")
        self.assert_serves("PYRO:Pyro.NameServer@[::1]:%d" % port)
        self.stop(server)

    def test_unix_socket(self):
        path = self.path("ns.sock")
        server = self.start_at_first_client(path, "-p", "0")
        self.assert_serves("PYRO:Pyro.NameServer@./u:" + path)
        uri = server.wait_for_line("URI = ").partition(" = ")[2]
        self.assert_serves(uri)  # of a kind that was not handed to it, it opens its own
        self.stop(server)
        self.assertTrue(os.path.exists(path))  # it belongs to whoever made it

    def test_several_at_once(self):
        address, path = support.own_loopback_address(), self.path("ns.sock")
        server = self.start_at_first_client(address + ":7000", "-n", address, through=("-l", path))
        self.assert_serves("PYRO:Pyro.NameServer@./u:" + path)
        self.assert_serves("PYRO:Pyro.NameServer@%s:7000" % address)
        self.stop(server)

    def test_datagram_socket(self):
        address = support.own_loopback_address()
        server = self.start_at_first_client(address + ":7001", "-n", address, "-p", "0",
                                            "--broadcast-on-loopback", through=("--datagram",))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(support.SAFETY_S)
            asker.sendto(b"GET_NSURI", (address, 7001))
            uri = asker.recv(1000).decode()
        self.assertEqual(server.wait_for_line("URI = "), "URI = " + uri)
        self.assert_serves(uri)
        self.stop(server)

    def test_as_a_service(self):
        # With the notify protocol beside it, as under systemd.
        address = support.own_loopback_address()
        manager = NotifySocket(self.path("notify"))
        self.addCleanup(manager.close)
        server = self.start_at_first_client(address + ":7000", "-n", address, env={"NOTIFY_SOCKET": manager.address})
        self.assert_serves("PYRO:Pyro.NameServer@%s:7000" % address)
        manager.wait_for_key("READY")
        self.stop(server)
        self.assertEqual(manager.wait_for_key("STOPPING"), len(manager.messages))


if __name__ == "__main__":
    support.main()
