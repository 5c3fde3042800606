#!/usr/bin/python3
"""What the reference gets wrong and hearthd does right (the list in PYRO.md section 4), seen by real
Pyro4 clients."""

import zlib

import Pyro4
import Pyro4.errors
import Pyro4.message as wire
import support
from raw_peer import INVOKE, RESULT, PeerCase

TAGS = ["class:Pyro4.naming.NameServer"]


class Answers(PeerCase):
    def tearDown(self):
        self.ns.remove(regex=".*")
        super().tearDown()

    def test_marshal_carries_a_lookup_with_metadata(self):
        ns = self.locate("marshal")
        ns.register("x", "PYRO:o@h:1", metadata={"t"})
        self.assertEqual(ns.lookup("x", return_metadata=True), (Pyro4.URI("PYRO:o@h:1"), ["t"]))
        self.assertEqual(ns.lookup("Pyro.NameServer", True), (self.server.uri, TAGS))

    def test_lone_surrogates_are_refused(self):
        for serializer in ("serpent", "marshal"):
            ns = self.locate(serializer)
            for arguments in (("a\ud800", "PYRO:o@h:1"), ("a", "PYRO:o\udfff@h:1"),
                              ("a", "PYRO:o@h:1", False, ["t\udc80"])):
                with self.subTest(serializer=serializer, arguments=ascii(arguments)):
                    with self.assertRaises(ValueError):
                        ns.register(*arguments)
            self.assertEqual(ns.count(), 1)
            self.assertIsNone(ns.register("a😀", "PYRO:o@h:1"))  # a pair of them is a character
            ns.remove("a😀")

    def test_what_cannot_be_decoded_is_answered_with_what_clients_can_decode(self):
        peer = self.peer().connect()
        good = peer.dumps(("Pyro.NameServer", "count", (), {}))
        for payload, flags in ((b"\xff" * 50, 0), (good, wire.FLAGS_COMPRESSED),
                               (b"x\x9c garbage", wire.FLAGS_COMPRESSED)):
            peer.send(peer.message(INVOKE, payload, flags=flags, seq=11))
            kind, seq, got_flags, value = peer.receive()
            self.assertEqual((kind, seq, got_flags), (RESULT, 11, wire.FLAGS_EXCEPTION))
            self.assertIsInstance(value, Exception)

    def test_a_pattern_that_explodes_costs_only_its_caller(self):
        self.ns.register("a" * 60 + "!", "PYRO:o@h:1")
        for pattern in ("(a+)+$", "(a|a)*$", "(a|aa)+$"):
            with self.assertRaises(Pyro4.errors.NamingError):
                self.ns.list(regex=pattern)
            with self.assertRaises(Pyro4.errors.NamingError):
                self.ns.remove(regex=pattern)
            self.assertEqual(self.ns.count(), 2)

    def test_a_small_compressed_message_cannot_become_a_huge_one(self):
        peer = self.peer().connect()
        bomb = zlib.compress(b"[" + b"0," * (100 << 20), 9)
        peer.send(peer.message(INVOKE, bomb, flags=wire.FLAGS_COMPRESSED, seq=5))
        peer.finish_sending()
        answer = peer.receive_to_end()
        if answer:  # a reason is welcome
            self.assertEqual(wire.Message.from_header(answer[:24]).flags & wire.FLAGS_EXCEPTION,
                             wire.FLAGS_EXCEPTION)

    def test_deep_nesting_is_refused(self):
        for serializer_id, nested in ((1, b"# serpent utf-8 python3.2\n" + b"[" * 50000 + b"]" * 50000),
                                      (2, b"[" * 50000 + b"]" * 50000), (3, b"[\1\0\0\0" * 50000 + b"N"),
                                      (6, b"\x91" * 50000 + b"\xc0")):
            peer = self.peer()
            peer.send(peer.connect_message())
            peer.receive()
            peer.send(peer.message(INVOKE, nested, serializer_id=serializer_id, seq=1))
            self.assertEqual(peer.receive_undecoded()[:3], (RESULT, 1, wire.FLAGS_EXCEPTION))


class SqlSearches(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(storage="sql:" + self.path("names.db"))
        self.ns = self.locate(self.server)
        for name in ("test_1", "testX1", "TEST_2", "100%", "1000"):
            self.ns.register(name, "PYRO:o@h:1", metadata=["a", "b"] if name == "1000" else ["a"])

    def tearDown(self):
        self.ns._pyroRelease()
        self.server.stop()

    def test_a_prefix_is_a_prefix(self):
        for prefix, names in (("test_", ["test_1"]), ("TEST", ["TEST_2"]), ("100%", ["100%"]), ("%", []),
                              ("_", []),
                              ("10", ["100%", "1000"])):
            self.assertEqual(sorted(self.ns.list(prefix=prefix)), sorted(names), prefix)

    def test_remove_takes_only_what_has_the_prefix(self):
        self.assertEqual(self.ns.remove(prefix="test_"), 1)
        self.assertEqual(sorted(self.ns.list()), ["100%", "1000", "Pyro.NameServer", "TEST_2", "testX1"])

    def test_a_tag_given_twice_counts_once(self):
        self.assertEqual(sorted(self.ns.list(metadata_all=["b", "b"])), ["1000"])


if __name__ == "__main__":
    support.main()
