#!/usr/bin/python3
"""How hearthd stops: on SIGINT and on SIGTERM, at any moment, in good order."""

import os
import signal
import threading

import Pyro4
import Pyro4.errors
import support
from raw_peer import Pyro4Peer

BOTH = (signal.SIGINT, signal.SIGTERM)


class Stop(support.DirectoryCase):
    def test_right_after_its_uri(self):
        for number in BOTH:
            for options in (("-p", "0"), ("-u", self.path("s"))):
                server = self.start_server(*options, port=None)
                server.stop(number)

    def test_the_unix_socket_is_removed(self):
        for number in BOTH:
            server = self.start_server("-u", self.path("ns.sock"), port=None)
            self.assertTrue(os.path.exists(self.path("ns.sock")))
            server.stop(number)
            self.assertFalse(os.path.exists(self.path("ns.sock")))

    def test_with_clients_of_all_kinds(self):
        for number in BOTH:
            server = self.start_server(storage="sql:" + self.path("names.db"))
            peers = [Pyro4Peer(server.port) for _ in range(30)]
            for index, peer in enumerate(peers):
                self.addCleanup(peer.close)
                if index % 3 == 1:
                    peer.send(peer.connect_message()[:20])
                elif index % 3 == 2:
                    peer.connect()
            server.stop(number)
            self.assertEqual([peer.receive_to_end() for peer in peers], [b""] * 30)

    def test_a_client_that_does_not_read_cannot_keep_it_from_stopping(self):
        server = self.start_server()
        with server.locate() as ns:
            ns.register("big", "PYRO:o@h:1", metadata=["%020d" % number for number in range(9000)])
        peer = Pyro4Peer(server.port).connect()
        self.addCleanup(peer.close)
        for _ in range(100):
            peer.send(peer.call_message(1, "list", "", None, None, None, True))
        server.stop(signal.SIGTERM)

    def test_what_it_acknowledged_while_it_stopped_is_stored(self):
        for number in BOTH:
            server = self.start_server(storage="sql:" + self.path("names%d.db" % number))
            acknowledged = []
            some = threading.Event()

            def work():
                try:
                    with server.locate() as ns:
                        while True:
                            name = "n%d" % len(acknowledged)
                            ns.register(name, "PYRO:o@h:1", metadata=["t"])
                            acknowledged.append(name)
                            some.set()
                except Pyro4.errors.CommunicationError:
                    pass

            worker = threading.Thread(target=work)
            worker.start()
            self.assertTrue(some.wait(support.SAFETY_S))
            server.stop(number)
            worker.join()
            again = self.start_server(storage="sql:" + self.path("names%d.db" % number))
            with again.locate() as ns:
                self.assertEqual([name for name in acknowledged if name not in ns.list(metadata_all=["t"])],
                                 [])
            again.stop()

    def test_its_port_is_free_at_once(self):
        for number in BOTH * 3:
            server = self.start_server("-n", support.own_loopback_address(), port=7000)
            self.locate(server).ping()
            server.stop(number)

    def test_a_second_signal_changes_nothing(self):
        server = self.start_server()
        for _ in range(5):
            server.signal(signal.SIGTERM)
        server.stop(signal.SIGINT)


class Listening(support.DirectoryCase):
    """Where it listens, when it is told to do so on a Unix socket and on TCP."""

    def assert_serves(self, uri):
        with Pyro4.Proxy(uri) as ns:
            self.assertEqual(ns.count(), 1)

    def test_both(self):
        address, path = support.own_loopback_address(), self.path("ns.sock")
        for options, host, port in ((("-u", path, "-p", "0"), "localhost", None),
                                    (("-u", path, "-n", address), address, 9090),
                                    (("-u", path, "-n", "127.0.0.1", "-p", "0"), "127.0.0.1", None)):
            server = self.start_server(*options, port=None)
            self.assertEqual(server.host, host)
            self.assertEqual(server.port, port or server.port)
            self.assert_serves(server.uri)
            self.assert_serves("PYRO:Pyro.NameServer@./u:" + path)
            server.stop()
            self.assertFalse(os.path.exists(path))

    def test_a_socket_file_that_a_killed_server_left_behind_is_replaced(self):
        path = self.path("ns.sock")
        server = self.start_server("-u", path, port=None)
        server.signal(signal.SIGKILL)
        server.wait()
        self.assertTrue(os.path.exists(path))
        again = self.start_server("-u", path, port=None)
        self.assert_serves("PYRO:Pyro.NameServer@./u:" + path)
        again.stop()


if __name__ == "__main__":
    support.main()
