"""Autoclean when whole machines are lost: in networks of the test's own."""

import Pyro4

import netns
from upkeep_case import UpkeepCase

LIVE_NAMES = 2000
LIVE_OBJECTS = 50
NAMES_ON_DEAD_HOST = 100


class LostHosts(UpkeepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        network = netns.Network(cls.addClassCleanup)
        cls.home = network.host("home")
        cls.others = [network.host("other%d" % number) for number in range(3)]
        lan = network.switch("lan")
        lan.connect(cls.home, "10.1.0.1/24")
        for number, other in enumerate(cls.others):
            lan.connect(other, "10.1.0.%d/24" % (number + 2))
        cls.server = cls.start_cleaner("-n", "10.1.0.1", through=cls.home.through)

    def register(self, names):
        """All at once, from the same machine."""
        with self.home.inside(), self.server.locate() as ns:
            batch = Pyro4.batch(ns)
            for name, uri in names.items():
                batch.register(name, uri)
            list(batch())

    def test_300_names_of_3_black_holes_among_2000_live_ones(self):
        here = self.start_landlord("--host", "10.1.0.1", *["o%d" % number for number in range(LIVE_OBJECTS)],
                                   through=self.home.through)
        uris = list(here.uris.values())
        live = {"live.%d" % number: uris[number % LIVE_OBJECTS] for number in range(LIVE_NAMES)}
        dead = {}
        for number, other in enumerate(self.others):
            there = self.start_landlord("--host", "10.1.0.%d" % (number + 2), "one", "two",
                                        through=other.through)
            uris = list(there.uris.values())
            for i in range(NAMES_ON_DEAD_HOST):
                dead["dead.%d.%d" % (number, i)] = uris[i % 2]
        self.register({**live, **dead})
        here.wait_until_asked(2)  # a whole round, in which all of them are alive
        for other in self.others:
            other.ip("route", "add", "blackhole", "10.1.0.1/32")
        with self.home.inside(), self.server.locate() as ns:
            self.wait_until_gone(ns, *dead)
            self.assertEqual(ns.list(prefix="live."), live)
            self.assertEqual(ns.count(), LIVE_NAMES + 1)
        for name in ("dead.0.0", "dead.2.99"):
            self.assertIn("timed out", self.removal_line(self.server, name))
        self.server.stop()


if __name__ == "__main__":
    netns.main()
