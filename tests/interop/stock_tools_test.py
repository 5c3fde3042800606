#!/usr/bin/python3
"""Debian's pyro4-nsc cannot tell hearthd from pyro4-ns: the same commands print the same."""

import support
import tools


class StockTools(support.DirectoryCase):
    """Two servers with the same registrations; each test gives both the same commands."""

    def setUp(self):
        super().setUp()
        self.servers = (self.start_server(), self.start_server(program=support.PYRO4_NS))
        for server in self.servers:
            ns = self.locate(server)
            ns.register("example.red", "PYRO:r@host:1", metadata=["warm", "colour", "a'quote", 'a"quote'])
            ns.register("example.blue", "PYRO:b@./u:/tmp/blue.sock", metadata=["cold", "colour"])
            ns.register("plain", "pyro:p@Host:3")
            ns.register("größe ☃", "PYRO:g@[::1]:4", metadata=["ünïcode"])
            ns._pyroRelease()

    def tearDown(self):
        for server in self.servers:
            server.stop()

    def both(self, *arguments, **settings):
        """The output, which must be the same from both."""
        ours, theirs = (tools.pyro4_nsc(server, *arguments, **settings) for server in self.servers)
        self.assertEqual(ours, theirs)
        return ours

    def test_listings(self):
        everything = self.both("list")
        self.assertIn("Pyro.NameServer --> OWN-URI\n    metadata: ['class:Pyro4.naming.NameServer']\n",
                      everything)
        self.assertEqual(len(everything.splitlines()), 11)
        self.assertEqual(self.both("list", "example."),
                         "--------START LIST - prefix 'example.'\n"
                         "example.blue --> PYRO:b@./u:/tmp/blue.sock\n"
                         "    metadata: ['cold', 'colour']\n"
                         "example.red --> PYRO:r@host:1\n"
                         "    metadata: ['a\"quote', \"a'quote\", 'colour', 'warm']\n"
                         "--------END LIST - prefix 'example.'\n")
        for arguments in (("list", "none"), ("listmatching", "p.*n$"), ("listmatching", "(unclosed"),
                          ("listmeta_all", "colour", "cold"), ("listmeta_any", "warm", "ünïcode"),
                          ("listmeta_all", "none")):
            with self.subTest(command=arguments):
                self.both(*arguments)

    def test_single_names(self):
        for arguments in (("ping",), ("lookup", "example.blue"), ("lookup", "plain"), ("lookup", "größe ☃"),
                          ("lookup", "unknown"), ("-v", "lookup", "plain"), ("remove", "plain"),
                          ("remove", "plain"),
                          ("remove", "Pyro.NameServer"), ("register", "new", "PYRO:n@h:1"),
                          ("register", "new", "PYRO:n@h:2"),
                          ("register", "bad", "nonsense"), ("setmeta", "new", "t2", "t1"),
                          ("setmeta", "unknown", "t"),
                          ("lookup", "new"), ("setmeta", "new"), ("lookup", "new"), ("list", "new")):
            with self.subTest(command=arguments):
                self.both(*arguments)

    def test_removing_many(self):
        self.assertIn("2 items removed.", self.both("removematching", "example", typed="y\n"))
        self.both("removematching", ".*", typed="n\n")
        self.assertEqual(self.both("list", "pl"),
                         "--------START LIST - prefix 'pl'\nplain --> pyro:p@Host:3\n"
                                                  "--------END LIST - prefix 'pl'\n")


if __name__ == "__main__":
    support.main()
