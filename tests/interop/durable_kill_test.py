#!/usr/bin/python3
"""What was acknowledged is there after `kill -9`, and nothing else but what was under way. `./dev torture` does the same at
large."""

import support
from crash_arena import SCENARIOS, Arena
from crash_moments import Moments

ROUNDS = 3  # of each scenario
NEVER = 10 ** 9  # operations; no program here does as many
SPREAD, LAST = 5, 6  # kills over the whole of a program, and at each of its last operations, which change names


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
    """Of programs whose every step is known: the kill comes instead of one of them."""

    def check(self, moment):
        moments = Moments(self.directory)
        self.addCleanup(moments.kill)
        play = getattr(moments, moment)
        before = moments.disk.operations
        self.assertFalse(play(NEVER))
        operations = moments.disk.operations - before
        self.assertGreater(operations, SPREAD + LAST, "too few to try anything")
        chosen = {operations * number // SPREAD for number in range(SPREAD)} | {operations - LAST + i for i in range(LAST)}
        kills = [play(operation) for operation in sorted(chosen)].count(True)
        self.assertGreaterEqual(kills, SPREAD, "it comes to its end before")

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
