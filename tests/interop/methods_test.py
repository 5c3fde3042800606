#!/usr/bin/python3
"""Every method of Pyro.NameServer, called by a real Pyro4 client with each serializer that it accepts."""

import Pyro4
import support

NS_TAGS = ["class:Pyro4.naming.NameServer"]


class Methods:
    """The tests; the classes below run them with one serializer each."""

    pair = tuple  # what a (uri, tags) pair arrives as: json and msgpack know no tuples

    def listed(self, **filters):
        """list(), with the tags of each entry in order."""
        return {name: (uri, sorted(tags)) for name,
                (uri, tags) in self.ns.list(return_metadata=True, **filters).items()}

    def register_three(self):
        self.ns.register("example.red", "PYRO:r@host:1", metadata=["colour", "warm"])
        self.ns.register("example.blue", "PYRO:b@host:2", metadata=["colour", "cold"])
        self.ns.register("other.plain", "PYRO:p@host:3")

    def test_ping(self):
        self.assertIsNone(self.ns.ping())

    def test_count_includes_the_name_server(self):
        self.assertEqual(self.ns.count(), 1)
        self.ns.register("a", "PYRO:o@h:1")
        self.assertEqual(self.ns.count(), 2)

    def test_register_answers_none_and_lookup_a_uri(self):
        self.assertIsNone(self.ns.register("example.plain", "PYRO:obj_1@localhost:5001"))
        found = self.ns.lookup("example.plain")
        self.assertIs(type(found), Pyro4.URI)
        self.assertEqual((found.protocol, found.object, found.sockname, found.host, found.port),
                         ("PYRO", "obj_1", None, "localhost", 5001))

    def test_lookup_of_the_name_server(self):
        self.assertEqual(str(self.ns.lookup("Pyro.NameServer")), str(self.server.uri))

    def test_register_with_uri_objects(self):
        for text in ("PYRO:o@localhost:5002", "PYRO:o@./u:/tmp/some.sock", "PYRO:o@[::1]:5008",
                     "PYRONAME:other"):
            with self.subTest(uri=text):
                self.ns.register("x", Pyro4.URI(text))
                self.assertEqual(self.ns.lookup("x"), Pyro4.URI(text))
                self.assertEqual(self.ns.list(prefix="x"), {"x": text})

    def test_uris_are_stored_verbatim_and_looked_up_in_upper_case(self):
        for verbatim, parsed in (("pyro:obj@Host:9", "PYRO:obj@Host:9"),
                                 ("PyroName:other@host", "PYRONAME:other@host:9090"),
                                 ("PYRO:a@b@c:0017", None),
                                 ("PYRO:o@h:99999", "PYRO:o@h:99999")):
            with self.subTest(uri=verbatim):
                self.ns.register("x", verbatim)
                self.assertEqual(self.ns.list(prefix="x"), {"x": verbatim})
                if parsed is not None:
                    self.assertEqual(str(self.ns.lookup("x")), parsed)

    def test_a_location_starts_at_the_first_at_sign(self):
        self.ns.register("x", "PYRO:a@b@c:0017")
        found = self.ns.lookup("x")
        self.assertEqual((found.object, found.host, found.port), ("a", "b@c", 17))

    def test_lookup_of_a_pyrometa_uri_has_a_set_of_tags(self):
        self.ns.register("x", "PYROMETA:red,blue")
        found = self.ns.lookup("x")
        self.assertEqual(found.protocol, "PYROMETA")
        self.assertEqual(sorted(found.object), ["blue", "red"])

    def test_register_again_replaces_uri_and_metadata(self):
        self.ns.register("x", "PYRO:o@h:1", metadata=["old"])
        self.ns.register("x", "PYRO:o@h:2")
        self.assertEqual(self.listed(prefix="x"), {"x": ("PYRO:o@h:2", [])})
        self.assertEqual(self.ns.count(), 2)

    def test_register_safe_positional_and_by_keyword(self):
        self.ns.register("x", "PYRO:o@h:1", True)
        self.ns.register("y", "PYRO:o@h:1", safe=True, metadata=["t"])
        for call in (lambda: self.ns.register("x", "PYRO:o@h:2", True),
                     lambda: self.ns.register("x", "PYRO:o@h:2", safe=True)):
            self.assert_raises_text(Pyro4.errors.NamingError, "name already registered: x", call)
        self.assertEqual(str(self.ns.lookup("x")), "PYRO:o@h:1")

    def test_register_takes_any_collection_of_tags(self):
        for tags in (["b", "a"], ("a", "b"), {"a", "b"}, ["a", "a", "b"]):
            with self.subTest(tags=repr(tags)):
                self.ns.register("x", "PYRO:o@h:1", metadata=tags)
                self.assertEqual(self.listed(prefix="x"), {"x": ("PYRO:o@h:1", ["a", "b"])})

    def test_register_with_empty_or_falsy_metadata(self):
        for tags in ([], (), set(), None, 0, False):
            with self.subTest(tags=repr(tags)):
                self.ns.register("x", "PYRO:o@h:1", metadata=tags)
                self.assertEqual(self.listed(prefix="x"), {"x": ("PYRO:o@h:1", [])})

    def test_set_metadata_replaces_and_clears(self):
        self.ns.register("x", "PYRO:o@h:1", metadata=["old"])
        self.assertIsNone(self.ns.set_metadata("x", {"new", "newer"}))
        self.assertEqual(self.listed(prefix="x"), {"x": ("PYRO:o@h:1", ["new", "newer"])})
        for nothing in (None, []):
            self.ns.set_metadata("x", ["again"])
            self.ns.set_metadata("x", nothing)
            self.assertEqual(self.listed(prefix="x"), {"x": ("PYRO:o@h:1", [])})

    def test_unusual_names_and_tags(self):
        for name in ("", " ", "naïve 名前 😀", "quote'\"\\\n\t", "100%", "a_b", "x" * 5000, "nul\0inside"):
            with self.subTest(name=name[:30]):
                self.ns.register(name, "PYRO:o@h:1", metadata=["tag " + name])
                self.assertEqual(str(self.ns.lookup(name)), "PYRO:o@h:1")
                self.assertEqual(self.listed(metadata_all=["tag " + name]),
                                 {name: ("PYRO:o@h:1", ["tag " + name])})
                self.assertEqual(self.ns.remove(name), 1 if name else 0)  # "" counts as no name given
                self.ns.remove(regex=".*")

    def test_list_everything(self):
        self.register_three()
        self.assertEqual(self.ns.list(),
                         {"Pyro.NameServer": str(self.server.uri), "example.red": "PYRO:r@host:1",
                                          "example.blue": "PYRO:b@host:2", "other.plain": "PYRO:p@host:3"})

    def test_list_with_metadata_gives_pairs_with_lists(self):
        self.register_three()
        result = self.ns.list(return_metadata=True)
        self.assertEqual({type(entry) for entry in result.values()}, {self.pair})
        self.assertEqual({type(entry[1]) for entry in result.values()}, {list})
        self.assertEqual(self.listed(), {"Pyro.NameServer": (str(self.server.uri), NS_TAGS),
                                         "example.red": ("PYRO:r@host:1", ["colour", "warm"]),
                                         "example.blue": ("PYRO:b@host:2", ["cold", "colour"]),
                                         "other.plain": ("PYRO:p@host:3", [])})

    def test_list_by_prefix(self):
        self.register_three()
        self.assertEqual(self.ns.list("example."),
                         {"example.red": "PYRO:r@host:1", "example.blue": "PYRO:b@host:2"})
        self.assertEqual(self.ns.list(prefix="example.r"), {"example.red": "PYRO:r@host:1"})
        self.assertEqual(self.listed(prefix="other"), {"other.plain": ("PYRO:p@host:3", [])})
        self.assertEqual(len(self.ns.list(prefix="")), 4)
        for prefix in ("Example", "example_", "%", "xample", "example.redd"):
            self.assertEqual(self.ns.list(prefix=prefix), {}, prefix)

    def test_list_by_regex_is_anchored_at_the_start_only(self):
        self.register_three()
        self.assertEqual(self.ns.list(None, r"example\.r"), {"example.red": "PYRO:r@host:1"})
        self.assertEqual(self.ns.list(regex=r"r?e"),
                         {"example.red": "PYRO:r@host:1", "example.blue": "PYRO:b@host:2"})
        self.assertEqual(self.ns.list(regex=r"red"), {})
        self.assertEqual(self.listed(regex=r".*n\Z"), {"other.plain": ("PYRO:p@host:3", [])})

    def test_patterns_are_those_of_python(self):
        for name in ("job-1", "job-22", "JOB-3", "größe"):
            self.ns.register(name, "PYRO:o@h:1")
        for pattern, names in ((r"(?P<word>job)-\d+$", ["job-1", "job-22"]),
                               (r"(?i)job", ["JOB-3", "job-1", "job-22"]),
                               (r"(?x) job - \d \Z  # one digit", ["job-1"]), (r"\w+$", ["größe"]),
                               (r".*(?<=-)2", ["job-22"]), (r".*(\d)\1", ["job-22"]),
                               (r"gr\u00f6", ["größe"]),
                               (r"(?!job|JOB|Pyro)", ["größe"])):
            with self.subTest(pattern=pattern):
                self.assertEqual(sorted(self.ns.list(regex=pattern)), names)

    def test_list_by_tags(self):
        self.register_three()
        self.assertEqual(self.ns.list(metadata_all=["colour"]),
                         {"example.red": "PYRO:r@host:1", "example.blue": "PYRO:b@host:2"})
        self.assertEqual(self.listed(metadata_all={"colour", "warm"}),
                         {"example.red": ("PYRO:r@host:1", ["colour", "warm"])})
        self.assertEqual(self.ns.list(metadata_all=["warm", "cold"]), {})
        self.assertEqual(self.ns.list(metadata_any=("warm", "cold", "none")),
                         {"example.red": "PYRO:r@host:1", "example.blue": "PYRO:b@host:2"})
        self.assertEqual(self.listed(metadata_any=["cold"]),
                         {"example.blue": ("PYRO:b@host:2", ["cold", "colour"])})
        self.assertEqual(self.ns.list(metadata_any=["none"]), {})
        self.assertEqual(self.ns.list(metadata_all=NS_TAGS), {"Pyro.NameServer": str(self.server.uri)})

    def test_the_positional_parameters_of_list(self):
        self.register_three()
        self.assertEqual(self.ns.list(None, None, ["warm"]), {"example.red": "PYRO:r@host:1"})
        self.assertEqual(self.ns.list(None, None, None, ["cold"]), {"example.blue": "PYRO:b@host:2"})
        self.assertEqual(self.ns.list("other", None, None, None, True),
                         {"other.plain": self.pair(["PYRO:p@host:3", []])})

    def test_empty_filters_list_everything(self):
        self.register_three()
        for filters in ({"prefix": ""}, {"regex": ""}, {"metadata_all": []}, {"metadata_any": []}):
            self.assertEqual(len(self.ns.list(**filters)), 4, filters)

    def test_remove_by_name_prefix_and_regex(self):
        self.register_three()
        self.ns.register("example_x", "PYRO:o@h:1")
        self.assertEqual(self.ns.remove("example.red"), 1)
        self.assertEqual(self.ns.remove("example.red"), 0)
        self.assertEqual(self.ns.remove(prefix="example."), 1)
        self.assertEqual(self.ns.remove(regex="ther"), 0)
        self.assertEqual(self.ns.remove(None, None, "oth|exa"), 2)
        self.assertEqual(self.ns.count(), 1)

    def test_remove_never_takes_the_name_server(self):
        for arguments in ({"name": "Pyro.NameServer"}, {"prefix": "Pyro."}, {"regex": ".*"}, {},
                          {"prefix": ""}):
            self.assertEqual(self.ns.remove(**arguments), 0, arguments)
        self.assertEqual(self.ns.count(), 1)

    def test_remove_goes_on_to_the_prefix_when_the_name_is_unknown_or_its_own(self):
        self.register_three()
        self.assertEqual(self.ns.remove("no such name", "example.r"), 1)
        self.assertEqual(self.ns.remove("Pyro.NameServer", prefix="example.b"), 1)
        self.assertEqual(self.ns.remove("other.plain", prefix="Pyro"), 1)


class Serpent(Methods, support.ServerCase):
    serializer = "serpent"

    def test_lookup_with_metadata(self):
        self.register_three()
        for call in (lambda: self.ns.lookup("example.red", True),
                     lambda: self.ns.lookup("example.red", return_metadata=True)):
            found = call()
            self.assertIs(type(found), self.pair)
            uri, tags = found
            self.assertEqual((str(uri), sorted(tags), type(tags)),
                             ("PYRO:r@host:1", ["colour", "warm"], list))
        self.assertEqual(self.ns.lookup("other.plain", True)[1], [])
        self.assertEqual(self.ns.lookup("Pyro.NameServer", True)[1], NS_TAGS)


class Json(Serpent):
    serializer = "json"
    pair = list


class Msgpack(Serpent):
    serializer = "msgpack"
    pair = list


class Marshal(Methods, support.ServerCase):
    serializer = "marshal"  # lookup with metadata: see right_where_pyro_fails_test.py


if __name__ == "__main__":
    support.main()
