#!/usr/bin/python3
"""Pyro4 programs that are configured for pickle on both sides, as many fleets are: they notice no difference, and whatever
else a pickle asks for is refused without being run."""

import os
import pickle

import Pyro4
import Pyro4.errors
import Pyro4.futures
import support

Pyro4.config.SERIALIZERS_ACCEPTED = {"serpent", "marshal", "pickle"}


class Bomb:
    """Unpickled, it makes a directory."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


class PickleCase(support.ServerCase):
    serializer = "pickle"
    server_env = {"PYRO_SERIALIZERS_ACCEPTED": "pickle"}

    def tearDown(self):
        Pyro4.config.PICKLE_PROTOCOL_VERSION = pickle.HIGHEST_PROTOCOL

    def test_every_method_in_every_protocol(self):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with self.subTest(protocol=protocol):
                Pyro4.config.PICKLE_PROTOCOL_VERSION = protocol
                uri = Pyro4.URI("PYRO:o@h:1")
                self.ns.register("a", uri, metadata={"tag \u20ac", "other"})
                self.assertEqual(self.ns.lookup("a"), uri)
                self.assertIs(type(self.ns.lookup("a")), Pyro4.URI)
                found, tags = self.ns.lookup("a", return_metadata=True)
                self.assertEqual((found, set(tags)), (uri, {"tag \u20ac", "other"}))
                self.ns.register("b", "PYRO:o@h:2", safe=True)
                self.assertEqual(self.ns.list(prefix="b"), {"b": "PYRO:o@h:2"})
                self.assertEqual(set(self.ns.list(metadata_all={"other"})), {"a"})
                self.ns.set_metadata("b", ["other"])
                self.assertEqual(set(self.ns.list(metadata_any=["other"])), {"a", "b"})
                self.assertEqual(self.ns.remove(regex="a|b"), 2)
                self.assertEqual(self.ns.count(), 1)

    def test_exceptions_are_the_clients_own_classes(self):
        error = self.assert_raises_text(Pyro4.errors.NamingError, "unknown name: x", self.ns.lookup, "x")
        self.assertTrue(error._pyroTraceback)
        self.assert_raises_text(TypeError, "only URIs or strings can be registered", self.ns.register, "x", 1)
        with self.assertRaises(AttributeError):
            self.ns._pyroInvoke("nothing", (), {})

    def test_batches_wrap_their_failure(self):
        batch = Pyro4.batch(self.ns)
        batch.count()
        batch.lookup("x")
        results = batch()
        self.assertEqual(next(results), 1)
        with self.assertRaises(Pyro4.errors.NamingError):
            next(results)

    def test_locate_and_the_handshake(self):
        Pyro4.config.SERIALIZER = "pickle"
        self.addCleanup(setattr, Pyro4.config, "SERIALIZER", "serpent")
        with Pyro4.locateNS(self.server.host, self.server.port) as found:
            self.assertEqual(found.count(), 1)
        with Pyro4.Proxy("PYRONAME:%s@%s:%d" % (support.NAME_SERVER, self.server.host, self.server.port)) as proxy:
            self.assertEqual(proxy.count(), 1)

    def test_code_is_refused_by_name_and_not_run(self):
        made = os.path.join(self.directory, "made")
        with self.assertRaises(ValueError) as caught:
            self.ns.lookup(Bomb(made))
        self.assertIn("posix.mkdir", str(caught.exception))
        self.assertFalse(os.path.exists(made))
        self.assertEqual(self.ns.count(), 1)

    def test_others_are_refused(self):
        with self.assertRaises(Pyro4.errors.CommunicationError) as caught:
            self.locate("serpent")
        self.assertIn("message used serializer that is not accepted: 1", str(caught.exception))


class Refused(support.ServerCase):
    """Not listed, pickle is refused as by the reference."""

    def test_pickle(self):
        with self.assertRaises(Pyro4.errors.CommunicationError) as caught:
            self.locate("pickle")
        self.assertIn("message used serializer that is not accepted: 4", str(caught.exception))


if __name__ == "__main__":
    support.main()
