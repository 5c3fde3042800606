"""What the tests of autoclean share: a server that cleans, and real daemons that die."""

import os
import unittest

import Pyro4

import support

GRACE_S = 0.5
PERIOD_S = 3  # the shortest that is allowed


class Landlord(support.Child):
    """A Pyro4 daemon (programs/landlord.py). `uris` by object id."""

    def __init__(self, home, *arguments, through=()):
        program = os.path.join(support.HERE, "programs", "landlord.py")
        super().__init__([*through, support.PYTHON, "-W", "ignore", program, *arguments],
                         support.clean_environment(home))

    def start(self):
        try:
            self.wait_for_line("ready")
        except AssertionError:
            self.kill()
            raise
        self.uris = {Pyro4.URI(line).object: line for line in self.lines["stdout"]
                     if line.startswith("PYRO:")}
        self.uri = next(iter(self.uris.values()))
        self.port = Pyro4.URI(self.uri).port
        return self

    def wait_until_asked(self, times):
        with self.news:
            if not self.news.wait_for(lambda: self.lines["stdout"].count("asked") >= times,
                                      support.SAFETY_S):
                raise AssertionError("nobody asks %s" % self.describe())


class UpkeepCase(unittest.TestCase):
    """What a test starts lives as long as its class: several tests can look at what one wait has brought."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.directory = support.make_directory(cls.addClassCleanup)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.directory, name)

    @classmethod
    def start_cleaner(cls, *options, **settings):
        server = support.Server(cls.directory, "--autoclean", str(PERIOD_S), "--autoclean-grace", str(GRACE_S),
                                *options, **settings)
        cls.addClassCleanup(server.kill)
        return server.start()

    @classmethod
    def start_landlord(cls, *arguments, **settings):
        landlord = Landlord(cls.directory, *arguments, **settings)
        cls.addClassCleanup(landlord.kill)
        return landlord.start()

    @classmethod
    def locate(cls, server):
        name_server = server.locate()
        cls.addClassCleanup(name_server._pyroRelease)
        return name_server

    @staticmethod
    def wait_until_gone(name_server, *names):
        def are_gone():
            left = name_server.list()
            return not any(name in left for name in names)
        if not support.wait_until(are_gone):
            raise AssertionError("not removed: %s" % sorted(set(names) & set(name_server.list())))

    def removal_line(self, server, name):
        """The log line of the removal."""
        lines = [line for line in server.lines["stderr"] if "autoclean: removed '%s'," % name in line]
        self.assertEqual(len(lines), 1, server.describe())
        return lines[0]

    @staticmethod
    def status(server):
        with Pyro4.Proxy("PYRO:Hearth.Admin@%s:%d" % (server.host, server.port)) as admin:
            return admin.status()["autoclean"]
