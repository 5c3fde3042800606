"""Kills of hearthd at bad moments, and the verdict on what the next start finds.

    arena = Arena(directory, seed=1)
    arena.play("storm")          # one round: start, check, work, kill
    arena.play("start")          # …
    arena.end()                  # a last start and a stop in good order

Each round starts where the kill of the one before has left the file. Every choice comes from the seed; what the threads of
clients and server make of it does not, so that a replay meets the same kinds of moments and not the same microseconds.
"""

import contextlib
import errno
import os
import random
import shutil
import signal
import sqlite3

import crash_model
import support
from crash_clients import CONNECTORS, Agitator, Progress
from crash_model import OwnNames, SharedNames, Violation
from faulty_disk import FaultyDisk

CLIENTS = len(CONNECTORS)
SHARED = tuple("shared.%d" % number for number in range(4))


class Arena:
    def __init__(self, directory, seed):
        self.directory = directory
        self.random = random.Random(seed)
        self.home = os.path.join(directory, "home")
        os.mkdir(self.home)
        self.file = os.path.join(self.home, "names.db")
        self.disk = FaultyDisk(directory)
        self.own = [OwnNames("c%d." % number) for number in range(CLIENTS)]
        self.shared = SharedNames(SHARED)
        self.server = None
        self.kills = dict.fromkeys(SCENARIOS, 0)
        self.acknowledged = 0
        self.refused = 0
        self.checked_names = 0

    def play(self, scenario):
        """One round. A Violation says what is wrong."""
        getattr(self, "_" + scenario)()
        if self.server.wait() == -signal.SIGKILL:
            self.kills[scenario] += 1
        self.server.check_no_sanitizer_report()

    def end(self):
        """What is there now, after a stop in good order too."""
        for _ in range(2):
            self._start()
            self.server.stop()
        left = sorted(os.listdir(self.home))
        if left != ["names.db"]:
            raise Violation("a stop in good order leaves %s" % left)
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchall()
            orphans = database.execute("PRAGMA foreign_key_check").fetchall()
        if (whole, orphans) != ([("ok",)], []):
            raise Violation("integrity_check: %s, foreign_key_check: %s" % (whole, orphans))

    def kill(self):
        """Whatever still runs."""
        if self.server is not None:
            self.server.kill()

    # The scenarios.

    def _storm(self):
        """The whole process, whatever it is doing."""
        progress = self._begin()
        enough = self.random.randrange(1, 150)
        progress.wait_for(lambda: progress.acknowledgements >= enough, support.SAFETY_S)
        self._kill()
        self._finish(progress)

    def _write(self):
        """At a write, a sync or a truncation, between two bytes of it too."""
        progress = self._begin()
        self.disk.kill_after(self.random.randrange(600))
        self._finish(progress)

    def _start_up(self):
        """While it opens the file, brings the log back, loads, writes its first registration."""
        self.disk.kill_after(self.random.randrange(25))
        with contextlib.suppress(AssertionError):  # that it does not print its URI
            self._start()
        self.disk.spare()
        self.server.kill()  # if it needed fewer

    def _stop(self):
        """While it stops in good order: finishing, checkpoint, the log deleted."""
        progress = self._begin()
        enough = self.random.randrange(1, 60)
        progress.wait_for(lambda: progress.acknowledgements >= enough, support.SAFETY_S)
        self.disk.kill_after(self.random.randrange(40))
        self.server.signal(signal.SIGTERM)
        self._finish(progress)

    def _recovery(self):
        """While it recovers from a disk that did not sync, or did not write."""
        progress = self._begin(may_refuse=True)
        control = self.disk.control
        control.log_sync_error, control.database_sync_error, control.write_error = self.random.choice(
            ((errno.EIO, 0, 0), (errno.EIO, errno.EIO, 0), (0, 0, errno.ENOSPC)))
        enough = self.random.randrange(1, 20)
        if not progress.wait_for(lambda: progress.refusals >= enough, support.SAFETY_S):
            raise Violation("no change was refused: %s" % self.server.describe())
        if self.random.randrange(3) == 0:
            self._kill()
        else:
            self.disk.kill_after(self.random.randrange(60))
            self.disk.heal()
        self._finish(progress)
        self.disk.heal()

    # What they are made of.

    def _start(self):
        left = self._left_behind()
        self.server = support.Server(self.directory, storage="sql:" + self.file, env=self.disk.env)
        self.server.start()
        self._check(left)

    def _begin(self, may_refuse=False):
        """A server with what must be there, and clients at work."""
        self._start()
        progress = Progress(may_refuse)
        self.agitators = [Agitator(number, self.server, random.Random(self.random.random()), self.own[number], self.shared,
                                   progress) for number in range(CLIENTS)]
        progress.begun(self.agitators)
        for agitator in self.agitators:
            agitator.start()
        return progress

    def _kill(self):
        self.server.signal(signal.SIGKILL)

    def _finish(self, progress):
        """Waits for the end of the server, which is that of its clients."""
        progress.wait_for(lambda: False, support.SAFETY_S)
        for agitator in self.agitators:
            agitator.rest()
        self.acknowledged += progress.acknowledgements
        self.refused += progress.refusals
        for agitator in self.agitators:
            if agitator.failure:
                self.server.kill()
                raise agitator.failure
        self.server.wait()
        self.disk.spare()

    def _left_behind(self):
        """What Python's sqlite3 finds in a copy of what the kill has left."""
        copy = os.path.join(self.directory, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.home, copy)
        path = os.path.join(copy, "names.db")
        try:
            return read_file(path)
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):  # killed before it had made them
                raise Violation("SQLite cannot read what was left: %s" % error) from error
            return {}

    def _check(self, left):
        """The server's answer, the model's, and that of another program that reads the file."""
        listed = list_names(self.server)
        stored = read_file(self.file)
        for names in (stored, left):
            names.pop(support.NAME_SERVER, None)
        if listed != stored:
            raise Violation("the index is not the file: %s" % crash_model.differences(stored, listed))
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            verdict = database.execute("PRAGMA quick_check").fetchall()
        if verdict != [("ok",)]:
            raise Violation("quick_check: %s" % verdict)
        if listed != left:
            raise Violation("hearthd reads the file in another way than SQLite: %s"
                            % crash_model.differences(left, listed))
        for own in self.own:
            own.found({name: entry for name, entry in listed.items() if name.startswith(own.prefix)})
        self.shared.found({name: entry[0] for name, entry in listed.items() if name in SHARED})
        self.checked_names += len(listed)


SCENARIOS = ("storm", "write", "start_up", "stop", "recovery")


def list_names(server):
    """{name: (uri, sorted tags)}, by a client; without the server's own, of which each dialect sees another tag."""
    with server.locate() as ns:
        return {name: (uri, sorted(tags)) for name, (uri, tags) in ns.list(return_metadata=True).items()
                if name != support.NAME_SERVER}


def read_file(path):
    """{name: (uri, sorted tags)}, by Python's sqlite3."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = {}
        for name, uri, tag in database.execute("SELECT name, uri, metadata FROM pyro_names LEFT JOIN pyro_metadata"
                                               " ON object = id ORDER BY metadata"):
            names.setdefault(name, (uri, []))[1].extend([] if tag is None else [tag])
        return names
