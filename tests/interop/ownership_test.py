#!/usr/bin/python3
"""Owners of registrations with real Pyro4 clients: what one has registered another cannot take, also after a restart, and what
Python's sqlite3 or a pyro4-ns has written is nobody's."""

import contextlib
import os
import sqlite3

import Pyro4.errors
import support
from access_case import AccessCase
from support import Pyro4


class Owners(AccessCase):
    def setUp(self):
        super().setUp()
        self.tokens = {}
        lines = ["owner-only on", "allow net:127.0.0.0/8 read,register,remove *"]
        for name in ("alice", "bob", "root"):
            self.tokens[name], line = self.new_token(name)
            lines += [line, "allow token:%s read,register,remove%s *" % (name, ",admin" if name == "root" else "")]
        self.write_rules(*lines)
        self.storage = self.path("names.sqlite")
        self.server = self.start()

    def start(self, *options):
        return self.start_server("--access", self.path("access.conf"), *options, storage="sql:" + self.storage)

    def restart(self, *options):
        self.server.stop()
        self.server = self.start(*options)

    def client(self, name=None):
        return self.proxy(self.server, self.tokens.get(name))

    def assert_belongs_to(self, owner, name):
        bob = self.client("bob")
        uri = str(bob.lookup(name))
        words = "missing right: admin, since '%s' belongs to %s (this client is token:bob)" % (name, owner)
        for call, arguments in ((bob.register, (name, "PYRO:bob@h:1")), (bob.set_metadata, (name, ["bob"])), (bob.remove, (name,))):
            self.assert_refused(words, call, *arguments)
        with self.assertRaisesRegex(Pyro4.errors.NamingError, "name already registered"):
            bob.register(name, "PYRO:bob@h:1", safe=True)
        self.assert_refused("belongs to " + owner, self.client().register, name, "PYRO:stranger@h:1")
        self.assertEqual(bob.lookup(name, return_metadata=True), (Pyro4.URI(uri), []))

    def assert_is_nobodys(self, name):
        bob = self.client("bob")
        bob.set_metadata(name, ["seen"])
        bob.register(name, "PYRO:bob@h:1")
        self.assert_refused("belongs to token:bob", self.client("alice").remove, name)

    def test_what_is_another_s_stays_also_after_a_restart(self):
        self.client("alice").register("a", "PYRO:alice@h:1")
        self.client().register("free", "PYRO:somebody@h:1")
        self.assert_belongs_to("token:alice", "a")
        self.server.kill()
        self.server = self.start()
        self.assert_belongs_to("token:alice", "a")
        self.restart()
        self.assert_belongs_to("token:alice", "a")
        self.assert_is_nobodys("free")
        self.client("alice").register("a", "PYRO:alice@h:2")
        self.assertEqual(self.client("bob").remove(prefix="a"), 0)
        self.client("root").set_metadata("a", ["checked"])
        self.assertEqual(self.client("root").remove("a"), 1)
        self.client("bob").register("a", "PYRO:bob@h:1")

    def test_batches_and_oneway_calls(self):
        self.client("alice").register("a", "PYRO:alice@h:1")
        bob = self.client("bob")
        batch = Pyro4.batch(bob)
        batch.register("b", "PYRO:bob@h:1")
        batch.remove("a")
        batch.register("c", "PYRO:bob@h:1")
        self.assert_refused("since 'a' belongs to token:alice", lambda: list(batch()))
        bob._pyroOneway.add("remove")
        bob.remove("a")
        self.assertEqual(bob.remove(regex="a|b"), None)
        self.assertEqual(sorted(bob.list()), ["Pyro.NameServer", "a"])
        self.server.wait_for_log("refused: remove(): missing right: admin, since 'a' belongs to token:alice")

    def test_rows_of_another_program(self):
        self.client("alice").register("a", "PYRO:alice@h:1")
        self.client("alice").register("b", "PYRO:alice@h:1")
        self.client("alice").register("kept", "PYRO:alice@h:1")
        self.rewrite("a")
        self.assert_is_nobodys("a")
        self.server.stop()
        self.rewrite("b")
        self.rewrite("new")
        self.server = self.start()
        self.assert_is_nobodys("b")
        self.assert_is_nobodys("new")
        self.assert_belongs_to("token:alice", "kept")

    def rewrite(self, name):
        """As a Pyro does it, with the URI that it had."""
        with contextlib.closing(sqlite3.connect(self.storage)) as db:
            db.execute("DELETE FROM pyro_names WHERE name = ?", (name,))
            db.execute("INSERT INTO pyro_names(name, uri) VALUES(?, 'PYRO:alice@h:1')", (name,))
            db.commit()

    def test_pyro4_ns_opens_the_file_and_changes_it(self):
        self.client("alice").register("a", "PYRO:alice@h:1")
        self.client("alice").register("kept", "PYRO:alice@h:1")
        self.server.stop()
        pyro = self.start_server(program=support.PYRO4_NS, storage="sql:" + self.storage)
        with self.proxy(pyro) as ns:
            self.assertEqual(sorted(ns.list()), ["Pyro.NameServer", "a", "kept"])
            ns.register("a", "PYRO:other@h:1")
            ns.register("new", "PYRO:other@h:1", metadata=["t"])
            ns.remove("a")
            ns.register("a", "PYRO:alice@h:1")
        pyro.stop()
        self.server = self.start()
        self.assert_is_nobodys("a")
        self.assert_is_nobodys("new")
        self.assert_belongs_to("token:alice", "kept")

    def test_a_limit_to_each(self):
        self.restart("--limit", "registrations-per-owner-max=2")
        alice = self.client("alice")
        for name in ("a", "b", "a"):
            alice.register(name, "PYRO:alice@h:1")
        self.restart("--limit", "registrations-per-owner-max=2")
        words = r"no room for another name of token:alice, which may own 2 \(registrations-per-owner-max\)"
        with self.assertRaisesRegex(Pyro4.errors.NamingError, words):
            self.client("alice").register("c", "PYRO:alice@h:1")
        self.client("bob").register("c", "PYRO:bob@h:1")
        self.rewrite("b")
        self.client("alice").register("d", "PYRO:alice@h:1")
        with self.assertRaisesRegex(Pyro4.errors.NamingError, words):
            self.client("alice").register("b", "PYRO:alice@h:1")
        for i in range(4):
            self.client().register("free%d" % i, "PYRO:o@h:1")

    def test_a_backup_has_the_owners(self):
        self.client("alice").register("a", "PYRO:alice@h:1")
        copy = self.path("copy.sqlite")
        status, _, trouble = support.run([support.required_path("NSC"), "-n", "127.0.0.1", "-p", str(self.server.port), "backup", copy],
                                         self.directory, env={"HEARTH_TOKEN": self.tokens["root"]})
        self.assertEqual((status, trouble), (0, ""))
        self.storage = copy
        self.restart()
        self.assert_belongs_to("token:alice", "a")

    def test_registered_without_rules(self):
        self.server.stop()
        self.server = self.start_server(storage="sql:" + self.storage)
        self.proxy(self.server).register("a", "PYRO:o@h:1")
        self.restart()
        self.assert_is_nobodys("a")


class UnixUsers(AccessCase):
    def test_a_user_with_a_token_and_without(self):
        token, line = self.new_token("alice")
        self.write_rules(line, "owner-only on", "allow uid:%d read,register,remove *" % os.getuid(),
                         "allow token:alice read,register,remove *")
        server = self.start_server("--access", self.path("access.conf"), "-n", "localhost", "-u", self.path("ns.sock"))
        local = Pyro4.Proxy("PYRO:Pyro.NameServer@./u:" + self.path("ns.sock"))
        self.addCleanup(local._pyroRelease)
        local.register("mine", "PYRO:o@h:1")
        local._pyroRelease()
        local._pyroHandshake = token
        local.register("alice's", "PYRO:o@h:1")
        local.register("mine", "PYRO:o@h:2")
        words = "since 'mine' belongs to token:alice"
        local._pyroRelease()
        local._pyroHandshake = "hello"
        self.assert_refused(words + " (this client is uid:%d)" % os.getuid(), local.remove, "mine")
        self.assertEqual(self.proxy(server, token).remove("mine"), 1)


if __name__ == "__main__":
    support.main()
