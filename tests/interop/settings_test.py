#!/usr/bin/python3
"""What the environment of the server changes for its clients: a shared key, the accepted serializers,
compression."""

import Pyro4
import Pyro4.errors
import Pyro4.message as wire
import Pyro4.util
import support
from raw_peer import CONNECTFAIL, CONNECTOK, MARSHAL, PING, Pyro4Peer

KEY = "a shared secret ☃"


class SharedKey(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(env={"PYRO_HMAC_KEY": KEY})

    def tearDown(self):
        with self.server.locate(hmac_key=KEY) as ns:  # whatever was tried, those with the key are served
            self.assertEqual(ns.count(), 1)
        self.server.stop()

    def assert_no_access(self, server, text, hmac_key):
        proxy = Pyro4.Proxy(server.uri)
        proxy._pyroHmacKey = hmac_key
        with self.assertRaises(Pyro4.errors.CommunicationError) as caught:
            proxy._pyroBind()
        self.assertIn(text, str(caught.exception))

    def test_the_right_key(self):
        for serializer in support.SERIALIZERS:
            with self.server.locate(serializer, hmac_key=KEY) as ns:
                ns.register("x", "PYRO:o@h:1", metadata=["t"])
                self.assertEqual(str(ns.lookup("x")), "PYRO:o@h:1")
                with self.assertRaises(Pyro4.errors.NamingError):
                    ns.lookup("unknown")
                self.assertEqual(ns.remove("x"), 1)

    def test_the_right_key_with_compression_annotations_and_batches(self):
        Pyro4.config.COMPRESSION = True
        self.addCleanup(setattr, Pyro4.config, "COMPRESSION", False)
        with self.server.locate(hmac_key=KEY) as ns:
            for number in range(3):
                Pyro4.current_context.annotations = {"ZZZZ": b"last", "AAAA": b"first", "MMMM": bytes(1000)}
                ns.register("x", "PYRO:o@h:1", metadata=["tag %d" % tag for tag in range(100)])
            self.assertEqual(len(ns.list("x", None, None, None, True)["x"][1]), 100)
            batch = Pyro4.batch(ns)
            batch.remove("x")
            batch.count()
            self.assertEqual(list(batch()), [1, 1])

    def test_locating_with_the_key(self):
        with Pyro4.locateNS("localhost", self.server.port, hmac_key=KEY) as ns:
            self.assertEqual(ns.count(), 1)
        with self.assertRaises(Pyro4.errors.NamingError):
            Pyro4.locateNS("localhost", self.server.port, hmac_key="wrong")

    def test_a_wrong_key(self):
        self.assert_no_access(self.server, "message hmac mismatch", "wrong")

    def test_no_key(self):
        self.assert_no_access(self.server, "hmac key config not symmetric", None)

    def test_a_key_that_the_server_does_not_have(self):
        open_server = self.start_server()
        self.assert_no_access(open_server, "hmac key config not symmetric", KEY)
        with open_server.locate() as ns:
            self.assertEqual(ns.count(), 1)
        open_server.stop()

    def peer(self):
        peer = Pyro4Peer(self.server.port)
        self.addCleanup(peer.close)
        return peer

    def signed(self, kind, payload, seq=0, flags=0, key=KEY):
        return wire.Message(kind, payload, 1, flags, seq, {"MINE": b"x"}, key.encode())

    def test_what_the_server_answers_to_those_without_the_key(self):
        payload = Pyro4Peer.dumps({"handshake": "hello", "object": "Pyro.NameServer"})
        unsigned = wire.Message(wire.MSG_CONNECT, payload, 1, 0, 5)
        for message, text in ((unsigned, "hmac key config not symmetric"),
                              (self.signed(wire.MSG_CONNECT, payload, 5, key="wrong"),
                               "message hmac mismatch")):
            peer = self.peer()
            peer.send(message.to_bytes())
            answer = wire.Message.recv(SocketReader(peer), hmac_key=KEY.encode())  # it is signed
            self.assertEqual((answer.type, answer.seq, answer.serializer_id), (CONNECTFAIL, 0, MARSHAL))
            self.assertEqual(Pyro4.util.get_serializer_by_id(MARSHAL).loads(answer.data), text)
            self.assertEqual(peer.receive_to_end(), b"")

    def test_a_forged_message_after_the_handshake_ends_the_connection(self):
        payload = Pyro4Peer.dumps({"handshake": "hello", "object": "Pyro.NameServer"})
        call = Pyro4Peer.dumps(("Pyro.NameServer", "register", ("forged", "PYRO:o@h:1"), {}))
        for forged in (wire.Message(wire.MSG_INVOKE, call, 1, 0, 1),
                       self.signed(wire.MSG_INVOKE, call, 1, key="wrong")):
            peer = self.peer()
            peer.send(self.signed(wire.MSG_CONNECT, payload).to_bytes())
            self.assertEqual(wire.Message.recv(SocketReader(peer), hmac_key=KEY.encode()).type, CONNECTOK)
            peer.send(self.signed(PING, b"ping", 3).to_bytes())
            self.assertEqual(wire.Message.recv(SocketReader(peer), hmac_key=KEY.encode()).data, b"pong")
            peer.send(forged.to_bytes())
            peer.receive_to_end()


class SocketReader:
    """As much of a Pyro4 connection as its message class needs."""

    def __init__(self, peer):
        self.recv = peer.receive_bytes


class Serializers(support.DirectoryCase):
    def test_only_those_that_are_accepted(self):
        for accepted in ("json", "marshal,msgpack", "serpent"):
            server = self.start_server(env={"PYRO_SERIALIZERS_ACCEPTED": accepted})
            for serializer in support.SERIALIZERS:
                proxy = Pyro4.Proxy(server.uri)
                proxy._pyroSerializer = serializer
                if serializer in accepted.split(","):
                    with proxy:
                        self.assertEqual(proxy.count(), 1)
                    continue
                with self.assertRaises(Pyro4.errors.CommunicationError) as caught:
                    proxy._pyroBind()
                number = Pyro4.util.get_serializer(serializer).serializer_id
                self.assertIn("message used serializer that is not accepted: %d" % number,
                              str(caught.exception))
            server.stop()


class Compression(support.DirectoryCase):
    def list_reply_flags(self, server):
        peer = Pyro4Peer(server.port)
        self.addCleanup(peer.close)
        peer.connect()
        peer.send(peer.call_message(1, "register", "x", "PYRO:o@h:1", False,
                                    ["the same tag %d" % n for n in range(200)]))
        peer.receive()
        peer.send(peer.call_message(2, "list", "x", None, None, None, True))
        _, _, flags, value = peer.receive()
        self.assertEqual(len(value["x"][1]), 200)
        peer.send(peer.call_message(3, "count"))
        self.assertEqual(peer.receive()[2:], (0, 2))  # too small to be worth it
        return flags

    def test_long_replies_are_compressed_when_the_server_is_told_so(self):
        for setting, flags in (("1", wire.FLAGS_COMPRESSED), ("true", wire.FLAGS_COMPRESSED), ("0", 0),
                               (None, 0)):
            server = self.start_server(env={"PYRO_COMPRESSION": setting})
            self.assertEqual(self.list_reply_flags(server), flags, setting)
            server.stop()


if __name__ == "__main__":
    support.main()
