"""Programs of real Pyro4 users, each a process of its own, with the server under test as their only name
server."""

import os
import signal
import subprocess

import support


class TutorialCase(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.settings = {"PYRO_NS_HOST": "localhost", "PYRO_NS_PORT": str(self.server.port)}

    def tearDown(self):
        self.server.stop()

    def start_program(self, name, *arguments):
        program = os.path.join(support.HERE, "programs", name)
        child = support.Child([support.PYTHON, "-W", "ignore", program, *arguments],
                              support.clean_environment(self.directory, self.settings), stdin=subprocess.PIPE)
        self.addCleanup(child.kill)
        return child

    def finish(self, child):
        """All that the program printed, once it has ended well by itself."""
        child.process.stdin.close()
        self.assertEqual(child.wait(), 0, child.describe())
        return child.lines["stdout"]

    def interrupt(self, child):
        child.signal(signal.SIGINT)
        child.wait()
        return child.lines["stdout"]
