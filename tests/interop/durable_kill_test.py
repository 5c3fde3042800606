#!/usr/bin/python3
"""What was acknowledged is there after `kill -9`: the server dies in the middle of a storm of writes,
again and again."""

import contextlib
import random
import signal
import sqlite3
import threading

import Pyro4
import Pyro4.errors
import support

ROUNDS = 20
WORKERS = 4


class Ledger:
    """What the clients were told, and what was under way when the server died."""

    def __init__(self):
        self.news = threading.Condition()
        self.present = {}  # name: (uri, tags)
        self.open_names = set()  # a write to it has not been answered: both outcomes are right
        self.acknowledged = 0

    def begin(self, *names):
        with self.news:
            self.open_names.update(names)

    def done(self, names, entry):
        """The server has answered: all of them hold `entry`, or are gone (None)."""
        with self.news:
            self.open_names.difference_update(names)
            for name in names:
                if entry is None:
                    self.present.pop(name, None)
                else:
                    self.present[name] = entry
            self.acknowledged += 1
            self.news.notify_all()

    def wait_for(self, acknowledged):
        with self.news:
            return self.news.wait_for(lambda: self.acknowledged >= acknowledged, support.SAFETY_S)


def write_until_it_dies(server, ledger, prefix, serializer):
    """Registers, replaces, tags, removes and batches, one call after the other, until the connection
    breaks."""
    with contextlib.suppress(Pyro4.errors.CommunicationError), server.locate(serializer) as ns:
        for number in range(1000000):
            name, uri = "%s.%d" % (prefix, number), "PYRO:o%d@host:%d" % (number, number)
            tags = ["t", "n%d" % number]
            ledger.begin(name)
            ns.register(name, uri, metadata=tags)
            ledger.done([name], (uri, sorted(tags)))
            if number % 5 == 1:
                ledger.begin(name)
                ns.remove(name)
                ledger.done([name], None)
            elif number % 5 == 2:
                ledger.begin(name)
                ns.set_metadata(name, ["changed"])
                ledger.done([name], (uri, ["changed"]))
            elif number % 5 == 3 and serializer != "marshal":  # Pyro4 cannot batch with marshal
                names = ["%s.%d" % (name, part) for part in range(5)]
                ledger.begin(*names)
                batch = Pyro4.batch(ns)
                for part in names:
                    batch.register(part, uri, metadata=tags)
                list(batch())
                ledger.done(names, (uri, sorted(tags)))


class Durable(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("names.db")
        self.ledger = Ledger()

    def start(self):
        return self.start_server(storage="sql:" + self.file)

    def stored(self, server):
        with server.locate() as ns:
            return {name: (uri, sorted(tags)) for name, (uri, tags) in ns.list(return_metadata=True).items()
                    if name != support.NAME_SERVER}

    def check(self, server):
        """All that was acknowledged is stored, and nothing else but what was under way."""
        stored, ledger = self.stored(server), self.ledger
        lost = {name: entry for name, entry in ledger.present.items()
                if name not in ledger.open_names and stored.get(name) != entry}
        risen = [name for name in stored if name not in ledger.present and name not in ledger.open_names]
        self.assertEqual((lost, risen), ({}, []))
        ledger.present = {name: stored[name] for name in stored}
        ledger.open_names.clear()

    def test_kill_9_in_a_storm_of_writes(self):
        chance = random.Random(20)
        for round_number in range(ROUNDS):
            server = self.start()
            self.check(server)
            workers = [threading.Thread(target=write_until_it_dies,
                                        args=(server, self.ledger, "r%d.w%d" % (round_number, worker),
                                              support.SERIALIZERS[worker % 4])) for worker in range(WORKERS)]
            for worker in workers:
                worker.start()
            self.assertTrue(self.ledger.wait_for(self.ledger.acknowledged + chance.randrange(1, 60)))
            server.signal(signal.SIGKILL)
            server.wait()
            for worker in workers:
                worker.join()
            server.check_no_sanitizer_report()
        server = self.start()
        self.check(server)
        self.assertGreater(len(self.ledger.present), ROUNDS)
        server.stop()
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])

    def test_an_orderly_stop_keeps_everything_too(self):
        for number in range(3):
            server = self.start()
            with server.locate() as ns:
                ns.register("n%d" % number, "PYRO:o@h:%d" % number, metadata=["t%d" % number])
            server.stop()
        server = self.start()
        self.assertEqual(self.stored(server), {"n%d" % number: ("PYRO:o@h:%d" % number, ["t%d" % number])
                                               for number in range(3)})
        server.stop()


if __name__ == "__main__":
    support.main()
