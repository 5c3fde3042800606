#!/usr/bin/python3
"""Access rules with real Pyro4 clients: what each of them may do, and what the others are told."""

import os
import signal

import support
from access_case import AccessCase
from certificates import client_settings
from pyro5_wire import Pyro5Peer
from support import Pyro4


class Tokens(AccessCase):
    def setUp(self):
        super().setUp()
        self.token, line = self.new_token("alice")
        self.server = self.guard(line, "allow token:alice read,register,remove lab.", "allow token:alice admin")

    def test_right(self):
        ns = self.proxy(self.server, self.token)
        ns.register("lab.x", "PYRO:o@h:1")
        self.assertEqual(str(ns.lookup("lab.x")), "PYRO:o@h:1")
        self.assertEqual(ns.list(), {"lab.x": "PYRO:o@h:1"})
        self.assert_refused("missing right: register on 'other' (this client is token:alice)", ns.register, "other", "PYRO:o@h:1")
        self.assertEqual(ns.remove("lab.x"), 1)
        self.server.wait_for_log("refused: register(): missing right: register on 'other'")

    def test_wrong_and_missing(self):
        for token, words in (("x" * 64, "the token that this client has sent is not known here"),
                             (None, "this client has sent no token"), ({"token": self.token}, "is not known here")):
            ns = self.proxy(self.server, token)
            self.assertIsNone(ns.ping())
            for call, arguments in ((ns.list, ()), (ns.count, ()), (ns.lookup, ("Pyro.NameServer",)),
                                    (ns.register, ("lab.x", "PYRO:o@h:1")), (ns.remove, ("Pyro.NameServer",)),
                                    (ns.set_metadata, ("Pyro.NameServer", ["x"]))):
                self.assert_refused(words, call, *arguments)
        self.assertEqual(self.proxy(self.server, self.token).list(), {})

    def test_locate_and_then_the_token(self):
        ns = Pyro4.locateNS("127.0.0.1", self.server.port)
        self.addCleanup(ns._pyroRelease)
        self.assert_refused("missing right: read", ns.list)
        ns._pyroRelease()
        ns._pyroHandshake = self.token
        self.assertEqual(ns.list(), {})

    def test_the_other_dialect(self):
        for token, refused in ((self.token, False), ("wrong", True)):
            peer = Pyro5Peer(self.server.port)
            self.addCleanup(peer.close)
            peer.connect(handshake=token)
            if refused:
                with self.assertRaisesRegex(Exception, "missing right: read"):
                    peer.call("list")
            else:
                self.assertEqual(peer.call("list"), {})

    def test_oneway_and_batches(self):
        stranger = self.proxy(self.server)
        stranger.ping()
        stranger._pyroOneway.add("register")
        stranger.register("lab.x", "PYRO:o@h:1")
        batch = Pyro4.batch(self.proxy(self.server))
        batch.register("lab.y", "PYRO:o@h:1")
        self.assert_refused("missing right: register", lambda: list(batch()))
        self.server.wait_for_log("missing right: register on 'lab.x'")
        self.assertEqual(self.proxy(self.server, self.token).list(), {})

    def test_administration(self):
        self.assert_refused("missing right: admin", self.proxy(self.server, object_id="Hearth.Admin").status)
        self.assert_refused("missing right: admin", self.proxy(self.server, object_id="Hearth.Admin").confirm_autoclean)
        self.assertIn("version", self.proxy(self.server, self.token, "Hearth.Admin").status())

    def test_nsc(self):
        def nsc(*words, token=None):
            return support.run([support.required_path("NSC"), "-n", "127.0.0.1", "-p", str(self.server.port), *words],
                               self.directory, env={"HEARTH_TOKEN": token})
        self.assertEqual(nsc("register", "lab.x", "PYRO:o@h:1", token=self.token)[0], 0)
        self.assertIn("lab.x", nsc("list", token=self.token)[1])
        status, _, trouble = nsc("list")
        self.assertEqual(status, 1)
        self.assertIn("SecurityError: missing right: read", trouble)
        self.assertEqual(nsc("status", token=self.token)[0], 0)


class OtherIdentities(AccessCase):
    def test_a_user_of_a_unix_socket(self):
        self.write_rules("allow uid:%d read *" % os.getuid(), "allow uid:%d register *" % (os.getuid() + 1))
        server = self.start_server("--access", self.path("access.conf"), "-n", "localhost", "-u", self.path("ns.sock"))
        local = Pyro4.Proxy("PYRO:Pyro.NameServer@./u:" + self.path("ns.sock"))
        self.addCleanup(local._pyroRelease)
        self.assertEqual(local.count(), 1)
        self.assert_refused("this client is uid:%d" % os.getuid(), local.register, "x", "PYRO:o@h:1")
        self.assert_refused("missing right: read", self.proxy(server).list)

    def test_a_network(self):
        server = self.guard("allow net:127.0.0.0/8 read *")
        self.assertEqual(self.proxy(server).count(), 1)
        self.assert_refused("missing right: remove", self.proxy(server).remove, "x")

    def test_a_certificate(self):
        self.write_rules("allow subject:CN=alice,O=Lab read *")
        server = self.serve("--access", self.path("access.conf"), authorities=self.authority.file)
        alice = client_settings(self.authority.file, *self.authority.issue("alice", "alice"))
        bob = client_settings(self.authority.file, *self.authority.issue("bob", "bob"))
        self.assertEqual(self.client(server, alice).call("count"), "= 1")
        self.assertIn("SecurityError missing right: read on all names (this client is subject:CN=bob,O=Lab)",
                      self.client(server, bob).call("count"))
        self.assertIn("SecurityError missing right", self.client(server).call("count"))


class Settings(AccessCase):
    def reload(self, server, words):
        server.signal(signal.SIGHUP)
        return server.wait_for_log(words)

    def test_new_rules_for_a_client_that_is_connected(self):
        server = self.guard("allow anyone read *")
        ns = self.proxy(server)
        self.assertEqual(ns.count(), 1)
        self.write_rules("allow anyone register *")
        self.reload(server, "settings reloaded")
        self.assert_refused("missing right: read", ns.count)
        ns.register("x", "PYRO:o@h:1")
        self.write_rules("allow anyone read")
        line = self.reload(server, "settings not reloaded, the old ones stay: ")
        self.assertIn("access.conf:1: read on which names?", line)
        ns.register("y", "PYRO:o@h:1")
        self.assert_refused("missing right: read", ns.count)

    def test_rules_for_a_server_that_had_none(self):
        with open(self.path("hearthd.conf"), "w", encoding="utf-8") as file:
            file.write("# nothing\n")
        server = self.start_server("--config", self.path("hearthd.conf"))
        ns = self.proxy(server)
        self.assertEqual(ns.count(), 1)
        self.write_rules("allow anyone register *")
        with open(self.path("hearthd.conf"), "w", encoding="utf-8") as file:
            file.write("access = %s\n" % self.path("access.conf"))
        self.reload(server, "settings reloaded: access")
        self.assert_refused("missing right: read", ns.count)

    def test_the_warning_that_anyone_can_connect(self):
        warning = "Warning: HMAC key not set. Anyone can connect to this server!"
        self.assertNotIn(warning, self.guard("allow anyone read *").lines["stdout"])

    def test_a_file_that_is_wrong(self):
        program = support.required_path("HEARTHD")
        self.write_rules("# fine", "allow anyone all *")
        words = "%s:2: there is no right all" % self.path("access.conf")
        for action, expected in ((["--check-config"], 2), (["-p", "0", "-s", "memory", "-x"], 1)):
            status, _, trouble = support.run([program, "--config=", "--access", self.path("access.conf"), *action], self.directory)
            self.assertEqual(status, expected)
            self.assertIn(words, trouble)
        self.write_rules("allow anyone read *")
        self.assertEqual(support.run([program, "--config=", "--access", self.path("access.conf"), "--check-config"], self.directory),
                         (0, "configuration ok\n", ""))
        status, _, trouble = support.run([program, "--new-token", "a b"], self.directory)
        self.assertEqual(status, 2)
        self.assertIn("the name of a token is made of letters", trouble)


if __name__ == "__main__":
    support.main()
