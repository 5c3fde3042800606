"""The disk under one hearthd, made to fail or to kill it at a chosen operation: the other end of
support/faulty_disk.cpp, which is preloaded into the server."""

import ctypes
import mmap
import os

import support


class Control(ctypes.Structure):
    """As in faulty_disk.cpp."""
    _fields_ = [("operations", ctypes.c_int64), ("dies_at", ctypes.c_int64),
                ("log_sync_error", ctypes.c_int32), ("database_sync_error", ctypes.c_int32),
                ("write_error", ctypes.c_int32)]


class FaultyDisk:
    """Start the server with `env=disk.env`. Faults are errno values, and 0 where there is none:
    disk.control.write_error = errno.ENOSPC."""

    def __init__(self, directory):
        path = os.path.join(directory, "faulty-disk")
        with open(path, "w+b") as file:
            file.truncate(mmap.PAGESIZE)
            self.memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        self.control = Control.from_buffer(self.memory)
        self.env = {"LD_PRELOAD": support.required_path("FAULTY_DISK"), "HEARTH_FAULTY_DISK": path}

    @property
    def operations(self):
        """Writes, truncations, syncs and changes of names until now."""
        return self.control.operations

    def kill_after(self, operations):
        """kill -9 instead of the operation that comes after so many more; an odd one is half done."""
        self.control.dies_at = self.control.operations + operations + 1

    def spare(self):
        self.control.dies_at = 0

    def heal(self):
        self.control.log_sync_error = self.control.database_sync_error = self.control.write_error = 0
