#!/usr/bin/python3
"""A real Pyro4 client and a client of the Pyro5 dialect on one port of hearthd: each sees what the other
registers, in its own types and with its own methods."""

import Pyro4.errors
import support
from pyro5_wire import (BATCH, EXCEPTION, JSON, MARSHAL, MSGPACK, ONEWAY, SERPENT, Pyro5Peer, RemoteError,
                        uri_text)
from raw_peer import PeerCase

TAG4, TAG5 = "class:Pyro4.naming.NameServer", "class:Pyro5.nameserver.NameServer"
METHODS5 = ["count", "list", "lookup", "ping", "register", "remove", "set_metadata", "yplookup"]


class DialectCase(PeerCase):
    def setUp(self):
        super().setUp()
        self.ns5 = self.peer(Pyro5Peer).connect()

    def tearDown(self):
        self.ns.remove(regex=".*")
        super().tearDown()

    def assert_remote_error(self, kind, text, method, *arguments, **keywords):
        with self.assertRaises(RemoteError) as caught:
            self.ns5.call(method, *arguments, **keywords)
        self.assertEqual((caught.exception.kind, str(caught.exception)), (kind, text))
        self.assertEqual({type(line) for line in caught.exception.traceback}, {str})


class SeeEachOther(DialectCase):
    def test_pyro5_sees_what_pyro4_registers(self):
        self.ns.register("four", "PYRO:o@h:4", metadata=["a", "b"])
        self.ns.register("bare", "PYRO:o@h:5")
        self.assertEqual(uri_text(self.ns5.call("lookup", "four")), "PYRO:o@h:4")
        uri, tags = self.ns5.call("lookup", "four", return_metadata=True)
        self.assertEqual((uri_text(uri), tags), ("PYRO:o@h:4", {"a", "b"}))
        self.assertEqual(self.ns5.call("lookup", "bare", True)[1], ())  # an empty set, as serpent spells it
        self.assertEqual(self.ns5.call("list", "", None, True),
                         {"Pyro.NameServer": (str(self.server.uri), {TAG5}),
                          "four": ("PYRO:o@h:4", {"a", "b"}),
                          "bare": ("PYRO:o@h:5", ())})

    def test_pyro4_sees_what_pyro5_registers(self):
        self.ns5.call("register", "five", "PYRO:o@h:5", False, {"a", "b"})
        self.ns5.call("register", "object",
                      {"__class__": "Pyro5.core.URI", "state": ("PYRO", "o", None, "h", 6)})
        uri, tags = self.ns.lookup("five", return_metadata=True)
        self.assertEqual((str(uri), type(tags), sorted(tags)), ("PYRO:o@h:5", list, ["a", "b"]))
        self.assertEqual(self.ns.list("object", None, None, None, True), {"object": ("PYRO:o@h:6", [])})

    def test_they_overwrite_each_other(self):
        self.ns.register("x", "PYRO:o@h:4", metadata=["four"])
        self.assert_remote_error("Pyro5.errors.NamingError", "name already registered: x", "register", "x",
                                 "PYRO:o@h:5", True)
        self.ns5.call("register", "x", "PYRO:o@h:5")
        self.assert_raises_text(Pyro4.errors.NamingError, "name already registered: x",
                                self.ns.register, "x", "PYRO:o@h:4", True)
        self.ns5.call("set_metadata", "x", ["five"])
        self.assertEqual(self.ns.lookup("x", True), (Pyro4.URI("PYRO:o@h:5"), ["five"]))
        self.assertEqual(self.ns5.call("remove", "x"), 1)
        self.assertEqual(self.ns.count(), 1)

    def test_each_finds_its_own_tag_on_the_name_server(self):
        own = {"Pyro.NameServer": str(self.server.uri)}
        self.assertEqual(self.ns.list(metadata_all=[TAG4]), own)
        self.assertIn(TAG4, self.ns.lookup("Pyro.NameServer", True)[1])
        self.assertEqual(self.ns5.call("yplookup", [TAG5], None, False), own)
        self.assertIn(TAG5, self.ns5.call("lookup", "Pyro.NameServer", True)[1])


class Differences(DialectCase):
    def test_each_has_its_own_methods(self):
        self.assertEqual({which: sorted(names) for which, names in self.ns5.metadata.items()},
                         {"methods": METHODS5, "oneway": [], "attrs": []})
        self.assertEqual((type(self.ns5.metadata["methods"]), self.ns5.metadata["oneway"]), (set, ()))
        self.assertEqual(self.ns5.call("get_metadata", "Pyro.NameServer", target="Pyro.Daemon"),
                         self.ns5.metadata)
        self.assertNotIn("yplookup", self.ns._pyroMethods)
        self.assert_raises_text(AttributeError, "'NameServer' object has no attribute 'yplookup'",
                                self.ns._pyroInvoke, "yplookup", (["t"],), {})

    def test_the_third_parameter_of_list(self):
        self.ns.register("x", "PYRO:o@h:1", metadata=["t"])
        self.assertEqual(self.ns.list(None, None, ["t"]), {"x": "PYRO:o@h:1"})
        self.assertEqual(self.ns5.call("list", "x", None, True), {"x": ("PYRO:o@h:1", {"t"})})
        self.assertEqual(self.ns5.call("list", "x", None, False), {"x": "PYRO:o@h:1"})
        self.assert_remote_error("builtins.TypeError",
                                 "NameServer.list() got an unexpected keyword argument 'metadata_all'",
                                 "list", metadata_all=["t"])
        self.assert_remote_error("builtins.TypeError",
                                 "NameServer.list() takes from 1 to 4 positional arguments but 5 were given",
                                 "list", 1, 2, 3, 4)

    def test_yplookup(self):
        self.ns.register("x", "PYRO:o@h:1", metadata=["a", "b"])
        self.ns.register("y", "PYRO:o@h:2", metadata=["a"])
        both = {"x": ("PYRO:o@h:1", {"a", "b"}), "y": ("PYRO:o@h:2", {"a"})}
        self.assertEqual(self.ns5.call("yplookup", ["a"]), both)
        self.assertEqual(self.ns5.call("yplookup", meta_any={"b", "a", "c"}), both)
        self.assertEqual(self.ns5.call("yplookup", meta_all=("a", "b"), return_metadata=False),
                         {"x": "PYRO:o@h:1"})
        self.assertEqual(self.ns5.call("yplookup", None, ["b"], False), {"x": "PYRO:o@h:1"})
        for nothing in ((), ([],), (None, [])):
            self.assertEqual(self.ns5.call("yplookup", *nothing), {})
        self.assert_remote_error("builtins.ValueError", "you can't use meta_all or meta_any at the same time",
                                 "yplookup", ["a"], ["b"])
        for which in ("all", "any"):
            text = "metadata_%s should not be a str, but another iterable (set, list, etc)" % which
            self.assert_remote_error("builtins.TypeError", text, "yplookup", **{"meta_" + which: "a"})

    def test_errors_have_the_names_of_pyro5(self):
        self.assert_remote_error("Pyro5.errors.NamingError", "unknown name: x", "lookup", "x")
        self.assert_remote_error("Pyro5.errors.PyroError", "invalid uri", "register", "x", "nonsense")
        self.assert_remote_error("builtins.TypeError", "name must be a str", "register", 1, "PYRO:o@h:1")
        self.assert_remote_error("Pyro5.errors.DaemonError", "unknown object", "ping", target="nobody")
        self.assert_remote_error("builtins.ValueError", "you can only filter on one thing at a time",
                                 "list", "a", "b")
        self.assert_remote_error("builtins.AttributeError", "attempt to access private attribute '_x'", "_x")
        self.assert_remote_error("builtins.AttributeError", "'NameServer' object has no attribute 'x'", "x")

    def test_corners_where_pyro5_differs(self):
        self.ns.register("x", "PYRO:o@h:1")
        self.assert_remote_error("builtins.TypeError", "'int' object is not iterable", "register", "y",
                                 "PYRO:o@h:1", False, 0)
        self.assertEqual(self.ns5.call("remove", "unknown", prefix="x"), 0)
        self.assertEqual(self.ns5.call("remove", "Pyro.NameServer", prefix="x"), 1)
        self.assertEqual(len(self.ns5.call("list", "", "Pyro")), 1)  # an empty filter is none


class CallForms(DialectCase):
    def test_a_batch_stops_at_its_first_failure(self):
        calls = [("register", ("x", "PYRO:o@h:1"), {}), ("lookup", ("x",), {}), ("lookup", ("unknown",), {}),
                 ("remove", ("x",), {})]
        self.ns5.send(self.ns5.call_message(1, "<batch>", *calls, flags=BATCH))
        _, _, flags, results = self.ns5.receive()
        self.assertEqual(flags & (BATCH | EXCEPTION), BATCH)
        self.assertEqual((len(results), results[0], uri_text(results[1])), (3, None, "PYRO:o@h:1"))
        self.assertEqual(results[2]["__class__"], "Pyro5.core._ExceptionWrapper")
        self.assertEqual((results[2]["exception"]["__class__"], results[2]["exception"]["args"]),
                         ("Pyro5.errors.NamingError", ("unknown name: unknown",)))
        self.assertEqual(self.ns.count(), 2)

    def test_oneway_calls_come_before_the_next_call(self):
        self.ns5.send(self.ns5.call_message(1, "register", "x", "PYRO:o@h:1", flags=ONEWAY)
                      + self.ns5.call_message(2, "lookup", "unknown", flags=ONEWAY))
        self.assertEqual(uri_text(self.ns5.call("lookup", "x")), "PYRO:o@h:1")

    def test_the_other_serializers(self):
        self.ns.register("x", "PYRO:o@h:1", metadata=["t"])
        for serializer_id, tags, pair in ((SERPENT, {"t"}, tuple), (MARSHAL, {"t"}, tuple),
                                          (JSON, ["t"], list),
                                          (MSGPACK, ["t"], list)):
            with self.subTest(serializer=serializer_id):
                peer = self.peer(Pyro5Peer, serializer_id).connect()
                uri, found = peer.call("lookup", "x", return_metadata=True)
                self.assertEqual((uri_text(uri), found), ("PYRO:o@h:1", tags))
                self.assertEqual(peer.call("list", "x", return_metadata=True),
                                 {"x": pair(["PYRO:o@h:1", tags])})
                self.assertEqual(peer.call("yplookup", ["t"]), {"x": pair(["PYRO:o@h:1", tags])})
                self.assertEqual(peer.call("count"), 2)
                with self.assertRaises(RemoteError) as caught:
                    peer.call("lookup", "unknown")
                self.assertEqual(caught.exception.kind, "Pyro5.errors.NamingError")


if __name__ == "__main__":
    support.main()
