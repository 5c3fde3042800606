#!/usr/bin/python3
"""PYRONAME: and PYROMETA: URIs, resolved by real Pyro4 through the name server to objects in a real
Pyro4 daemon."""

import random
import threading

import Pyro4
import Pyro4.errors
import Pyro4.naming
import support


@Pyro4.expose
class Greeter:
    """An object to find: it says who it is and keeps what it was told."""

    def __init__(self, name):
        self.name = name

    def greet(self, who):
        return "%s greets %s" % (self.name, who)


class ResolveCase(support.ServerCase):
    """Three greeters in a daemon of our own, registered in the name server."""

    def setUp(self):
        super().setUp()
        daemon = Pyro4.Daemon(host="127.0.0.1")
        self.greeters = {}
        for name, tags in (("one", ["greeter", "odd"]), ("two", ["greeter", "even"]),
                           ("three", ["greeter", "odd", "big"])):
            self.greeters[name] = daemon.register(Greeter(name))
            self.ns.register("greeter." + name, self.greeters[name], metadata=tags)
        loop = threading.Thread(target=daemon.requestLoop)
        loop.start()
        self.addCleanup(daemon.close)
        self.addCleanup(loop.join)
        self.addCleanup(daemon.shutdown)
        self.location = "127.0.0.1:%d" % self.server.port

    def proxy(self, uri):
        proxy = Pyro4.Proxy(uri)
        self.addCleanup(proxy._pyroRelease)
        return proxy


class Resolve(ResolveCase):
    def test_a_name_resolves_to_the_uri_registered(self):
        for text in ("PYRONAME:greeter.one@" + self.location, "pyroname:greeter.one@" + self.location):
            self.assertEqual(Pyro4.resolve(text), self.greeters["one"])
            self.assertEqual(Pyro4.resolve(Pyro4.URI(text)), self.greeters["one"])

    def test_a_proxy_finds_its_object_by_name(self):
        greeter = self.proxy("PYRONAME:greeter.two@" + self.location)
        self.assertEqual(greeter.greet("you"), "two greets you")
        self.assertEqual(str(greeter._pyroUri), "PYRONAME:greeter.two@" + self.location)

    def test_binding_replaces_the_name_by_the_direct_uri(self):
        greeter = self.proxy("PYRONAME:greeter.two@" + self.location)
        greeter._pyroBind()
        self.assertEqual(greeter._pyroUri, self.greeters["two"])

    def test_tags_resolve_to_one_object_that_has_them_all(self):
        for tags, candidates in (("greeter,big", {"three"}), ("even", {"two"}),
                                 ("odd,greeter", {"one", "three"}),
                                 ("greeter", {"one", "two", "three"})):
            with self.subTest(tags=tags):
                found = Pyro4.resolve("PYROMETA:%s@%s" % (tags, self.location))
                self.assertIn(found, [self.greeters[name] for name in candidates])

    def test_a_proxy_finds_its_object_by_tags(self):
        self.assertEqual(self.proxy("PYROMETA:big,odd@" + self.location).greet("me"), "three greets me")

    def test_every_candidate_comes_up(self):
        random.seed(4)
        seen = {str(Pyro4.resolve("PYROMETA:odd@" + self.location)) for _ in range(64)}
        self.assertEqual(seen, {str(self.greeters["one"]), str(self.greeters["three"])})

    def test_nothing_to_resolve(self):
        self.assert_raises_text(Pyro4.errors.NamingError, "unknown name: nobody", Pyro4.resolve,
                                "PYRONAME:nobody@" + self.location)
        self.assert_raises_text(Pyro4.errors.NamingError,
                                "no registrations available with desired metadata properties {'nothing'}",
                                Pyro4.resolve, "PYROMETA:nothing@" + self.location)

    def test_no_name_server_there(self):
        self.assert_raises_text(Pyro4.errors.NamingError, "Failed to locate the nameserver", Pyro4.resolve,
                                "PYRONAME:greeter.one@%s:9090" % support.own_loopback_address())

    def test_a_name_that_is_registered_again_moves(self):
        self.ns.register("greeter.one", self.greeters["two"])
        self.assertEqual(self.proxy("PYRONAME:greeter.one@" + self.location).greet("you"), "two greets you")

    def test_every_serializer_resolves(self):
        for serializer in support.SERIALIZERS:
            with self.subTest(serializer=serializer):
                Pyro4.config.SERIALIZER = serializer
                self.addCleanup(setattr, Pyro4.config, "SERIALIZER", "serpent")
                self.assertEqual(Pyro4.resolve("PYRONAME:greeter.one@" + self.location), self.greeters["one"])
                self.assertEqual(Pyro4.resolve("PYROMETA:even@" + self.location), self.greeters["two"])

    def test_the_tags_of_a_class_find_it(self):
        self.ns.register("typed", self.greeters["one"], metadata=Pyro4.naming.type_meta(Greeter))
        tag = "class:%s.Greeter" % Greeter.__module__
        self.assertEqual(self.ns.list(metadata_all=[tag]), {"typed": str(self.greeters["one"])})


class Locate(support.ServerCase):
    def test_by_host_and_port(self):
        for host in ("127.0.0.1", "localhost"):
            with Pyro4.locateNS(host, self.server.port) as ns:
                self.assertEqual(ns._pyroUri,
                                 Pyro4.URI("PYRO:Pyro.NameServer@%s:%d" % (host, self.server.port)))
                self.assertIsNone(ns.ping())

    def test_by_settings_alone(self):
        Pyro4.config.NS_PORT = self.server.port
        self.addCleanup(setattr, Pyro4.config, "NS_PORT", 9090)
        self.ns.register("x", "PYRO:o@h:1")
        with Pyro4.locateNS() as ns:
            self.assertEqual(str(ns.lookup("x")), "PYRO:o@h:1")
        self.assertEqual(str(Pyro4.resolve("PYRONAME:x")), "PYRO:o@h:1")

    def test_the_proxy_knows_the_methods(self):
        with Pyro4.locateNS("127.0.0.1", self.server.port) as ns:
            self.assertEqual(sorted(ns._pyroMethods),
                             ["count", "list", "lookup", "ping", "register", "remove", "set_metadata"])
            self.assertEqual((ns._pyroOneway, ns._pyroAttrs), (set(), set()))


class LocateByUnixSocket(support.DirectoryCase):
    def test_a_unix_socket(self):
        server = self.start_server("-u", self.path("ns.sock"), port=None)
        with Pyro4.locateNS("./u:" + self.path("ns.sock")) as ns:
            ns.register("x", "PYRO:o@./u:/tmp/s")
            self.assertEqual(str(ns.lookup("Pyro.NameServer")),
                             "PYRO:Pyro.NameServer@./u:" + self.path("ns.sock"))
            self.assertEqual(str(ns.lookup("x")), "PYRO:o@./u:/tmp/s")
        server.stop()


if __name__ == "__main__":
    support.main()
