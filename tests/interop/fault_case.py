"""What the tests of a failing storage share: a server on a file of its own, and what every failure has in common: reads go
on, writes are refused with the reason, and work again without a restart when the cause is gone."""

import contextlib
import json
import os
import sqlite3

import Pyro4.errors
import support
import tools

REFUSAL = "the name server cannot store changes: "


class FaultCase(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.home = self.path("state")
        os.mkdir(self.home)
        self.file = os.path.join(self.home, "names.db")
        self.acknowledged = {}

    def start(self, **settings):
        self.server = self.start_server(storage="sql:" + self.file, **settings)
        self.ns = self.locate(self.server)

    def register(self, name, uri="PYRO:o@h:1", tags=()):
        self.ns.register(name, uri, metadata=list(tags))
        self.acknowledged[name] = (uri, sorted(tags))

    def entries(self):
        return {name: (uri, sorted(tags)) for name, (uri, tags) in self.ns.list(return_metadata=True).items()
                if name != support.NAME_SERVER}

    def assert_refused(self, *reasons):
        """A write fails with the reason, and reads go on."""
        with self.assertRaises(Pyro4.errors.NamingError) as caught:
            self.ns.register("refused", "PYRO:%s@h:1" % ("x" * 5000))
        self.assertIn(str(caught.exception), [REFUSAL + reason for reason in reasons])
        self.assertEqual(self.entries(), self.acknowledged)

    def database(self):
        """The file, opened by another program."""
        return contextlib.closing(sqlite3.connect(self.file, isolation_level=None))

    def status(self):
        """What `nsc status` says."""
        status, output, trouble = tools.nsc(self.server, "--json", "status")
        self.assertEqual((status, trouble), (0, ""))
        return json.loads(output)

    def works_again(self):
        with contextlib.suppress(Pyro4.errors.NamingError):
            self.register("after", tags=["x"])
            return True
        return False

    def check_recovers_and_keeps_everything(self):
        self.assertTrue(support.wait_until(self.works_again), self.server.describe())
        self.assertEqual(self.entries(), self.acknowledged)
        self.server.kill()
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)
        self.server.stop()
        self.start()
        self.assertEqual(self.entries(), self.acknowledged)
        self.server.stop()
