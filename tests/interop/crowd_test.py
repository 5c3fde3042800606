#!/usr/bin/python3
"""Nobody is stopped: hundreds of idle, silent and half-spoken connections do not keep a new client from
its work."""

import resource

import Pyro4
import support
from pyro5_wire import Pyro5Peer
from raw_peer import PeerCase, Pyro4Peer

IDLE, SILENT, HALF = 500, 200, 50


class Crowd(PeerCase):
    @classmethod
    def setUpClass(cls):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))  # the server inherits it
        super().setUpClass()

    def crowd(self, size):
        """Connections of both dialects by turns."""
        return [self.peer((Pyro4Peer, Pyro5Peer)[number % 2]) for number in range(size)]

    def test_nobody_is_stopped(self):
        idle = [peer.connect() for peer in self.crowd(IDLE)]
        silent = self.crowd(SILENT)
        half = self.crowd(HALF)
        for number, peer in enumerate(half):
            peer.send(peer.connect_message()[:number % 20 + 1])

        for number in range(10):
            with Pyro4.locateNS("127.0.0.1", self.server.port) as ns:
                ns.register("newcomer", "PYRO:o@h:%d" % number, metadata=["t"])
                self.assertEqual(str(ns.lookup("newcomer")), "PYRO:o@h:%d" % number)
                self.assertEqual(ns.list(metadata_all=["t"]), {"newcomer": "PYRO:o@h:%d" % number})
        self.ns.remove("newcomer")

        for number, peer in enumerate(idle):  # an idle client is never closed, however crowded it is
            self.assertEqual(peer.call("count") if number % 2 else peer.call(1, "count"), 1)
        self.assertEqual((len(silent), len(half)), (SILENT, HALF))

    def test_a_crowd_that_vanishes_at_once(self):
        for peer in [peer.connect() for peer in self.crowd(IDLE)]:
            peer.close()
        for peer in [peer.connect() for peer in self.crowd(IDLE)]:
            peer.close()


if __name__ == "__main__":
    support.main()
