#!/usr/bin/python3
"""What Pyro.NameServer and Pyro.Daemon answer to calls that they cannot do: the class and the text of
each exception, as a real Pyro4 client raises it, with each serializer."""

import Pyro4
import Pyro4.errors
import support

NOT_A_COLLECTION = "%s should not be a str, but another iterable (set, list, etc)"
TWO_FILTERS = "you can only filter on one thing at a time"
GOOD = "PYRO:o@h:1"


class MethodErrors:
    """The tests; the classes at the end run them with one serializer each."""

    def invoke(self, method, arguments=(), keywords=None):
        """Calls a method without the proxy's own check that it exists."""
        return self.ns._pyroInvoke(method, arguments, keywords or {})

    def assert_rejected(self, kind, text, method, *arguments, **keywords):
        """The answer is that exception, it brings a remote traceback, and the connection lives on."""
        error = self.assert_raises_text(kind, text, self.invoke, method, arguments, keywords)
        self.assertTrue(error._pyroTraceback)
        self.assertEqual({type(line) for line in error._pyroTraceback}, {str})
        self.assertEqual(self.ns.count(), 1, "a failed call changed something")

    def test_unknown_name(self):
        self.assert_rejected(Pyro4.errors.NamingError, "unknown name: no such ☃", "lookup", "no such ☃")
        self.assert_rejected(Pyro4.errors.NamingError, "unknown name: x", "set_metadata", "x", ["t"])
        self.assert_rejected(Pyro4.errors.NamingError, "unknown name: ", "lookup", "")

    def test_lookup_of_what_is_no_text(self):
        self.assert_rejected(TypeError, 'can only concatenate str (not "NoneType") to str', "lookup", None)
        self.assert_rejected(TypeError, 'can only concatenate str (not "int") to str', "lookup", 5)

    def test_register_with_a_wrong_type(self):
        self.assert_rejected(TypeError, "only URIs or strings can be registered", "register", "x", 42)
        self.assert_rejected(TypeError, "only URIs or strings can be registered", "register", "x", None)
        self.assert_rejected(TypeError, "name must be a str", "register", 42, GOOD)
        self.assert_rejected(TypeError, "name must be a str", "set_metadata", None, ["t"])

    def test_metadata_of_a_wrong_type(self):
        text = NOT_A_COLLECTION % "metadata"
        self.assert_rejected(TypeError, text, "register", "x", GOOD, metadata="tag")
        self.assert_rejected(TypeError, text, "register", "x", GOOD, metadata="")
        self.assert_rejected(TypeError, text, "set_metadata", "x", "tag")
        self.assert_rejected(TypeError, "'int' object is not iterable", "register", "x", GOOD, False, 5)
        self.assert_rejected(TypeError, "'int' object is not iterable", "set_metadata", "x", 5)
        self.assert_rejected(TypeError, "'float' object is not iterable", "register", "x", GOOD, metadata=1.5)
        self.assert_rejected(TypeError, "unhashable type: 'list'", "register", "x", GOOD, metadata=[[1]])

    def test_register_checks_the_uri_then_the_name_then_the_metadata(self):
        self.assert_rejected(TypeError, "only URIs or strings can be registered", "register", 42, 42,
                             metadata="t")
        self.assert_rejected(Pyro4.errors.PyroError, "invalid uri", "register", 42, "nonsense", metadata="t")
        self.assert_rejected(TypeError, "name must be a str", "register", 42, GOOD, metadata="t")
        self.ns.register("taken", GOOD)
        self.assert_raises_text(TypeError, NOT_A_COLLECTION % "metadata", self.ns.register, "taken", GOOD,
                                True, "t")

    def test_name_already_registered(self):
        self.assert_rejected(Pyro4.errors.NamingError, "name already registered: Pyro.NameServer",
                             "register", "Pyro.NameServer", GOOD, safe=True)

    def test_uris_with_a_fault(self):
        for uri, text in (("", "invalid uri"), ("nonsense", "invalid uri"), ("PYRO:o", "invalid uri"),
                          ("PYRO:@h:1", "invalid uri"), ("PYRO:o bj@h:1", "invalid uri"),
                          ("HTTP:o@h:1", "invalid uri"),
                          ("PYROLOC:o@h:1", "invalid uri (protocol)"), ("PYROX:o", "invalid uri (protocol)"),
                          ("PYRO:o@./u:", "invalid uri (location)"),
                          ("PYRO:o@./u:/s:1", "invalid uri (location)"),
                          ("PYRO:o@h", "invalid port in uri, port=None"),
                          ("PYRO:o@h:", "invalid port in uri, port=None"),
                          ("PYRO:o@h:nope", "invalid port in uri, port=nope"),
                          ("PYRONAME:o@h:no:pe", "invalid port in uri, port=no:pe"),
                          ("PYRO:o@[[::1]]:1", "invalid ipv6 address: enclosed in too many brackets"),
                          ("PYRO:o@[host]:1",
                           "invalid ipv6 address: the part between brackets must be a numeric ipv6 address")):
            with self.subTest(uri=uri):
                self.assert_rejected(Pyro4.errors.PyroError, text, "register", "x", uri)

    def test_two_filters_at_a_time(self):
        for filters in ({"prefix": "a", "regex": "b"}, {"prefix": "", "regex": "b"},
                        {"regex": "", "metadata_any": ["t"]},
                        {"prefix": "a", "metadata_all": []}, {"metadata_all": ["a"], "metadata_any": ["b"]},
                        {"prefix": "a", "regex": "b", "metadata_all": ["a"], "metadata_any": ["b"]}):
            with self.subTest(filters=filters):
                self.assert_rejected(ValueError, TWO_FILTERS, "list", **filters)
        self.assert_rejected(ValueError, TWO_FILTERS, "list", "a", None, ["t"])

    def test_invalid_patterns(self):
        for method, arguments in (("list", {"regex": "(unclosed"}), ("remove", {"regex": "(unclosed"}),
                                  ("list", {"regex": "a**"}), ("list", {"regex": "["}),
                                  ("list", {"regex": "(?<=a*)b"}),
                                  ("list", {"regex": r"\Qa\E"}), ("list", {"regex": r"\h"}),
                                  ("list", {"regex": r"\R"}),
                                  ("list", {"regex": "(?|a|b)"}), ("list", {"regex": "(?P<x>a)(?P<x>b)"})):
            with self.subTest(method=method, arguments=arguments):
                with self.assertRaises(Pyro4.errors.NamingError) as caught:
                    self.invoke(method, (), arguments)
                self.assertRegex(str(caught.exception), r"\Ainvalid regex: .")

    def test_tag_filters_of_a_wrong_type(self):
        for which in ("metadata_all", "metadata_any"):
            self.assert_rejected(TypeError, NOT_A_COLLECTION % which, "list", **{which: "tag"})
            self.assert_rejected(TypeError, "'int' object is not iterable", "list", **{which: 5})

    def test_missing_arguments(self):
        missing = "NameServer.%s() missing %d required positional argument%s"
        self.assert_rejected(TypeError, missing % ("register", 1, ": 'uri'"), "register", "x")
        self.assert_rejected(TypeError, missing % ("register", 2, "s: 'name' and 'uri'"), "register")
        self.assert_rejected(TypeError, missing % ("register", 1, ": 'name'"), "register", uri=GOOD)
        self.assert_rejected(TypeError, missing % ("lookup", 1, ": 'name'"), "lookup")
        self.assert_rejected(TypeError, missing % ("set_metadata", 2, "s: 'name' and 'metadata'"),
                             "set_metadata")

    def test_too_many_arguments(self):
        self.assert_rejected(TypeError, "NameServer.ping() takes 1 positional argument but 2 were given",
                             "ping", 1)
        self.assert_rejected(TypeError, "NameServer.count() takes 1 positional argument but 4 were given",
                             "count", 1, 2, 3)
        self.assert_rejected(TypeError,
                             "NameServer.lookup() takes from 2 to 3 positional arguments but 4 were given",
                             "lookup", "a", True, 3)
        self.assert_rejected(TypeError,
                             "NameServer.set_metadata() takes 3 positional arguments but 4 were given",
                             "set_metadata", "a", [], 3)

    def test_keywords_that_do_not_fit(self):
        self.assert_rejected(TypeError, "NameServer.register() got an unexpected keyword argument 'colour'",
                             "register", "x", GOOD, colour=1)
        self.assert_rejected(TypeError, "NameServer.ping() got an unexpected keyword argument 'x'", "ping",
                             x=1)
        self.assert_rejected(TypeError, "NameServer.lookup() got multiple values for argument 'name'",
                             "lookup", "a", name="b")

    def test_methods_that_do_not_exist(self):
        for name in ("nosuchmethod", "yplookup", "Ping", ""):
            self.assert_rejected(AttributeError, "'NameServer' object has no attribute '%s'" % name, name)
        self.assert_raises_text(AttributeError,
                                "remote object '%s' has no exposed attribute or method 'yplookup'"
                                % self.server.uri, getattr, self.ns, "yplookup")

    def test_private_and_unexposed_members(self):
        for name in ("_private", "__init__", "__class__"):
            self.assert_rejected(AttributeError, "attempt to access private attribute '%s'" % name, name)
        self.assert_rejected(AttributeError, "attempt to access unexposed attribute 'storage'", "storage")

    def test_attributes_cannot_be_read_or_written(self):
        self.assert_rejected(AttributeError,
                             "attempt to access unexposed or unknown remote attribute 'lookup'",
                             "__getattr__", "lookup")
        for name in ("__getattr__", "__setattr__"):
            with self.assertRaises(AttributeError):
                self.invoke(name, ("lookup", 1))
        self.assertEqual(self.ns.count(), 1)

    def test_unknown_object(self):
        self.assert_raises_text(Pyro4.errors.DaemonError, "unknown object", self.ns._pyroInvoke, "ping", (),
                                {},
                                objectId="no.such.object")
        self.assertEqual(self.ns.count(), 1)
        stranger = Pyro4.Proxy("PYRO:no.such.object@%s" % self.server.uri.location)
        stranger._pyroSerializer = self.serializer
        with self.assertRaises(Pyro4.errors.CommunicationError) as caught:
            stranger._pyroBind()
        self.assertRegex(str(caught.exception), r"rejected: unknown object\Z")

    def test_the_daemon_object(self):
        def call(method, *arguments, **keywords):
            return self.ns._pyroInvoke(method, arguments, keywords, objectId="Pyro.Daemon")

        self.assertIsNone(call("ping"))
        self.assertEqual(sorted(call("registered")), ["Pyro.Daemon", "Pyro.NameServer"])
        self.assertRegex(call("info"),
                         r"\APyro\.Daemon bound on %s, NAT None, 2 objects registered\. Servertype: ."
                         % self.server.uri.location)
        methods = ["count", "list", "lookup", "ping", "register", "remove", "set_metadata"]
        for as_lists in (True, False):
            found = call("get_metadata", "Pyro.NameServer", as_lists=as_lists)
            self.assertEqual({which: sorted(names) for which, names in found.items()},
                             {"methods": methods, "oneway": [], "attrs": []})
        self.assert_raises_text(Pyro4.errors.DaemonError, "unknown object", call, "get_metadata", "no.such")
        self.assert_raises_text(Pyro4.errors.PyroError, "item stream terminated", call,
                                "get_next_stream_item", "no.such")
        self.assertIsNone(call("close_stream", "no.such"))
        self.assert_raises_text(AttributeError, "attempt to access private attribute '_x'", call, "_x")
        self.assert_raises_text(AttributeError, "'DaemonObject' object has no attribute 'x'", call, "x")


class Serpent(MethodErrors, support.ServerCase):
    serializer = "serpent"


class Json(MethodErrors, support.ServerCase):
    serializer = "json"


class Marshal(MethodErrors, support.ServerCase):
    serializer = "marshal"


class Msgpack(MethodErrors, support.ServerCase):
    serializer = "msgpack"


if __name__ == "__main__":
    support.main()
