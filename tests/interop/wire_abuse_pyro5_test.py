#!/usr/bin/python3
"""Broken clients of the Pyro5 dialect, against hearthd: the answers that PYRO.md section 2 names for it."""

import support
from pyro5_wire import (COMPRESSED, CORRELATION, EXCEPTION, JSON, KEEP_SERIALIZED, MARSHAL, MSGPACK,
                        SERPENT, Pyro5Peer,
                        dumps)
from raw_peer import (CONNECT, CONNECTFAIL, CONNECTOK, INVOKE, NO_SUCH_SERIALIZER, PING, RESULT, PeerCase,
                      Pyro4Peer)


class Pieces(PeerCase):
    def test_one_byte_at_a_time(self):
        peer = self.peer(Pyro5Peer)
        for message in (peer.connect_message(), peer.call_message(1, "count"),
                        peer.message(PING, b"ping", seq=2)):
            for byte in message:
                peer.send(bytes([byte]))
        self.assertEqual(peer.receive()[0], CONNECTOK)
        self.assertEqual(peer.receive()[::3], (RESULT, 1))
        self.assertEqual(peer.receive()[::3], (PING, b"pong"))

    def test_many_messages_in_one_segment(self):
        peer = self.peer(Pyro5Peer)
        peer.send(peer.connect_message() + b"".join(peer.call_message(seq, "count") for seq in range(1, 200)))
        self.assertEqual(peer.receive()[0], CONNECTOK)
        for seq in range(1, 200):
            kind, got_seq, _, value = peer.receive()
            self.assertEqual((kind, got_seq, value), (RESULT, seq, 1))

    def test_every_cut_in_two(self):
        peer = self.peer(Pyro5Peer).connect()
        message = peer.call_message(7, "count")
        for cut in range(1, len(message)):
            peer.send(message[:cut])
            self.ns.ping()  # a round trip in between, so that the cut is seen
            peer.send(message[cut:])
            self.assertEqual(peer.receive()[::3], (RESULT, 1))

    def test_half_a_message_and_then_nothing(self):
        for size in (3, 6, 39, 40, 50):
            peer = self.peer(Pyro5Peer)
            peer.send(peer.connect_message()[:size])
        self.assertEqual(self.peer(Pyro5Peer).connect().call("count"), 1)


class Faults(PeerCase):
    def test_ping_with_any_serializer_id(self):
        peer = self.peer(Pyro5Peer).connect()
        for serializer_id in (42, 0, 255):
            peer.send(peer.message(PING, b"\xff anything", seq=9, serializer_id=serializer_id))
            kind, seq, _, value = peer.receive()
            self.assertEqual((kind, seq, value), (PING, 9, b"pong"))

    def test_the_first_message_is_no_connect(self):
        for kind in (INVOKE, PING, RESULT, CONNECTOK, 77):
            peer = self.peer(Pyro5Peer)
            peer.send(peer.message(kind, b"ping", seq=5))
            self.assert_refused(peer, "invalid msg type %d received (expected: 1)" % kind)

    def test_a_bad_magic(self):
        peer = self.peer(Pyro5Peer)
        peer.send(peer.message(CONNECT, peer.connect_message()[40:], magic=0x4DC4))
        self.assert_refused(peer, "invalid message or protocol version")

    def test_a_version_that_nobody_speaks(self):
        texts = (b"invalid protocol version: 503", b"invalid data or unsupported protocol version")
        peer = self.peer(Pyro5Peer)
        peer.send(peer.message(CONNECT, peer.connect_message()[40:], version=503))
        answer = peer.receive_to_end()
        self.assertTrue(any(text in answer for text in texts), answer)

    def test_an_unknown_serializer_in_connect(self):
        for serializer_id in (NO_SUCH_SERIALIZER, 0, 5, 255):
            peer = self.peer(Pyro5Peer)
            peer.send(peer.connect_message(serializer_id))
            answer = peer.receive_to_end()  # a reason is welcome, the reference gives none
            if answer:
                self.assertEqual(answer[6], CONNECTFAIL)

    def test_an_unknown_object(self):
        for serializer_id in (SERPENT, MARSHAL, JSON, MSGPACK):
            peer = self.peer(Pyro5Peer, serializer_id)
            peer.send(peer.connect_message(target="nobody", seq=8))
            self.assert_refused(peer, "unknown object", seq=8)

    def test_a_connect_that_cannot_be_understood(self):
        for payload in (b"", b"garbage", b"\xff\xfe", dumps(SERPENT, None),
                        dumps(SERPENT, {"object": "Pyro.NameServer"}),
                        dumps(SERPENT, {"handshake": "hello"})):
            with self.subTest(payload=payload):
                peer = self.peer(Pyro5Peer)
                peer.send(peer.message(CONNECT, payload, seq=4))
                kind, seq, _, reason = peer.receive()
                self.assertEqual((kind, seq, type(reason)), (CONNECTFAIL, 4, str))
                self.assertEqual(peer.receive_to_end(), b"")

    def test_a_payload_that_cannot_be_decoded_leaves_the_connection_usable(self):
        garbage = {SERPENT: b"(((((", JSON: b'{"object":', MARSHAL: b"\xe9\xff\xff\xff\x7f",
                   MSGPACK: b"\xdd\xff\xff\xff\xff"}
        for serializer_id, start in garbage.items():
            peer = self.peer(Pyro5Peer, serializer_id).connect()
            for payload in (start, b"", b"\xc1", dumps(serializer_id, 5)):
                with self.subTest(serializer=serializer_id, payload=payload):
                    peer.send(peer.message(INVOKE, payload, seq=11))
                    kind, seq, flags, value = peer.receive()
                    self.assertEqual((kind, seq, flags & EXCEPTION), (RESULT, 11, EXCEPTION))
                    self.assertTrue(value["__exception__"])
                    self.assertEqual(peer.call("count"), 1)

    def test_a_call_marked_compressed_that_is_not(self):
        peer = self.peer(Pyro5Peer).connect()
        peer.send(peer.call_message(3, "count", flags=COMPRESSED))
        kind, seq, flags, _ = peer.receive()
        self.assertEqual((kind, seq, flags & EXCEPTION), (RESULT, 3, EXCEPTION))
        self.assertEqual(peer.call("count"), 1)

    def test_a_blob_to_pass_on_is_an_error(self):
        peer = self.peer(Pyro5Peer).connect()
        info = dumps(MARSHAL, ("info", "Pyro.NameServer", "register"))
        peer.send(peer.call_message(3, "count", flags=KEEP_SERIALIZED, annotations={"BLBI": info}))
        kind, seq, flags, _ = peer.receive()
        self.assertEqual((kind, seq, flags & EXCEPTION), (RESULT, 3, EXCEPTION))
        self.assertEqual(peer.call("count"), 1)

    def test_a_type_that_does_not_belong_after_the_handshake(self):
        for kind in (CONNECT, CONNECTOK, CONNECTFAIL, RESULT, 77):
            peer = self.peer(Pyro5Peer).connect()
            peer.send(peer.message(kind, peer.connect_message()[40:], seq=1))
            with self.assertRaises(EOFError):
                while True:  # a last word is allowed
                    self.assertNotEqual(peer.receive()[0], CONNECTOK)

    def test_the_dialect_cannot_change_on_a_connection(self):
        peer = self.peer(Pyro5Peer).connect()
        peer.send(self.peer(Pyro4Peer).call_message(1, "register", "x", "PYRO:o@h:1"))
        peer.finish_sending()
        peer.receive_to_end()
        self.assertEqual(self.ns.count(), 1)

    def test_annotations_that_lie_about_their_length(self):
        good = self.peer(Pyro5Peer).call_message(1, "count", annotations={"CORR": bytes(16)})
        for chunk_length in (b"\xff\xff\xff\xff", b"\0\0\0\x11", b"\x80\0\0\0"):
            peer = self.peer(Pyro5Peer).connect()
            peer.send(good[:44] + chunk_length + good[48:])
            peer.finish_sending()
            peer.receive_to_end()


class Correlation(PeerCase):
    def test_the_id_comes_back_on_results_and_on_exceptions(self):
        peer = self.peer(Pyro5Peer).connect()
        for number, method in enumerate(("count", "nosuchmethod", "count")):
            identifier = bytes([number + 1]) * 16
            peer.send(peer.call_message(number, method, flags=CORRELATION, correlation=identifier))
            _, _, flags, _ = peer.receive()
            self.assertEqual((flags & CORRELATION, peer.answered), (CORRELATION, identifier))


class Oversize(PeerCase):
    server_env = {"PYRO_MAX_MESSAGE_SIZE": "100000"}

    def test_a_message_over_the_limit_ends_the_connection(self):
        for kind in (CONNECT, INVOKE):
            for size in (100001, 0x7FFFFFFF, 0xFFFFFFFF):
                peer = self.peer(Pyro5Peer) if kind == CONNECT else self.peer(Pyro5Peer).connect()
                peer.send(peer.message(kind, data_size=size))
                peer.receive_to_end()

    def test_a_message_at_the_limit_is_served(self):
        peer = self.peer(Pyro5Peer).connect()
        payload = dumps(SERPENT, ("Pyro.NameServer", "count", (), {}))
        peer.send(peer.message(INVOKE, payload + b" " * (100000 - len(payload)), seq=2))
        self.assertEqual(peer.receive()[::3], (RESULT, 1))


if __name__ == "__main__":
    support.main()
