#!/usr/bin/python3
"""Our nsc, against hearthd and against the real pyro4-ns: what it prints for people, literally, and its
exit status."""

import support
import tools

DONE, FAILED, USAGE, NO_SUCH_NAME, NO_NAME_SERVER = range(5)
SURE = "Potentially removing lots of items from the Name server. Are you sure (y/n)?"


class Nsc:
    """The tests; the classes below run them against one server each."""

    program = None  # what HEARTHD names

    def setUp(self):
        super().setUp()
        self.server = self.start_server(program=self.program)
        ns = self.locate(self.server)
        ns.register("example.red", "PYRO:r@host:1", metadata=["warm", "colour"])
        ns.register("example.blue", "PYRO:b@./u:/tmp/blue.sock", metadata=["cold", "colour"])
        ns.register("plain", "pyro:p@Host:3")
        ns._pyroRelease()

    def tearDown(self):
        self.server.stop()

    red = ("example.red", "PYRO:r@host:1", ["colour", "warm"])
    blue = ("example.blue", "PYRO:b@./u:/tmp/blue.sock", ["cold", "colour"])
    plain = ("plain", "pyro:p@Host:3", [])
    own = ("Pyro.NameServer", "OWN-URI", ["class:Pyro4.naming.NameServer"])

    def assert_prints(self, expected, *arguments, **settings):
        self.assertEqual(tools.nsc(self.server, *arguments, **settings), (DONE, expected, ""))

    def assert_fails(self, status, text, *arguments, **settings):
        """Nothing on stdout, and the reason on stderr in one line."""
        got, output, trouble = tools.nsc(self.server, *arguments, **settings)
        self.assertEqual((got, output, len(trouble.splitlines())), (status, "", 1), trouble)
        self.assertIn(text, trouble)

    def test_ping(self):
        self.assert_prints("Name server ping ok.\n", "ping")

    def test_list(self):
        self.assert_prints(tools.listing("", self.own, self.blue, self.red, self.plain), "list")
        self.assert_prints(tools.listing("- prefix 'example.'", self.blue, self.red), "list", "example.")
        self.assert_prints(tools.listing("- prefix 'none'"), "list", "none")
        self.assert_prints(tools.listing("- prefix 'it's'"), "list", "it's")

    def test_listmatching(self):
        self.assert_prints(tools.listing("- regex 'p.*n$'", self.plain), "listmatching", "p.*n$")
        self.assert_fails(FAILED, "invalid regex: ", "listmatching", "(unclosed")

    def test_searches_by_tags(self):
        title = " - searched by metadata"
        for every, some in (("listmeta_all", "listmeta_any"), ("yplookup_all", "yplookup_any")):
            self.assert_prints(tools.listing(title, self.blue, self.red), every, "colour")
            self.assert_prints(tools.listing(title, self.red), every, "colour", "warm")
            self.assert_prints(tools.listing(title), every, "cold", "warm")
            self.assert_prints(tools.listing(title, self.blue, self.red), some, "cold", "warm", "none")
            self.assert_prints(tools.listing(title), some, "none")

    def test_lookup(self):
        self.assert_prints("PYRO:r@host:1\nmetadata: {'colour', 'warm'}\n", "lookup", "example.red")
        self.assert_prints("PYRO:p@Host:3\n", "lookup", "plain")
        self.assert_fails(NO_SUCH_NAME, "unknown name: nobody", "lookup", "nobody")

    def test_register(self):
        self.assert_prints("Registered new\n", "register", "new", "PYRO:n@h:1")
        self.assert_prints("Registered tagged ☃\n", "register", "tagged ☃", "PYRO:n@h:2", "t2", "t1")
        self.assert_prints(tools.listing("- prefix 'tagged'", ("tagged ☃", "PYRO:n@h:2", ["t1", "t2"])),
                           "list", "tagged")
        self.assert_fails(FAILED, "name already registered: new", "register", "new", "PYRO:n@h:3")
        self.assert_fails(FAILED, "invalid uri", "register", "bad", "nonsense")
        self.assert_prints("PYRO:n@h:1\n", "lookup", "new")

    def test_remove(self):
        self.assert_prints("Removed plain\n", "remove", "plain")
        for name in ("plain", "Pyro.NameServer"):
            self.assertEqual(tools.nsc(self.server, "remove", name), (NO_SUCH_NAME, "Nothing removed\n", ""))
        self.assert_prints(tools.listing("", self.own, self.blue, self.red), "list")

    def test_removematching_asks_first(self):
        for answer in ("n\n", "", "maybe\n"):
            _, output, trouble = tools.nsc(self.server, "removematching", "example", typed=answer)
            self.assertIn(SURE, output + trouble)
            self.assertNotIn("removed", output)
        self.assert_prints(tools.listing("- prefix 'e'", self.blue, self.red), "list", "e")
        status, output, _ = tools.nsc(self.server, "removematching", "example", typed="y\n")
        self.assertEqual((status, output[-17:]), (DONE, "2 items removed.\n"))

    def test_yes_instead_of_the_question(self):
        self.assert_prints("3 items removed.\n", "--yes", "removematching", ".*")
        self.assert_prints("0 items removed.\n", "--yes", "removematching", ".*")
        self.assert_fails(FAILED, "invalid regex: ", "--yes", "removematching", "[")

    def test_setmeta(self):
        self.assert_prints("Metadata updated\n", "setmeta", "plain", "t2", "t1", "it's")
        self.assert_prints("PYRO:p@Host:3\nmetadata: {\"it's\", 't1', 't2'}\n", "lookup", "plain")
        self.assert_prints("Metadata cleared\n", "setmeta", "plain")
        self.assert_prints("PYRO:p@Host:3\n", "lookup", "plain")
        self.assert_fails(NO_SUCH_NAME, "unknown name: nobody", "setmeta", "nobody", "t")

    def test_verbose(self):
        self.assert_prints("Locating name server...\nName server found: OWN-URI\n"
                           "Name server ping ok.\nDone.\n", "-v", "ping")

    def test_wrong_usage(self):
        for arguments in ((), ("dance",), ("lookup",), ("lookup", "a", "b"), ("register", "a"), ("remove",),
                          ("removematching",), ("listmatching",), ("setmeta",), ("listmeta_all",),
                          ("yplookup_any",),
                          ("ping", "x"), ("list", "a", "b"), ("--no-such-option", "ping"),
                          ("-p", "x", "ping")):
            with self.subTest(arguments=arguments):
                status, output, trouble = tools.nsc(self.server, *arguments)
                self.assertEqual((status, output), (USAGE, ""))
                self.assertNotEqual(trouble, "")


class AgainstHearthd(Nsc, support.DirectoryCase):
    pass


class AgainstPyro4Ns(Nsc, support.DirectoryCase):
    program = support.PYRO4_NS


if __name__ == "__main__":
    support.main()
