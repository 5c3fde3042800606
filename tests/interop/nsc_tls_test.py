#!/usr/bin/python3
"""Our nsc over TLS, against hearthd and against the real pyro4-ns; and what it says, and `nsc doctor` finds, when it does not come
about."""

import json

import support
import tools
from tls_case import Authority, TlsCase, client_settings

DONE, _, USAGE, _, NO_NAME_SERVER = range(5)


class NscTlsCase(TlsCase):
    program = None  # what HEARTHD names

    def serve(self, *options, **settings):
        return super().serve(*options, program=self.program, **settings)

    def nsc(self, server, *arguments, env=None):
        """By default it trusts the CA."""
        return tools.nsc(server, *arguments, env=client_settings(self.authority.file) if env is None else env)

    def assert_works(self, server, *arguments, env=None):
        self.assertEqual(self.nsc(server, *arguments, "ping", env=env), (DONE, "Name server ping ok.\n", ""))

    def assert_finds(self, cause, server, *arguments, words=(), env=None):
        """What goes wrong, in one line; and that the doctor says the same."""
        status, output, trouble = self.nsc(server, *arguments, "list", env=env)
        self.assertEqual((status, output, len(trouble.splitlines())), (NO_NAME_SERVER, "", 1), trouble)
        status, output, trouble_of_doctor = self.nsc(server, *arguments, "--json", "doctor", env=env)
        self.assertEqual((status, trouble_of_doctor), (NO_NAME_SERVER, ""))
        report = json.loads(output)
        self.assertEqual(report["cause"], cause, report)
        for word in words:
            self.assertIn(word, trouble)
            self.assertIn(word, report["explanation"])


class Both:
    """The tests; the classes below run them against one server each."""

    def test_by_variables_and_by_options(self):
        server = self.serve()
        self.assert_works(server)
        self.assert_works(server, "--ssl", env={"PYRO_SSL_CACERTS": self.authority.file})
        self.assert_works(server, "--ssl-cacerts", self.authority.file, env={})
        self.assert_works(server, "--ssl-cacerts=" + self.authority.file,
                          env={"PYRO_SSL": "true", "PYRO_SSL_CACERTS": self.path("none")})
        status, output, _ = self.nsc(server, "--json", "doctor")
        self.assertEqual((status, json.loads(output)["health"]), (DONE, "healthy"))

    def test_a_client_certificate(self):
        server = self.serve(authorities=self.authority.file, requires=True)
        certificate, key = self.authority.issue("alice", "alice")
        self.assert_works(server, env=client_settings(self.authority.file, certificate, key))
        self.assert_works(server, "--ssl-clientcert", certificate, "--ssl-clientkey", key)
        self.assert_finds("certificate_wanted", server, words=["requires a client certificate"])
        other = Authority(self.directory, "Other CA")
        mallory = client_settings(self.authority.file, *other.issue("mallory", "mallory"))
        self.assert_finds("certificate_wanted", server, env=mallory,
                          words=["does not trust the CA of our certificate CN=mallory,O=Lab"])

    def test_certificates_that_are_not_accepted(self):
        server = self.serve()
        other = Authority(self.directory, "Other CA")
        self.assert_finds("certificate_bad", server, env=client_settings(other.file),
                          words=["CN=localhost,O=Lab was issued by CN=Lab CA, which is not trusted"])
        old = self.serve(certificate=self.authority.issue("old", expired=True))
        self.assert_finds("certificate_bad", old, words=["has expired on 20"])
        elsewhere = self.serve(certificate=self.authority.issue("elsewhere", hosts="DNS:ns.example"))
        self.assert_finds("certificate_bad", elsewhere, words=["is not for localhost, but for DNS:ns.example"])

    def test_one_side_only(self):
        self.assert_finds("tls_unwanted", self.start_server(program=self.program), words=["does not speak TLS"])
        self.assert_finds("tls_expected", self.serve(), env={})


class AgainstHearthd(Both, NscTlsCase):
    def test_status(self):
        status, output, trouble = self.nsc(self.serve(), "status")
        self.assertEqual((status, trouble), (DONE, ""))
        self.assertTrue(output.startswith("hearthd "), output)

    def test_without_tls_it_is_told_what_to_set(self):
        server = self.serve()
        _, _, trouble = self.nsc(server, "list", env={})
        self.assertIn("this port speaks TLS: set PYRO_SSL, and PYRO_SSL_CACERTS", trouble)

    def test_settings_that_are_no_good(self):
        server = self.serve()
        for arguments, word in ((("--ssl-cacerts", self.path("none")), "No such file"),
                                (("--ssl-clientcert", self.authority.file), "holds no private key")):
            status, output, trouble = self.nsc(server, *arguments, "list")
            self.assertEqual((status, output, len(trouble.splitlines())), (USAGE, "", 1), trouble)
            self.assertIn(word, trouble)


class AgainstPyro(Both, NscTlsCase):
    program = support.PYRO4_NS


if __name__ == "__main__":
    support.main()
