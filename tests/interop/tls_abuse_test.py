#!/usr/bin/python3
"""Broken, slow and hostile TLS clients: each costs only itself, and the others are served meanwhile."""

import os
import resource
import ssl
import subprocess

import support
from pyro5_wire import Pyro5Peer
from raw_peer import RawPeer
from tls_case import TlsCase

SILENT = 200


class TlsPeer(Pyro5Peer):
    """A client of the Pyro5 dialect whose TLS is done by hand, so that its bytes can be held back."""

    def __init__(self, port, context):
        super().__init__(port)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")

    def shake_hands(self, send=None):
        """`send` sends the bytes in a way of its own."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                (send or self.socket.sendall)(self.outgoing.read())
                self.feed()
                continue
            (send or self.socket.sendall)(self.outgoing.read())
            return self

    def feed(self):
        data = self.socket.recv(65536)
        self.incoming.write(data) if data else self.incoming.write_eof()

    def send(self, data):
        self.tls.write(data)
        self.socket.sendall(self.outgoing.read())

    def receive_bytes(self, size):
        data = b""
        while len(data) < size:
            try:
                data += self.tls.read(size - len(data))
            except ssl.SSLWantReadError:
                self.feed()
        return data

    def say_goodbye(self):
        """close_notify, without waiting for the other side's."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            self.socket.sendall(self.outgoing.read())

    def sees_goodbye(self):
        while True:
            try:
                return self.tls.read(1) == b""
            except ssl.SSLWantReadError:
                self.feed()
            except ssl.SSLZeroReturnError:
                return True


class AbuseCase(TlsCase):
    options = ()

    def setUp(self):
        super().setUp()
        self.server = self.serve(*self.options)
        self.friend = self.client(self.server)
        self.assert_served(self.friend)

    def tearDown(self):
        self.assert_served(self.friend)  # who was connected before
        self.assert_served(self.client(self.server))
        self.server.stop()

    def peer(self, **changes):
        peer = TlsPeer(self.server.port, self.context(**changes))
        self.addCleanup(peer.close)
        return peer

    def raw_peer(self):
        peer = RawPeer(self.server.port)
        self.addCleanup(peer.close)
        return peer


class Slow(AbuseCase):
    def test_a_handshake_byte_by_byte(self):
        peer = self.peer()

        def drip(data):
            for byte in data:
                peer.socket.sendall(bytes([byte]))
        peer.shake_hands(drip)
        peer.connect()
        self.assertEqual(peer.call("count"), 1)

    def test_silent_ones_beside_one_that_works(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        silent = [self.raw_peer() for _ in range(SILENT)]
        begun = [self.peer() for _ in range(SILENT // 4)]
        for number, peer in enumerate(begun):
            try:
                peer.tls.do_handshake()
            except ssl.SSLWantReadError:
                peer.socket.sendall(peer.outgoing.read()[:number * 5 + 1])
        for number in range(20):
            self.assertEqual(self.friend.call("register", "n", "PYRO:o@h:%d" % (number + 1)), "= None")
            self.assertEqual(self.friend.call("lookup", "n"), "= PYRO:o@h:%d" % (number + 1))
        newcomer = self.client(self.server)
        self.assertEqual(newcomer.call("remove", "n"), "= 1")
        self.assertEqual(len(silent), SILENT)

    def test_one_that_never_reads(self):
        peer = self.peer().shake_hands()
        peer.connect()
        self.assertEqual(self.friend.call("register", "n", "PYRO:%s@h:1" % ("o" * 1000000)), "= None")
        for number in range(40):
            peer.send(peer.call_message(number, "list"))
        for _ in range(3):
            self.assertEqual(self.friend.call("lookup", "Pyro.NameServer"), "= %s" % self.server.uri)
        peer.close()
        self.assertEqual(self.friend.call("remove", "n"), "= 1")


class Deadline(AbuseCase):
    options = ("--limit", "handshake-timeout-ms=1500")

    def test_a_handshake_that_stands_still_is_dropped(self):
        silent, stalled, shaken = self.raw_peer(), self.peer(), self.peer().shake_hands()
        try:
            stalled.tls.do_handshake()
        except ssl.SSLWantReadError:
            stalled.socket.sendall(stalled.outgoing.read()[:100])
        self.assertEqual(silent.receive_to_end(), b"")
        self.assertEqual(stalled.receive_to_end(), b"")
        shaken.receive_to_end()  # TLS alone is no handshake of Pyro's
        self.assertIn("no handshake within 1500 ms", self.server.wait_for_log("dropped: "))


class Goodbye(AbuseCase):
    def test_who_says_goodbye_still_gets_his_answer(self):
        peer = self.peer().shake_hands()
        peer.connect()
        peer.send(peer.call_message(7, "count"))
        peer.say_goodbye()
        self.assertEqual(peer.receive()[1:2], (7,))
        self.assertTrue(peer.sees_goodbye())

    def test_the_server_says_goodbye_after_its_last_words(self):
        peer = self.peer().shake_hands()
        peer.send(b"this is not the protocol you are looking for, not at all")
        self.assertEqual(peer.receive()[0], 3)  # CONNECTFAIL
        self.assertTrue(peer.sees_goodbye())


class Broken(AbuseCase):
    def test_bytes_that_are_no_tls(self):
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x16", b"\x16\x03", b"\x16\x03\x01\xff\xff" + bytes(1000), os.urandom(3000),
                     b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\x15\x03\x03\x00\x02\x01\x00" * 100,
                     b"\x16\x03\x01\x40\x00\x01\x01\xff\xff" + bytes(16380) + (b"\x16\x03\x01\x40\x00" + bytes(16384)) * 8):
            with self.subTest(data[:20]):
                peer = self.raw_peer()
                try:
                    peer.send(data)
                except ConnectionError:
                    pass  # it has heard enough
                peer.finish_sending()
                peer.receive_to_end()

    def test_bytes_that_are_changed_on_the_way(self):
        peer = self.peer().shake_hands()
        peer.connect()
        peer.tls.write(peer.call_message(1, "remove", "Pyro.NameServer"))
        data = bytearray(peer.outgoing.read())
        data[-1] ^= 1
        peer.socket.sendall(data)
        with self.assertRaises(ssl.SSLError) as caught:
            peer.receive_bytes(1)
        self.assertIn("bad record mac", str(caught.exception))
        self.assertIn("broke the rules of TLS", self.server.wait_for_log("refused: "))

    def test_versions_that_are_not_safe_any_more(self):
        done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % self.server.port, "-tls1_1", "-cipher",
                               "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                              timeout=support.SAFETY_S, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("alert protocol version", done.stderr)

    def test_renegotiation(self):
        done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % self.server.port, "-tls1_2"],
                              input="R\n", capture_output=True, encoding="utf-8", timeout=support.SAFETY_S, check=False)
        self.assertIn("RENEGOTIATING", done.stdout + done.stderr)
        self.assertIn("no renegotiation", done.stderr)

    def test_new_keys_again_and_again(self):
        asking = "K\n" * 50 + "Q\n"
        done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % self.server.port, "-tls1_3"],
                              input=asking, capture_output=True, encoding="utf-8", timeout=support.SAFETY_S, check=False)
        self.assertIn("KEYUPDATE", done.stdout + done.stderr)


if __name__ == "__main__":
    support.main()
