#!/usr/bin/python3
"""What was acknowledged is there after `kill -9`, and nothing else but what was under way. `./dev torture` does the same at
large."""

import support
from crash_arena import SCENARIOS, Arena
from crash_moments import MOMENTS, Moments

ROUNDS = 3  # of each scenario
STRIDE = 4  # of the operations of a start or a recovery


class Kills(support.DirectoryCase):
    def test_in_the_midst_of_work(self):
        arena = Arena(self.directory, seed=20)
        self.addCleanup(arena.kill)
        for scenario in SCENARIOS * ROUNDS:
            with self.subTest(scenario):
                arena.play(scenario)
        arena.end()
        self.assertGreater(arena.acknowledged, 100)
        self.assertGreater(arena.refused, 0)
        self.assertGreater(sum(arena.kills.values()), len(SCENARIOS))


class KillsAtOneOperation(support.DirectoryCase):
    """Of programs whose every step is known: the kill comes instead of the first, the fifth, the ninth …"""

    def check(self, moment):
        moments = Moments(self.directory)
        self.addCleanup(moments.kill)
        operation = MOMENTS.index(moment) % STRIDE
        while getattr(moments, moment)(operation):
            operation += STRIDE
        self.assertGreater(operation, 2 * STRIDE, "too few to have tried anything")

    def test_while_a_new_file_is_made(self):
        self.check("new_file")

    def test_while_a_very_old_file_is_migrated(self):
        self.check("migration")

    def test_while_a_file_of_pyro_with_half_a_change_is_opened(self):
        self.check("pyro_file")

    def test_while_a_file_with_a_log_is_recovered(self):
        self.check("rescue")

    def test_while_a_file_with_a_journal_is_recovered(self):
        self.check("rescue_with_journal")

    def test_while_a_damaged_file_is_recovered(self):
        self.check("rescue_of_damaged")


class OrderlyStops(support.DirectoryCase):
    def test_an_orderly_stop_keeps_everything_too(self):
        for number in range(3):
            server = self.start_server(storage="sql:" + self.path("names.db"))
            with server.locate() as ns:
                ns.register("n%d" % number, "PYRO:o@h:%d" % number, metadata=["t%d" % number])
            server.stop()
        server = self.start_server(storage="sql:" + self.path("names.db"))
        with server.locate() as ns:
            self.assertEqual(ns.list(prefix="n", return_metadata=True),
                             {"n%d" % number: ("PYRO:o@h:%d" % number, ["t%d" % number]) for number in range(3)})
        server.stop()


if __name__ == "__main__":
    support.main()
