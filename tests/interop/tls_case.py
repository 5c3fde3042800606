"""What the tests of TLS share: servers with certificates of the test's own, and Pyro4 clients in processes of their own."""

import os
import ssl
import subprocess

import support
from certificates import Authority, client_settings, server_settings

STEERED_CLIENT = os.path.join(support.HERE, "programs", "steered_client.py")


class SteeredClient(support.Child):
    """A Pyro4 client with TLS settings of its own."""

    def __init__(self, directory, uri, settings):
        super().__init__([support.PYTHON, STEERED_CLIENT, str(uri)], support.clean_environment(directory, settings),
                         stdin=subprocess.PIPE)
        self.answers = 0

    def call(self, method, *arguments):
        """The line that it prints about the call."""
        self.type_line(" ".join((method, *arguments)))
        self.answers += 1
        with self.news:
            self.news.wait_for(lambda: len(self.lines["stdout"]) >= self.answers or self.open_pipes == 0,
                               support.SAFETY_S)
        if len(self.lines["stdout"]) < self.answers:
            raise AssertionError("no answer from %s" % self.describe())
        return self.lines["stdout"][self.answers - 1]


class TlsCase(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.directory)

    def serve(self, *options, certificate=None, env=None, program=None, **settings):
        """hearthd, or `program`, with TLS; `settings` are those of server_settings()."""
        certificate = certificate or self.authority.issue("server")
        return self.start_server(*options, program=program, env={**server_settings(*certificate, **settings), **(env or {})})

    def client(self, server, settings=None, uri=None):
        """By default one that trusts the CA."""
        settings = client_settings(self.authority.file) if settings is None else settings
        client = SteeredClient(self.directory, uri or server.uri, settings)
        self.addCleanup(client.kill)
        return client

    def assert_served(self, client):
        self.assertEqual(client.call("count"), "= 1")

    def assert_refused(self, client, *words):
        answer = client.call("count")
        self.assertTrue(answer.startswith("! CommunicationError ") or answer.startswith("! ConnectionClosedError "), answer)
        for word in words:
            self.assertIn(word, answer)

    def context(self, **changes):
        """For sockets of the test's own."""
        context = ssl.create_default_context(cafile=self.authority.file)
        for name, value in changes.items():
            setattr(context, name, value)
        return context


__all__ = ["Authority", "SteeredClient", "TlsCase", "client_settings", "server_settings"]
