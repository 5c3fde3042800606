#!/usr/bin/python3
"""The audit log, as an administrator reads it: what clients have changed, what they were refused, what autoclean has removed."""

import json
import os
import re
import signal

import Pyro4.errors
import support
from support import Pyro4


class AuditLog(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.log = self.path("audit.log")

    def proxy(self, server):
        proxy = Pyro4.Proxy(server.uri)
        self.addCleanup(proxy._pyroRelease)
        return proxy

    def entries(self, path=None):
        with open(path or self.log, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def test_changes(self):
        server = self.start_server("--audit-log", self.log)
        ns = self.proxy(server)
        ns.register("a\n", "PYRO:o@h:1")
        ns.register("a\n", "PYRO:o@h:2", metadata=["x"])
        with self.assertRaises(Pyro4.errors.NamingError):
            ns.register("a\n", "PYRO:o@h:3", safe=True)
        ns.set_metadata("a\n", ["y"])
        ns.register("b", "PYRO:o@h:4")
        ns.lookup("b")
        self.assertEqual(ns.remove("unknown"), 0)
        self.assertEqual(ns.remove(regex="a|b"), 2)
        entries = self.entries()
        for entry in entries:
            self.assertRegex(entry.pop("time"), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ$")
            self.assertRegex(entry.pop("peer"), r"^127\.0\.0\.1:\d+$|^\[::1\]:\d+$")
            self.assertIsNone(entry.pop("identity"))
        removals = sorted(entries[4:], key=lambda entry: entry["name"])
        self.assertEqual(entries[:4] + removals, [
            {"event": "register", "name": "a\n", "uri": "PYRO:o@h:1", "old_uri": None},
            {"event": "overwrite", "name": "a\n", "uri": "PYRO:o@h:2", "old_uri": "PYRO:o@h:1"},
            {"event": "metadata", "name": "a\n", "uri": "PYRO:o@h:2", "old_uri": "PYRO:o@h:2"},
            {"event": "register", "name": "b", "uri": "PYRO:o@h:4", "old_uri": None},
            {"event": "remove", "name": "a\n", "uri": None, "old_uri": "PYRO:o@h:2"},
            {"event": "remove", "name": "b", "uri": None, "old_uri": "PYRO:o@h:4"}])

    def test_refusals_and_who_it_was(self):
        with open(self.path("access.conf"), "w", encoding="utf-8") as rules:
            rules.write("allow uid:%d register *\n" % os.getuid())
        socket_path = self.path("ns.sock")
        server = self.start_server("--audit-log", self.log, "--access", self.path("access.conf"), "-n", "localhost",
                                   "-u", socket_path)
        local = Pyro4.Proxy("PYRO:Pyro.NameServer@./u:" + socket_path)
        self.addCleanup(local._pyroRelease)
        local.register("a", "PYRO:o@h:1")
        for call in (lambda: local.remove("a"), self.proxy(server).list):
            with self.assertRaises(Pyro4.errors.SecurityError):
                call()
        registered, refused, stranger = self.entries()
        self.assertEqual((registered["event"], registered["identity"], registered["peer"]),
                         ("register", "uid:%d" % os.getuid(), "unix socket"))
        self.assertEqual((refused["event"], refused["identity"], refused["name"], refused["call"], refused["missing"]),
                         ("refusal", "uid:%d" % os.getuid(), None, "remove", "remove"))
        self.assertEqual((stranger["event"], stranger["identity"], stranger["call"], stranger["missing"]),
                         ("refusal", None, "list", "read"))

    def test_it_is_opened_anew(self):
        server = self.start_server("--audit-log", self.log)
        ns = self.proxy(server)
        ns.register("a", "PYRO:o@h:1")
        os.rename(self.log, self.log + ".1")
        ns.register("b", "PYRO:o@h:1")
        server.signal(signal.SIGHUP)
        server.wait_for_log("settings reloaded")
        ns.register("c", "PYRO:o@h:1")
        self.assertEqual([entry["name"] for entry in self.entries(self.log + ".1")], ["a", "b"])
        self.assertEqual([entry["name"] for entry in self.entries()], ["c"])

    def test_standard_error(self):
        server = self.start_server("--audit-log", "{stderr}", "--log-level", "error")
        self.proxy(server).register("a", "PYRO:o@h:1")
        line = server.wait_for_log("audit: ")
        self.assertEqual(json.loads(re.sub("^audit: ", "", line))["name"], "a")

    def test_a_disk_that_is_full(self):
        server = self.start_server("--audit-log", "/dev/full")
        self.proxy(server).register("a", "PYRO:o@h:1")
        self.assertIn("cannot write the audit log to /dev/full: No space left on device", server.wait_for_log("audit log"))
        self.assertEqual(self.proxy(server).count(), 2)

    def test_a_file_that_cannot_be_opened(self):
        status, _, trouble = support.run([support.required_path("HEARTHD"), "--config=", "-p", "0", "-s", "memory", "-x",
                                          "--audit-log", self.path("no", "such")], self.directory)
        self.assertEqual(status, 1)
        self.assertIn("hearthd: cannot write the audit log to " + self.path("no", "such"), trouble)


if __name__ == "__main__":
    support.main()
