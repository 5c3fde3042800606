"""Kills of hearthd at one operation on its disk, counted from the start of the program: each scenario makes a file, kills
hearthd at work on it, and checks what is found then.

    moments = Moments(directory)
    for operation in itertools.count():
        if not moments.migration(operation):
            break  # it has come to its end before
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess

import support
from crash_arena import list_names, read_file
from crash_model import Violation, differences
from faulty_disk import FaultyDisk

NAMES = {"name%03d" % number: ("PYRO:o%d@host:1" % number, []) for number in range(300)}
TAGGED = {name: (uri, ["all", "of " + name]) for name, (uri, _) in NAMES.items()}

PYRO_TABLES = """
CREATE TABLE pyro_names (id integer PRIMARY KEY, name nvarchar NOT NULL UNIQUE, uri nvarchar NOT NULL);
CREATE TABLE pyro_metadata (object integer NOT NULL, metadata nvarchar NOT NULL,
                            FOREIGN KEY(object) REFERENCES pyro_names(id));
"""
# A program that dies in the middle of a change of Pyro's file, as a pyro4-ns might: what it has written is to be undone.
HALF_A_CHANGE = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN")
database.execute("UPDATE pyro_names SET uri = 'half a change'")
database.execute("DELETE FROM pyro_metadata")
os._exit(0)
"""


class Moments:
    def __init__(self, directory):
        self.directory = directory
        self.home = os.path.join(directory, "moment")
        self.file = os.path.join(self.home, "names.db")
        self.kept = os.path.join(directory, "kept")
        self.disk = FaultyDisk(directory)
        self.server = None

    # The scenarios: whether hearthd was killed.

    def new_file(self, operation):
        self._empty()
        killed = self._start_and_die(operation)
        self._expect({})
        return killed

    def migration(self, operation):
        """Of the very old format, of which a copy is kept."""
        self._empty()
        with self._database() as database:
            database.execute("CREATE TABLE pyro_names (name nvarchar PRIMARY KEY, uri nvarchar NOT NULL)")
            database.executemany("INSERT INTO pyro_names VALUES (?, ?)",
                                 [(name, uri) for name, (uri, _) in NAMES.items()])
            database.commit()
        killed = self._start_and_die(operation)
        self._expect(NAMES)
        with contextlib.closing(sqlite3.connect(self.file + ".before-migration-1")) as copy:
            rows = dict(copy.execute("SELECT name, uri FROM pyro_names"))
        if rows != {name: uri for name, (uri, _) in NAMES.items()}:
            raise Violation("the copy from before the migration has %d names" % len(rows))
        return killed

    def pyro_file(self, operation):
        """With a change that its last writer has not finished."""
        self._pyro_file_with_half_a_change()
        killed = self._start_and_die(operation)
        self._expect(TAGGED)
        return killed

    def rescue(self, operation):
        """hearthd --recover of a file that has a log."""
        self._from_kept("with-log", self._make_file_with_log)
        killed = self._recover_and_die(operation)
        self._expect(TAGGED)
        return killed

    def rescue_with_journal(self, operation):
        """hearthd --recover of Pyro's file with a change that its last writer has not finished."""
        self._pyro_file_with_half_a_change()
        killed = self._recover_and_die(operation)
        self._expect(TAGGED)
        return killed

    def rescue_of_damaged(self, operation):
        """Whatever the first try has left, a second one saves the same."""
        self._from_kept("damaged", self._make_damaged_file)
        killed = self._recover_and_die(operation)
        if self._try_to_start() is None:
            self._recover()
        self.server.kill()
        saved = self._listed()
        missing = {name for name, entry in TAGGED.items() if saved.get(name) != entry}
        if not 0 < len(missing) < 200 or set(saved) - set(TAGGED):
            raise Violation("%d of %d names are missing" % (len(missing), len(TAGGED)))
        return killed

    # What they are made of.

    def kill(self):
        """Whatever still runs."""
        if self.server is not None:
            self.server.kill()

    def _empty(self):
        shutil.rmtree(self.home, ignore_errors=True)
        os.mkdir(self.home)

    def _database(self):
        return contextlib.closing(sqlite3.connect(self.file))

    def _pyro_file_with_half_a_change(self):
        self._empty()
        with self._database() as database:
            database.executescript(PYRO_TABLES)
            for number, (name, (uri, tags)) in enumerate(TAGGED.items()):
                database.execute("INSERT INTO pyro_names VALUES (?, ?, ?)", (number, name, uri))
                database.executemany("INSERT INTO pyro_metadata VALUES (?, ?)", [(number, tag) for tag in tags])
            database.commit()
        subprocess.run([support.PYTHON, "-c", HALF_A_CHANGE, self.file], check=True)
        if os.path.getsize(self.file + "-journal") == 0:
            raise AssertionError("the change has left no journal")

    def _from_kept(self, name, make):
        """A file that takes a server to make is made once."""
        kept = os.path.join(self.kept, name)
        if not os.path.exists(kept):
            self._empty()
            make()
            shutil.copytree(self.home, kept)
        shutil.rmtree(self.home)
        shutil.copytree(kept, self.home)

    def _make_file_with_log(self):
        """Half of the names in the file, half in the log only."""
        names = list(TAGGED.items())
        server = self._serve().start()
        with server.locate() as ns:
            for name, (uri, tags) in names[:150]:
                ns.register(name, uri, metadata=tags)
            with self._database() as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            for name, (uri, tags) in names[150:]:
                ns.register(name, uri, metadata=tags)
        server.kill()

    def _make_damaged_file(self):
        self._make_file_with_log()
        with open(self.file, "r+b") as file:
            at = file.read().index(b"PYRO:o50@host:1")
            file.seek(at - at % 4096)
            file.write(bytes(4096))

    def _serve(self, **settings):
        self.server = support.Server(self.directory, storage="sql:" + self.file, **settings)
        return self.server

    def _start_and_die(self, operation):
        self.disk.kill_after(operation)
        with contextlib.suppress(AssertionError):  # that it does not print its URI
            self._serve(env=self.disk.env).start()
        return self._death()

    def _recover_and_die(self, operation):
        self.disk.kill_after(operation)
        self._run_recover(env=self.disk.env)
        return self._death()

    def _death(self):
        """Whether it has died; if not, it had fewer operations to do."""
        self.disk.spare()
        died = self.server.process.poll() == -signal.SIGKILL
        self.server.kill()
        self.server.check_no_sanitizer_report()
        return died

    def _run_recover(self, env=None):
        self.server = support.Server(self.directory, "--recover", port=None, storage="sql:" + self.file, env=env)
        return self.server.wait()

    def _recover(self):
        if self._run_recover() != 0:
            raise Violation("is not recovered: %s" % self.server.describe())

    def _try_to_start(self):
        try:
            return self._serve().start()
        except AssertionError:
            return None

    def _listed(self):
        server = self._serve().start()
        listed, stored = list_names(server), read_file(self.file)
        server.stop()
        del stored[support.NAME_SERVER]
        if listed != stored:
            raise Violation("the index is not the file: %s" % differences(stored, listed))
        return listed

    def _expect(self, names):
        listed = self._listed()
        if listed != names:
            raise Violation("the file holds something else: %s" % differences(names, listed))
