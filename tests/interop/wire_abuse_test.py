#!/usr/bin/python3
"""Clients that cut, glue, garble or abandon what they send: each gets the answer that the real Pyro4
gives, and nobody else notices. The Pyro5 dialect's part is in wire_abuse_pyro5_test.py."""

import struct

import Pyro4.message as wire
import support
from raw_peer import (CONNECT, CONNECTFAIL, CONNECTOK, INVOKE, NO_SUCH_SERIALIZER, PING, RESULT, PeerCase,
                      Pyro4Peer, RawPeer)

NO_SERIALIZER = "message used serializer that is not accepted: %d"


class Pieces(PeerCase):
    def test_one_byte_at_a_time(self):
        peer = self.peer()
        for message in (peer.connect_message(), peer.call_message(1, "count"),
                        peer.message(PING, b"ping", seq=2)):
            for byte in message:
                peer.send(bytes([byte]))
        self.assertEqual(peer.receive()[0], CONNECTOK)
        self.assertEqual(peer.receive(), (RESULT, 1, 0, 1))
        self.assertEqual(peer.receive(), (PING, 2, 0, b"pong"))

    def test_many_messages_in_one_segment(self):
        peer = self.peer()
        calls = [peer.call_message(seq, "lookup", "Pyro.NameServer") for seq in range(1, 200)]
        peer.send(peer.connect_message() + b"".join(calls))
        self.assertEqual(peer.receive()[0], CONNECTOK)
        for seq in range(1, 200):
            self.assertEqual(peer.receive(), (RESULT, seq, 0, self.server.uri))

    def test_every_cut_in_two(self):
        peer = self.peer().connect()
        message = peer.call_message(7, "count")
        for cut in range(1, len(message)):
            peer.send(message[:cut])
            with self.server.locate() as other:  # a round trip in between, so that the cut is seen
                other.ping()
            peer.send(message[cut:])
            self.assertEqual(peer.receive(), (RESULT, 7, 0, 1))

    def test_calls_of_one_connection_take_effect_in_order(self):
        peer = self.peer().connect()
        peer.send(b"".join([peer.call_message(1, "register", "x", "PYRO:o@h:1"),
                            peer.call_message(2, "lookup", "x"),
                            peer.call_message(3, "remove", "x"), peer.call_message(4, "count")]))
        self.assertEqual([str(peer.receive()[3]) for _ in range(4)], ["None", "PYRO:o@h:1", "1", "1"])

    def test_half_a_message_and_then_nothing(self):
        halves = [self.peer() for _ in range(8)]
        for number, peer in enumerate(halves):
            if number % 2:
                peer.connect()
            message = peer.call_message(1, "count") if number % 2 else peer.connect_message()
            peer.send(message[:(10, 24, 30, len(message) - 1)[number // 2]])
        for _ in range(5):
            self.assertEqual(self.peer().connect().call(1, "count"), 1)

    def test_a_client_that_never_reads(self):
        self.ns.register("big", "PYRO:o@h:1", metadata=["%020d" % number for number in range(9000)])
        peer = self.peer().connect()
        call = Pyro4Peer.call_message(peer, 1, "list", "", None, None, None, True)
        try:
            peer.socket.settimeout(0.5)  # the server may stop reading, or drop us: then enough is sent
            for _ in range(2000):
                peer.send(call)
        except OSError:
            pass
        self.assertEqual(self.ns.count(), 2)
        peer.close()
        self.ns.remove("big")

    def test_a_client_that_leaves_without_reading(self):
        for _ in range(20):
            peer = self.peer().connect()
            peer.send(peer.call_message(1, "list") * 50)
            peer.close()

    def test_a_write_whose_client_has_gone_still_counts(self):
        for number in range(10):
            peer = self.peer().connect()
            peer.send(peer.call_message(1, "register", "x", "PYRO:o@h:%d" % number))
            peer.close()
            uri = "PYRO:o@h:%d" % number
            self.assertTrue(support.wait_until(lambda: self.ns.list(prefix="x").get("x") == uri))
        self.ns.remove("x")

    def test_a_client_that_leaves_in_the_middle_of_a_message(self):
        for size in (1, 23, 24, 40):
            peer = self.peer().connect()
            peer.send(peer.call_message(1, "register", "x", "PYRO:o@h:1")[:size])
            peer.close()


class Faults(PeerCase):
    def test_ping_with_any_serializer_id(self):
        peer = self.peer().connect()
        for serializer_id in (42, 0, 4, 65535):
            peer.send(peer.message(PING, b"\xff anything", seq=9, serializer_id=serializer_id))
            self.assertEqual(peer.receive(), (PING, 9, 0, b"pong"))

    def test_the_first_message_is_no_connect(self):
        for kind in (INVOKE, PING, RESULT, CONNECTOK, 77):
            peer = self.peer()
            peer.send(peer.message(kind, b"ping", seq=5))
            self.assert_refused(peer, "invalid msg type %d received" % kind)

    def test_a_bad_checksum(self):
        peer = self.peer()
        message = bytearray(peer.connect_message())
        message[22:24] = struct.pack("!H", struct.unpack("!H", message[22:24])[0] ^ 1)
        peer.send(bytes(message))
        self.assert_refused(peer, "header checksum mismatch")

    def test_serializers_that_are_not_accepted(self):
        for serializer_id in (NO_SUCH_SERIALIZER, 0, 4, 5, 7, 65535):
            peer = self.peer()
            peer.send(peer.connect_message(serializer_id, seq=3))
            self.assert_refused(peer, NO_SERIALIZER % serializer_id, seq=3)

    def test_an_unknown_object(self):
        peer = self.peer()
        peer.send(peer.message(CONNECT, peer.dumps({"handshake": "hello", "object": "nobody"}),
                               flags=wire.FLAGS_META_ON_CONNECT, seq=8))
        self.assert_refused(peer, "unknown object", seq=8)

    def test_without_metadata_on_connect_the_object_may_be_anything(self):
        for value in ({"handshake": "hello", "object": "nobody"}, {"handshake": "hello"}):
            peer = self.peer()
            peer.send(peer.message(CONNECT, peer.dumps(value), seq=2))
            self.assertEqual(peer.receive(), (CONNECTOK, 2, 0, "hello"))

    def test_a_connect_that_cannot_be_understood(self):
        for payload in (b"", b"garbage", b"# serpent utf-8 python3.2\n[", b"\xff\xfe", Pyro4Peer.dumps(None),
                        Pyro4Peer.dumps({"object": "Pyro.NameServer"}), Pyro4Peer.dumps([1, 2])):
            with self.subTest(payload=payload):
                peer = self.peer()
                peer.send(peer.message(CONNECT, payload, flags=wire.FLAGS_META_ON_CONNECT, seq=4))
                kind, seq, _, reason = peer.receive()
                self.assertEqual((kind, seq, type(reason)), (CONNECTFAIL, 4, str))
                self.assertEqual(peer.receive_to_end(), b"")

    def test_a_refused_serializer_after_the_handshake(self):
        peer = self.peer().connect()
        peer.send(peer.call_message(6, "count", serializer_id=4))
        kind, seq, flags, payload = peer.receive_undecoded()
        self.assertEqual((kind, seq, flags), (RESULT, 6, wire.FLAGS_EXCEPTION))
        self.assertIn(b"SerializeError", payload)
        self.assertIn(NO_SERIALIZER.encode() % 4, payload)
        self.assertEqual(peer.receive_to_end(), b"")

    def test_a_payload_that_cannot_be_decoded_leaves_the_connection_usable(self):
        peer = self.peer().connect()
        for payload in (b"", b"garbage", b"# serpent utf-8 python3.2\n(", b"(" * 100000, b"\xff" * 50,
                        peer.dumps(5),
                        peer.dumps(("Pyro.NameServer", "count")),
                        peer.dumps(("Pyro.NameServer", "count", 1, 2, 3))):
            with self.subTest(payload=payload[:40]):
                peer.send(peer.message(INVOKE, payload, seq=11))
                self.assertEqual(peer.receive_undecoded()[:3], (RESULT, 11, wire.FLAGS_EXCEPTION))
                self.assertEqual(peer.call(12, "count"), 1)

    def test_a_call_marked_compressed_that_is_not(self):
        peer = self.peer().connect()
        peer.send(peer.call_message(3, "count", flags=wire.FLAGS_COMPRESSED))
        self.assertEqual(peer.receive_undecoded()[:3], (RESULT, 3, wire.FLAGS_EXCEPTION))
        self.assertEqual(peer.call(4, "count"), 1)

    def test_a_type_that_does_not_belong_after_the_handshake(self):
        for kind in (CONNECT, CONNECTOK, CONNECTFAIL, RESULT, 77):
            peer = self.peer().connect()
            peer.send(peer.message(kind, peer.dumps({"handshake": "hello", "object": "Pyro.NameServer"}),
                                   seq=1))
            with self.assertRaises(EOFError):
                while True:  # a last word is allowed
                    self.assertNotEqual(peer.receive()[0], CONNECTOK)

    def test_annotations_that_lie_about_their_length(self):
        for chunks in (b"CORR\xff\xff" + b"x" * 16, b"COR", b"CORR\x00\x10short",
                       b"\x00\x01\x02\x03\x00\x00"):
            peer = self.peer().connect()
            payload = peer.dumps(("Pyro.NameServer", "count", (), {}))
            checksum = (INVOKE + 48 + len(payload) + len(chunks) + 1 + 1 + 0x34E9) & 0xFFFF
            peer.send(struct.pack("!4sHHHHiHHHH", b"PYRO", 48, INVOKE, 0, 1, len(payload), 1, len(chunks),
                                  0, checksum)
                      + chunks + payload)
            peer.finish_sending()  # whatever the answer is, it comes to an end
            peer.receive_to_end()


class Oversize(PeerCase):
    server_env = {"PYRO_MAX_MESSAGE_SIZE": "100000"}

    def test_a_message_over_the_limit_ends_the_connection(self):
        for peer, kind in ((self.peer(), CONNECT), (self.peer().connect(), INVOKE)):
            size = 100001
            checksum = (kind + 48 + size + 1 + 0x34E9) & 0xFFFF
            peer.send(struct.pack("!4sHHHHiHHHH", b"PYRO", 48, kind, 0, 0, size, 1, 0, 0, checksum))
            peer.receive_to_end()

    def test_a_negative_length_ends_the_connection(self):
        peer = self.peer().connect()
        peer.send(struct.pack("!4sHHHHiHHHH", b"PYRO", 48, INVOKE, 0, 0, -1, 1, 0, 0,
                              (INVOKE + 48 - 1 + 1 + 0x34E9) & 0xFFFF))
        peer.receive_to_end()

    def test_a_message_at_the_limit_is_served(self):
        peer = self.peer().connect()
        payload = peer.dumps(("Pyro.NameServer", "count", (), {}))
        peer.send(peer.message(INVOKE, payload + b" " * (100000 - len(payload)), seq=2))
        self.assertEqual(peer.receive(), (RESULT, 2, 0, 1))


class Strangers(PeerCase):
    def test_a_bad_tag_or_version(self):
        texts = ("invalid data or unsupported protocol version", "invalid data",
                 "invalid protocol version: 47")
        good = self.peer().connect_message()
        for first_bytes in (b"XYRO" + good[4:], b"PYRO\0\x2f" + good[6:], b"pyro" + good[4:]):
            peer = self.peer(RawPeer)
            peer.send(first_bytes)
            answer = peer.receive_to_end()
            self.assertTrue(any(text.encode() in answer for text in texts), answer)

    def test_an_http_request(self):
        peer = self.peer(RawPeer)
        peer.send(b"GET /status HTTP/1.1\r\nHost: localhost\r\nUser-Agent: somebody lost\r\n\r\n")
        peer.receive_to_end()

    def test_noise(self):
        for noise in (b"\0" * 4000, b"\xff" * 4000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
                      b"PYRO" * 500):
            peer = self.peer(RawPeer)
            peer.send(noise)
            peer.receive_to_end()


if __name__ == "__main__":
    support.main()
