#!/usr/bin/python3
"""TLS with real Pyro4 clients: server certificate, client certificates, what each side is told when something is wrong, both kinds
of clients beside each other, and new certificates while clients are connected."""

import os
import re
import signal

import support
from pyro5_wire import Pyro5Peer
from tls_case import Authority, TlsCase, client_settings


class OneWay(TlsCase):
    def test_a_client_that_trusts_the_ca(self):
        client = self.client(self.serve())
        self.assert_served(client)
        self.assertEqual(client.call("register", "x", "PYRO:o@h:1"), "= None")
        self.assertEqual(client.call("lookup", "x"), "= PYRO:o@h:1")

    def test_a_long_answer(self):
        client = self.client(self.serve())
        for number in range(3):
            self.assertEqual(client.call("register", "n%d" % number, "PYRO:%s@h:1" % ("o" * 100000)), "= None")
        self.assertGreater(len(client.call("list")), 300000)

    def test_the_pyro5_dialect(self):
        server = self.serve()
        peer = Pyro5Peer(server.port)
        self.addCleanup(peer.close)
        peer.socket = self.context().wrap_socket(peer.socket, server_hostname="localhost")
        self.assertEqual(peer.connect().call("count"), 1)

    def test_oneway_calls_of_a_client_that_leaves_at_once(self):
        """Python's ssl module does not say goodbye."""
        server = self.serve()
        peer = Pyro5Peer(server.port)
        peer.socket = self.context().wrap_socket(peer.socket, server_hostname="localhost")
        peer.connect()
        peer.send(b"".join(peer.call_message(number, "register", "n%d" % number, "PYRO:o@h:1", flags=4)
                           for number in range(50)))
        peer.close()
        client = self.client(server)
        self.assertTrue(support.wait_until(lambda: client.call("count") == "= 51"))

    def test_it_says_what_it_listens_on(self):
        server = self.serve()
        log = server.wait_for_log("listening on")
        self.assertIn("127.0.0.1:%d (TLS)" % server.port, log)
        self.assertIn("O=Lab", server.wait_for_log("TLS with the certificate"))
        server.stop()

    def test_a_passphrase(self):
        certificate = self.authority.issue("secret", passphrase="open sesame")
        server = self.serve(certificate=certificate, env={"PYRO_SSL_SERVERKEYPASSWD": "open sesame"})
        self.assert_served(self.client(server))

    def test_a_unix_socket_has_no_tls(self):
        path = self.path("ns.sock")
        server = self.serve("-n", "localhost", "-u", path)
        self.assert_served(self.client(server, {}, uri="PYRO:Pyro.NameServer@./u:" + path))
        self.assert_served(self.client(server))


class TwoWay(TlsCase):
    def test_only_clients_with_a_certificate_of_the_ca(self):
        server = self.serve(authorities=self.authority.file, requires=True)
        alice = client_settings(self.authority.file, *self.authority.issue("alice", "alice"))
        self.assert_served(self.client(server, alice))
        self.assertNotIn("Warning: HMAC key not set. Anyone can connect to this server!", server.lines["stdout"])

        self.assert_refused(self.client(server), "certificate required")
        self.assertIn("shows no certificate", server.wait_for_log("refused: "))
        self.assert_served(self.client(server, alice))

    def test_a_certificate_of_another_ca(self):
        server = self.serve(authorities=self.authority.file, requires=True)
        other = Authority(self.directory, "Other CA")
        mallory = client_settings(self.authority.file, *other.issue("mallory", "mallory"))
        self.assert_refused(self.client(server, mallory), "unknown ca")
        self.assertIn("its certificate CN=mallory,O=Lab was issued by CN=Other CA, which is not trusted",
                      server.wait_for_log("refused: "))

    def test_an_expired_certificate(self):
        server = self.serve(authorities=self.authority.file, requires=True)
        late = client_settings(self.authority.file, *self.authority.issue("late", "late", expired=True))
        self.assert_refused(self.client(server, late), "certificate expired")
        self.assertRegex(server.wait_for_log("refused: "), "its certificate CN=late,O=Lab has expired on 20")

    def test_where_none_is_required_a_bad_one_counts_as_none(self):
        server = self.serve(authorities=self.authority.file)
        late = client_settings(self.authority.file, *self.authority.issue("late", "late", expired=True))
        self.assert_served(self.client(server, late))
        self.assertIn("It is served like one without a certificate", server.wait_for_log("CN=late,O=Lab has expired"))
        self.assert_served(self.client(server))
        self.assertIn("Warning: HMAC key not set. Anyone can connect to this server!", server.lines["stdout"])

    def test_a_directory_of_cas(self):
        authorities = self.path("cas")
        os.mkdir(authorities)
        os.link(self.authority.file, os.path.join(authorities, "lab.pem"))
        server = self.serve(authorities=authorities, requires=True)
        alice = client_settings(self.authority.file, *self.authority.issue("alice", "alice"))
        self.assert_served(self.client(server, alice))


class Refused(TlsCase):
    def test_a_client_that_does_not_know_the_ca(self):
        server = self.serve()
        other = Authority(self.directory, "Other CA")
        self.assert_refused(self.client(server, client_settings(other.file)), "certificate verify failed")
        self.assertIn("it does not trust the CA of our certificate CN=localhost,O=Lab",
                      server.wait_for_log("refused: "))

    def test_a_certificate_for_another_host(self):
        server = self.serve(certificate=self.authority.issue("elsewhere", hosts="DNS:ns.example"))
        self.assert_refused(self.client(server), "Hostname mismatch")
        self.assertIn("it does not accept our certificate", server.wait_for_log("refused: "))

    def test_an_expired_certificate(self):
        server = self.serve(certificate=self.authority.issue("old", expired=True))
        self.assertRegex(server.wait_for_log("has expired on"), "clients refuse it; put a valid one there and reload")
        self.assert_refused(self.client(server), "certificate has expired")
        self.assertIn("renew it", server.wait_for_log("refused: "))

    def test_a_client_without_tls_is_told_so(self):
        server = self.serve()
        self.assert_refused(self.client(server, {}), "rejected: this port speaks TLS: set PYRO_SSL")
        self.assertIn("it does not speak TLS", server.wait_for_log("refused: "))
        peer = Pyro5Peer(server.port)
        self.addCleanup(peer.close)
        peer.send(peer.connect_message())
        kind, _, _, reason = peer.receive()
        self.assertEqual(kind, 3)
        self.assertIn("PYRO_SSL", reason)
        self.assertEqual(peer.receive_to_end(), b"")

    def test_a_client_without_tls_but_with_a_key(self):
        server = self.serve(env={"PYRO_HMAC_KEY": "secret"})
        self.assert_refused(self.client(server, {"PYRO_HMAC_KEY": "secret"}), "this port speaks TLS")

    def test_a_client_with_tls_at_a_port_without_it(self):
        server = self.start_server()
        self.assert_refused(self.client(server), "wrong version number")
        self.assertIn("it speaks TLS, which this port does not", server.wait_for_log("refused: "))


class BothKinds(TlsCase):
    def second_uri(self, server, with_tls):
        words = "with TLS" if with_tls else "without TLS"
        line = next(line for line in server.lines["stdout"] if line.endswith(words))
        return "PYRO:Pyro.NameServer@%s" % re.match(r"NS running on (\S+) ", line).group(1)

    def test_a_port_with_tls_beside_one_without(self):
        certificate, key = self.authority.issue("server")
        server = self.start_server("--ssl-port", "0", "--ssl-servercert", certificate, "--ssl-serverkey", key)
        self.assert_served(self.client(server, {}))
        self.assert_served(self.client(server, uri=self.second_uri(server, True)))
        self.assert_refused(self.client(server, {}, uri=self.second_uri(server, True)), "this port speaks TLS")

    def test_a_port_without_tls_beside_one_with_it(self):
        server = self.serve("--plain-port", "0")
        self.assert_served(self.client(server))
        self.assert_served(self.client(server, {}, uri=self.second_uri(server, False)))
        self.assert_refused(self.client(server, uri=self.second_uri(server, False)), "wrong version number")


class Start(TlsCase):
    def test_what_is_wrong_with_the_files_is_said(self):
        certificate, key = self.authority.issue("server")
        _, other_key = self.authority.issue("other")
        secret = self.authority.issue("secret", passphrase="open sesame")
        for files, words in (((self.path("none"), key), "No such file"), ((key, key), "holds no certificate"),
                             ((certificate, certificate), "holds no private key"),
                             ((certificate, other_key), "does not belong to the certificate"),
                             (secret, "is encrypted: set its passphrase, PYRO_SSL_SERVERKEYPASSWD")):
            with self.subTest(words):
                status, _, trouble = support.run(
                    [support.required_path("HEARTHD"), "-p", "0", "-s", "memory", "--ssl", "--ssl-servercert", files[0],
                     "--ssl-serverkey", files[1]], self.directory)
                self.assertEqual(status, 1)
                self.assertRegex(trouble, "^hearthd: ")
                self.assertIn(words, trouble)
        status, _, trouble = support.run([support.required_path("HEARTHD"), "--ssl"], self.directory)
        self.assertEqual(status, 2)
        self.assertIn("needs a certificate: set ssl-servercert (PYRO_SSL_SERVERCERT)", trouble)

    def test_a_key_that_everybody_can_read(self):
        certificate, key = self.authority.issue("server")
        os.chmod(key, 0o644)
        server = self.serve(certificate=(certificate, key))
        self.assertIn("chmod o-r " + key, server.wait_for_log("can be read by every user"))
        server.stop()


class Reload(TlsCase):
    def setUp(self):
        super().setUp()
        self.files = self.authority.issue("server")

    def replace(self, certificate, key):
        for new, old in zip((certificate, key), self.files):
            os.replace(new, old)

    def reload(self, server, words):
        server.signal(signal.SIGHUP)
        return server.wait_for_log(words)

    def test_new_certificates_while_a_client_is_connected(self):
        server = self.serve(certificate=self.files)
        connected = self.client(server)
        self.assert_served(connected)
        other = Authority(self.directory, "Other CA")
        self.replace(*other.issue("new", "new"))
        self.assert_served(self.client(server))  # not yet
        self.reload(server, "TLS with the certificate CN=new,O=Lab")
        self.assert_served(connected)
        self.assert_served(self.client(server, client_settings(other.file)))
        self.assert_refused(self.client(server), "certificate verify failed")
        self.assert_served(connected)
        server.stop()

    def test_files_that_are_no_good_change_nothing(self):
        server = self.serve(certificate=self.files)
        os.replace(self.authority.issue("other")[1], self.files[1])
        line = self.reload(server, "settings not reloaded, the old ones stay: ")
        self.assertIn("does not belong to the certificate", line)
        self.assert_served(self.client(server))

    def test_a_certificate_that_has_expired_does_not_replace_one_that_has_not(self):
        server = self.serve(certificate=self.files)
        self.replace(*self.authority.issue("late", expired=True))
        self.assertIn("has expired on", self.reload(server, "settings not reloaded, the old ones stay: "))
        self.assert_served(self.client(server))


if __name__ == "__main__":
    support.main()
