#!/usr/bin/python3
"""The disk fails under a running hearthd: a full disk, files that are removed or replaced, other programs that write.
Reads go on, writes are refused with the reason, and work again without a restart when the cause is gone."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys

import Pyro4.errors
import support
from fault_case import REFUSAL, FaultCase


class RemovedFiles(FaultCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.register("first", tags=["a", "b"])
        self.register("second")

    def test_the_file_is_removed(self):
        os.remove(self.file)
        self.assert_refused("the file cannot be reached (No such file or directory)")
        self.check_recovers_and_keeps_everything()

    def test_the_log_is_removed(self):
        os.remove(self.file + "-wal")
        self.assert_refused("the log of the database has been removed or replaced")
        self.check_recovers_and_keeps_everything()

    def test_everything_is_removed(self):
        shutil.rmtree(self.home)
        self.assert_refused("the file cannot be reached (No such file or directory)")
        self.assert_refused("the directory of the file cannot be written (No such file or directory)")
        os.mkdir(self.home)
        self.check_recovers_and_keeps_everything()

    def test_the_file_is_replaced_and_the_other_one_goes(self):
        with contextlib.closing(sqlite3.connect(self.path("other.db"))) as other:
            other.execute("CREATE TABLE album(title)")
            other.commit()
        os.rename(self.path("other.db"), self.file)
        self.assert_refused("another file has taken the place of the database")
        self.assert_refused("another file has taken the place of the database: remove it, or restart hearthd to use it")
        with contextlib.closing(sqlite3.connect(self.file + ".acknowledged-1")) as kept:
            names = [name for name, in kept.execute("SELECT name FROM pyro_names")]
        self.assertLessEqual(set(self.acknowledged), set(names))
        os.remove(self.file)
        self.check_recovers_and_keeps_everything()

    def test_it_recovers_though_nobody_writes(self):
        os.remove(self.file)
        self.assert_refused("the file cannot be reached (No such file or directory)")
        self.server.wait_for_line_with("names.db: works again")
        self.server.kill()
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)
        self.server.stop()


class OtherWriters(FaultCase):
    def test_what_another_program_writes_is_taken_over(self):
        self.start()
        self.register("kept", tags=["t"])
        self.register("changed")
        self.register("removed", tags=["t"])
        with contextlib.closing(sqlite3.connect(self.file)) as other:
            other.execute("UPDATE pyro_names SET uri = 'PYRO:other@h:2' WHERE name = 'changed'")
            other.execute("DELETE FROM pyro_metadata WHERE object = (SELECT id FROM pyro_names WHERE name = 'removed')")
            other.execute("DELETE FROM pyro_names WHERE name = 'removed'")
            other.execute("INSERT INTO pyro_names(name, uri) VALUES('new', 'PYRO:new@h:3')")
            other.commit()
        with self.assertRaises(Pyro4.errors.NamingError):
            self.ns.register("new", "PYRO:late@h:1", safe=True)
        self.ns.set_metadata("new", ["ours"])
        self.acknowledged["changed"] = ("PYRO:other@h:2", [])
        self.acknowledged["new"] = ("PYRO:new@h:3", ["ours"])
        del self.acknowledged["removed"]
        self.assertEqual(self.entries(), self.acknowledged)
        self.server.wait_for_line_with("another program has changed 3 registrations")
        self.check_recovers_and_keeps_everything()


class FullDisk(FaultCase):
    """On a small file system of its own."""

    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", self.home], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.home], check=True)

    def fill(self):
        """Takes all the room there is."""
        with open(os.path.join(self.home, "ballast"), "wb", buffering=0) as ballast, contextlib.suppress(OSError):
            for size in (4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        ballast.write(b"x" * size)

    def test_a_full_disk(self):
        self.start()
        self.register("first", tags=["a"])
        self.fill()
        for number in range(1000):  # the log may have room in its last page
            try:
                self.register("filler%d" % number, "PYRO:o@h:%d" % number)
            except Pyro4.errors.NamingError as error:
                self.assertEqual(str(error), REFUSAL + "the disk is full")
                break
        self.assert_refused("the disk is full")
        self.assert_refused("the disk is full")
        os.remove(os.path.join(self.home, "ballast"))
        self.check_recovers_and_keeps_everything()

    def test_a_disk_that_becomes_read_only(self):
        self.start()
        self.register("first", tags=["a"])
        # Refused by the kernel as long as files are open for writing, so it has to be brought about by a new start of the
        # storage: the file is gone, and the new one cannot be made.
        os.remove(self.file)
        for name in os.listdir(self.home):
            os.remove(os.path.join(self.home, name))
        subprocess.run(["mount", "--bind", self.home, self.home], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.home], check=False)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.home], check=True)
        self.assert_refused("the file cannot be reached (No such file or directory)")
        self.assert_refused("the directory of the file cannot be written (Read-only file system)")
        subprocess.run(["mount", "-o", "remount,bind,rw", self.home], check=True)
        self.check_recovers_and_keeps_everything()


if __name__ == "__main__":
    if "HEARTH_OWN_MOUNTS" not in os.environ:
        # What is mounted here is seen by nobody else, and goes with us.
        os.environ["HEARTH_OWN_MOUNTS"] = "1"
        as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        os.execvp("unshare", ["unshare", "--mount", *as_root, sys.executable, *sys.argv])
    support.main()
