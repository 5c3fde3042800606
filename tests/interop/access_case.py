"""What the tests of access rules share: tokens, rules, and clients with and without one."""

import Pyro4.errors
import support
from support import Pyro4
from tls_case import TlsCase


class AccessCase(TlsCase):
    def new_token(self, name):
        """The token, and its line for the file."""
        status, output, trouble = support.run([support.required_path("HEARTHD"), "--new-token", name], self.directory)
        self.assertEqual((status, trouble), (0, ""))
        token, line = output.splitlines()
        self.assertTrue(line.startswith("token %s sha256:" % name), line)
        self.assertNotIn(token, line)
        return token, line

    def write_rules(self, *lines):
        with open(self.path("access.conf"), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))

    def guard(self, *lines, options=()):
        """hearthd with these rules."""
        self.write_rules(*lines)
        return self.start_server("--access", self.path("access.conf"), *options)

    def proxy(self, server, token=None, object_id="Pyro.NameServer"):
        proxy = Pyro4.Proxy("PYRO:%s@127.0.0.1:%d" % (object_id, server.port))
        self.addCleanup(proxy._pyroRelease)
        if token is not None:
            proxy._pyroHandshake = token
        return proxy

    def assert_refused(self, words, call, *arguments, **keywords):
        with self.assertRaises(Pyro4.errors.SecurityError) as raised:
            call(*arguments, **keywords)
        self.assertIn(words, str(raised.exception))
