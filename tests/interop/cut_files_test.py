#!/usr/bin/python3
"""Files of the storage that are cut off, damaged or doubled under a running hearthd, or before it starts."""

import os
import shutil

import support
from fault_case import FaultCase

CUT_OFF = "a file of the database has been cut off: a restart would lose acknowledged changes"


class ShareOfDamage(FaultCase):
    def setUp(self):
        super().setUp()
        self.start()
        for number in range(200):
            self.register("name%03d" % number, tags=["t" * 100, "n%d" % number])

    def checkpoint(self):
        """By another program, after which the log holds nothing that is not in the file."""
        with self.database() as other:
            self.assertEqual(other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone(), (0, 0, 0))

    def hearthd(self, *options, file=None):
        """The exit status and what it says, when it does not stay."""
        status, output, trouble = support.run([support.required_path("HEARTHD"), "-p", "0", "-s",
                                               "sql:" + (file or self.file), *options], self.directory)
        return status, output + trouble

    def assert_not_started(self, text, file=None):
        status, said = self.hearthd(file=file)
        self.assertEqual(status, 1)
        self.assertIn(text, said)


class CutUnderTheServer(ShareOfDamage):
    def test_the_log(self):
        os.truncate(self.file + "-wal", os.path.getsize(self.file + "-wal") // 2)
        self.assert_refused(CUT_OFF)
        self.assert_refused(CUT_OFF)
        self.assertIn(CUT_OFF, self.status()["refusal"])
        self.server.kill()
        self.start()
        self.assertEqual(self.entries(), {name: self.acknowledged[name] for name in self.entries()})

    def test_the_file_when_the_log_holds_it_all(self):
        os.truncate(self.file, 0)
        self.check_recovers_and_keeps_everything()

    def test_the_file_to_nothing(self):
        self.checkpoint()
        os.truncate(self.file, 0)
        self.assert_refused("the file is not an SQLite database")
        self.server.stop()
        self.assert_not_started("is empty, but it has a log")

    def test_the_log_by_a_program_that_may(self):
        self.checkpoint()
        self.register("next")
        self.check_recovers_and_keeps_everything()

    def test_pages_are_overwritten(self):
        self.checkpoint()
        with open(self.file, "r+b") as file:
            file.seek(2 * 4096)
            file.write(os.urandom(os.path.getsize(self.file) - 2 * 4096))
        with self.assertRaisesRegex(Exception, "the file is damaged"):
            for number in range(200):
                self.register("name%03d" % number, uri="PYRO:o@h:2")
        self.assertEqual(set(self.entries()), set(self.acknowledged))
        self.assertIn("hearthd --recover", self.status()["refusal"])
        self.server.stop()
        self.assert_not_started("hearthd --recover")


class CutBeforeTheStart(ShareOfDamage):
    def setUp(self):
        super().setUp()
        self.server.kill()

    def test_the_log_costs_what_was_in_the_part(self):
        os.truncate(self.file + "-wal", os.path.getsize(self.file + "-wal") - 1)
        del self.acknowledged["name199"]
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)

    def test_an_emptied_file_is_no_new_one_and_recovered_from_its_log(self):
        os.truncate(self.file, 0)
        self.assert_not_started("is empty, but it has a log")
        status, said = self.hearthd("--recover")
        self.assertEqual((status, "saved 201 registrations" in said), (0, True), said)
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)

    def test_a_file_that_is_gone_is_no_new_one_as_long_as_its_log_is_there(self):
        os.rename(self.file, self.path("aside.db"))
        self.assert_not_started("is gone, but its log")
        os.rename(self.path("aside.db"), self.file)
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)


class TwoServers(ShareOfDamage):
    def test_another_name_of_the_file(self):
        os.mkdir(self.path("elsewhere"))
        other = self.path("elsewhere", "other.db")
        os.link(self.file, other)
        self.assert_not_started("another hearthd has the file open", file=other)
        self.check_recovers_and_keeps_everything()

    def test_a_lock_file_that_was_removed(self):
        os.remove(self.file + ".lock")
        self.assert_not_started("another hearthd has the file open")
        self.check_recovers_and_keeps_everything()

    def test_a_symbolic_link(self):
        os.symlink(self.file, self.path("link.db"))
        self.assert_not_started("is in use by another hearthd (process %d)" % self.server.pid, file=self.path("link.db"))
        self.server.stop()
        self.file = self.path("link.db")
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)
        self.assertEqual(sorted(os.listdir(self.home)), ["names.db", "names.db-shm", "names.db-wal", "names.db.lock"])

    def test_many_that_start_at_once(self):
        self.server.kill()
        rivals = [support.Server(self.directory, storage="sql:" + self.file) for _ in range(6)]
        for rival in rivals:
            self.addCleanup(rival.kill)
        winners = [rival for rival in rivals if self.serves(rival)]
        self.assertEqual(len(winners), 1, [rival.describe() for rival in rivals])
        with winners[0].locate() as self.ns:
            self.assertEqual(self.entries(), self.acknowledged)

    @staticmethod
    def serves(rival):
        """Whether it has come up, once it is known."""
        try:
            rival.start()
        except AssertionError:
            return False
        return True


class LongReader(ShareOfDamage):
    def test_a_reader_that_stays_sees_what_it_saw_and_is_in_nobodys_way(self):
        with self.database() as reader:
            reader.execute("BEGIN")
            count = "SELECT count(*) FROM pyro_names"
            self.assertEqual(reader.execute(count).fetchone(), (201,))
            for number in range(100):  # far more than after how much SQLite brings the log into the file
                self.register("large", "PYRO:%s@h:1" % (str(number) * 30000))
            self.assertGreater(os.path.getsize(self.file + "-wal"), 20 * os.path.getsize(self.file))
            self.assertEqual(reader.execute(count).fetchone(), (201,))
            copy = self.path("copy")
            shutil.copytree(self.home, copy)
        self.check_recovers_and_keeps_everything()
        self.file = os.path.join(copy, "names.db")  # as a kill would have left it
        self.start()
        self.assertEqual(set(self.entries()), set(self.acknowledged) - {"after"})


if __name__ == "__main__":
    support.main()
