#!/usr/bin/python3
"""SIGHUP: what changes while hearthd runs, what waits for a restart, and what a mistake in the file does: nothing."""

import os
import re
import signal
import threading

import Pyro4.errors
import support
from service_manager import NotifySocket

CONNECTED = "1 registration, 1 connection"


class ReloadCase(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.manager = NotifySocket(self.path("notify"))
        self.addCleanup(self.manager.close)

    def configure(self, *lines):
        with open(self.path("hearthd.conf"), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))

    def start_with(self, *lines, **settings):
        self.configure(*lines)
        return self.start_server("--config", self.path("hearthd.conf"),
                                 env={"NOTIFY_SOCKET": self.manager.address}, **settings)

    def reload(self, server, *lines):
        """The status that it reports when it is ready again."""
        self.configure(*lines)
        seen = len(self.manager.messages)
        server.signal(signal.SIGHUP)
        seen = self.manager.wait_for_key("RELOADING", after=seen)
        seen = self.manager.wait_for_key("READY", after=seen)
        return self.manager.messages[seen - 1]["STATUS"]

    def errors_of(self, server, pattern):
        """The lines of its log that match, once it has been stopped."""
        return [line for line in server.lines["stderr"] if re.search(pattern, line)]


class Logging(ReloadCase):
    def test_the_level(self):
        server = self.start_with("log-level = warning")
        self.locate(server)
        self.assertEqual(self.reload(server, "log-level = debug"), CONNECTED)
        server.locate()._pyroRelease()
        server.wait_for_log("net: c#2 accepted")
        self.reload(server, "log-level = error")
        server.locate()._pyroRelease()
        server.stop()
        self.assertEqual([line.split(" ", 2)[2].split(" from")[0] for line in self.errors_of(server, "reloaded|accepted")],
                         ["info server: settings reloaded: log-level", "debug net: c#2 accepted"])

    def test_the_messages_of_connections_that_exist(self):
        server = self.start_with()
        ns = self.locate(server)
        ns.count()
        self.reload(server, "debug = wire")
        ns.count()
        self.reload(server, "debug = store")
        ns.count()
        server.stop()
        lines = self.errors_of(server, " wire: ")
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[0], r" debug wire: c#1 in pyro4 invoke Pyro\.NameServer\.count seq \d+ serpent \d+ bytes$")
        self.assertRegex(lines[1], r" debug wire: c#1 out pyro4 result seq \d+ serpent \d+ bytes$")

    def test_the_file_is_reopened(self):
        log = self.path("hearthd.log")
        server = self.start_with("log-level = debug", "log-file = " + log)
        server.locate()._pyroRelease()
        os.rename(log, log + ".1")
        self.reload(server, "log-level = debug", "log-file = " + log)
        server.locate()._pyroRelease()
        server.stop()
        with open(log + ".1", encoding="utf-8") as old, open(log, encoding="utf-8") as new:
            self.assertIn("c#1 accepted", old.read())
            text = new.read()
        self.assertIn("settings reloaded: nothing to change", text)
        self.assertIn("c#2 accepted", text)
        self.assertEqual(server.lines["stderr"], [])

    def test_a_peer_cannot_forge_a_line(self):
        server = self.start_with("debug = wire")
        ns = self.locate(server)
        with self.assertRaises(AttributeError):
            ns._pyroInvoke("x\n2026-11-20 00:00:00.000 error server: forged", (), {})
        server.stop()
        self.assertEqual(len(self.errors_of(server, "forged")), 1)
        self.assertIn(r"Pyro.NameServer.x\n2026-11-20", self.errors_of(server, "forged")[0])


class Limits(ReloadCase):
    def test_one_that_changes_holds_for_connections_that_exist(self):
        server = self.start_with()
        ns = self.locate(server)
        tags = ["%020d" % number for number in range(9000)]
        ns.register("big", "PYRO:o@h:1", metadata=tags)
        self.reload(server, "max-message-size = 100K")
        self.assertEqual(ns.count(), 2)
        with self.assertRaises(Pyro4.errors.PyroError):
            ns.register("big", "PYRO:o@h:1", metadata=tags)
        self.reload(server)
        ns = self.locate(server)
        ns.register("big", "PYRO:o@h:1", metadata=tags)
        server.stop()

    def test_room_for_more_connections(self):
        server = self.start_with("[limits]", "connections-max = 10")
        ns = [self.locate(server) for _ in range(10)][0]
        server.wait_for_log("10 connections, the maximum")
        waiting = threading.Thread(target=lambda: server.locate()._pyroRelease())
        waiting.start()
        self.reload(server, "[limits]", "connections-max = 11")
        waiting.join(support.SAFETY_S)
        self.assertFalse(waiting.is_alive())
        self.assertEqual(ns.count(), 1)
        server.stop()


class NotNow(ReloadCase):
    def test_what_needs_a_restart_is_named(self):
        server = self.start_with("storage = memory", storage=None)
        self.reload(server, "storage = sql:" + self.path("names.db"), "compress = yes", "log-level = debug")
        with server.locate() as ns:
            self.assertEqual(ns.count(), 1)
        server.stop()
        self.assertFalse(os.path.exists(self.path("names.db")))
        self.assertEqual(sorted(line.split("server: ")[1] for line in self.errors_of(server, "warning")),
                         ["compress has changed, but keeps its old value until hearthd is restarted",
                          "storage has changed, but keeps its old value until hearthd is restarted"])

    def test_a_mistake_changes_nothing_and_is_told(self):
        server = self.start_with("log-level = debug")
        ns = self.locate(server)
        status = self.reload(server, "log-level = loud", "debug = wire")
        self.assertRegex(status, "^%s; the settings were not reloaded: .*loud" % CONNECTED)
        self.assertEqual(ns.count(), 1)
        server.locate()._pyroRelease()
        self.assertEqual(self.reload(server, "log-level = info"), CONNECTED)
        server.stop()
        self.assertEqual(len(self.errors_of(server, "error server: settings not reloaded, the old ones stay: .*loud")), 1)
        self.assertEqual(len(self.errors_of(server, "c#2 accepted")), 1)
        self.assertEqual(self.errors_of(server, " wire: "), [])

    def test_a_log_file_that_cannot_be_written_changes_nothing(self):
        server = self.start_with("log-level = warning")
        self.locate(server)
        status = self.reload(server, "log-level = debug", "log-file = " + self.path("no", "folder.log") + "/")
        self.assertRegex(status, "^%s; the settings were not reloaded: cannot write the log file" % CONNECTED)
        server.locate()._pyroRelease()
        server.stop()
        self.assertEqual(self.errors_of(server, "accepted"), [])


if __name__ == "__main__":
    support.main()
