#!/usr/bin/python3
"""A disk that reports errors under a running hearthd, and who is told of it: the client, `nsc status`, the service
manager, the log."""

import errno
import os

import service_manager
import support
from fault_case import REFUSAL, FaultCase
from faulty_disk import FaultyDisk


class FailingDisk(FaultCase):
    def setUp(self):
        super().setUp()
        self.disk = FaultyDisk(self.directory)
        self.manager = service_manager.NotifySocket(self.path("manager"))
        self.addCleanup(self.manager.close)
        self.start(env={**self.disk.env, "NOTIFY_SOCKET": self.manager.address})
        self.register("first", tags=["a", "b"])
        self.register("second")

    def check(self, reason, **faults):
        """From the failure to the recovery, by everybody's eyes."""
        for name, error in faults.items():
            setattr(self.disk.control, name, error)
        for _ in range(3):
            self.assert_refused(reason)
        status = self.status()
        self.assertEqual((status["refusal"], status["storage_error"]), (REFUSAL + reason, reason))
        self.assertGreater(status["commits"]["failed"], 0)
        told = self.manager.wait_for_status("3 registrations, 1 connection; changes are refused: " + REFUSAL + reason)
        self.server.wait_for_log(reason + "; changes are refused until it works again")
        self.disk.heal()
        self.server.wait_for_log("names.db: works again")
        self.register("after")
        status = self.status()
        self.assertEqual((status["refusal"], status["storage_error"]), (None, reason))
        self.manager.wait_for_status("4 registrations, 1 connection", after=told)
        self.check_recovers_and_keeps_everything()

    def test_syncs_that_fail(self):
        self.check("the disk reports an error (Input/output error)", log_sync_error=errno.EIO,
                   database_sync_error=errno.EIO)

    def test_writes_that_fail(self):
        self.check("the disk reports an error (Input/output error)", write_error=errno.EIO)

    def test_a_quota(self):
        self.check("the disk reports an error (Disk quota exceeded)", write_error=errno.EDQUOT)

    def test_no_room(self):
        self.check("the disk is full", write_error=errno.ENOSPC)

    def test_a_file_system_that_has_become_read_only(self):
        self.check("the file or its file system is read-only", write_error=errno.EROFS)

    def test_what_was_refused_is_not_there_after_a_kill_either(self):
        self.disk.control.log_sync_error = errno.EIO
        self.assert_refused("the disk reports an error (Input/output error)")
        self.server.kill()
        self.disk.heal()
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)

    def test_a_reader_does_not_put_recovery_off(self):
        with self.database() as reader:
            reader.execute("BEGIN")
            self.assertEqual(reader.execute("SELECT count(*) FROM pyro_names").fetchone(), (3,))
            self.disk.control.log_sync_error = errno.EIO
            self.assert_refused("the disk reports an error (Input/output error)")
            self.disk.heal()
            self.assertTrue(support.wait_until(self.works_again), self.server.describe())
            self.assertEqual(reader.execute("SELECT count(*) FROM pyro_names").fetchone(), (3,))
        self.check_recovers_and_keeps_everything()

    def test_a_disk_that_is_full_at_the_start(self):
        self.server.stop()
        before = os.path.getsize(self.file)
        self.disk.control.write_error = errno.ENOSPC
        status, _, trouble = support.run([support.required_path("HEARTHD"), "-p", "0", "-s", "sql:" + self.file],
                                         self.directory, env=self.disk.env)
        self.assertEqual(status, 1)
        self.assertIn("the disk is full", trouble)
        self.disk.heal()
        self.assertEqual(os.path.getsize(self.file), before)
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)


if __name__ == "__main__":
    support.main()
