#!/usr/bin/python3
"""nsc doctor names the right cause of staged faults at a host, on networks made for it."""

import contextlib
import http.server
import ssl
import threading

import Pyro4

import netns
import network_tools
import support
from network_tools import DONE, FAILED, NO_NAME_SERVER, SERVER


class WorksTest(network_tools.DoctorCase):
    def test_by_host(self):
        server = self.serve("-n", SERVER)
        report = self.assert_finds("none", DONE, "-n", SERVER, "-p", str(server.port), words=["Nothing is wrong"])
        self.assertEqual([step["step"] for step in report["steps"]], ["given_host", "own_registration"])
        self.assertEqual(report["remedy"], "")

    def test_on_this_machine(self):
        server = self.serve()
        report = self.assert_finds("none", DONE, "-p", str(server.port), host=self.server_host)
        self.assertEqual(self.outcome_of(report, "loopback"), "works")

    def test_by_unix_socket(self):
        path = self.path("ns")
        self.serve("-u", path, port=None)
        self.assert_finds("none", DONE, "-u", path, host=self.server_host)

    def test_with_the_key(self):
        server = self.serve("-n", SERVER, env={"PYRO_HMAC_KEY": "secret"})
        self.assert_finds("none", DONE, "-n", SERVER, "-p", str(server.port), env={"PYRO_HMAC_KEY": "secret"})

    def test_text_has_a_line_for_each_step(self):
        server = self.serve("-n", SERVER)
        status, output, trouble = self.nsc("-n", SERVER, "-p", str(server.port), "doctor")
        self.assertEqual((status, trouble), (DONE, ""))
        place = "%s:%d" % (SERVER, server.port)
        self.assertEqual(output, "%s works\nPyro.NameServer is registered as PYRO:Pyro.NameServer@%s, which works\n"
                                 "Nothing is wrong: %s works.\n" % (place, place, place))


class NobodyThereTest(network_tools.DoctorCase):
    def test_nothing_runs(self):
        report = self.assert_finds("nothing_runs", NO_NAME_SERVER, words=["none answers a broadcast"])
        self.assertEqual([step["step"] for step in report["steps"]],
                         ["loopback", "debian_loopback", "broadcast", "broadcast"])
        self.assert_finds("nothing_runs", NO_NAME_SERVER, "-n", SERVER, words=["10.1.0.1:9090"])
        self.assert_finds("nothing_runs", NO_NAME_SERVER, "-u", self.path("none"), words=["does not exist"])

    def test_text_ends_with_cause_and_remedy(self):
        status, output, trouble = self.nsc("-n", SERVER, "doctor")
        self.assertEqual((status, trouble), (NO_NAME_SERVER, ""))
        first, cause, remedy = output.splitlines()
        self.assertEqual(first, "10.1.0.1:9090 refuses connections: nothing listens there")
        self.assertTrue(cause.startswith("Likely cause: No name server listens at 10.1.0.1:9090"), cause)
        self.assertTrue(remedy.startswith("Remedy: Run `nsc doctor` on that machine."), remedy)

    def test_runs_on_loopback_only(self):
        server = self.serve()
        place = ["-n", SERVER, "-p", str(server.port)]
        self.assert_finds("loopback_only", FAILED, *place, host=self.server_host,
                          words=["127.0.0.1:%d" % server.port])
        # From elsewhere that cannot be seen; the remedy names it.
        report = self.assert_finds("nothing_runs", NO_NAME_SERVER, *place)
        self.assertIn("loopback", report["remedy"])

    def test_unknown_host(self):
        self.assert_finds("host_unknown", NO_NAME_SERVER, "-n", "name.invalid", words=["name.invalid"])
        self.assert_finds("host_unknown", NO_NAME_SERVER, env={"PYRO_NS_HOST": "name.invalid"},
                          words=["name.invalid"])

    def test_no_route(self):
        self.client_host.ip("route", "delete", "default")
        self.assert_finds("no_route", NO_NAME_SERVER, "-n", "192.0.2.1", words=["192.0.2.1:9090"])

    def test_no_such_machine(self):
        self.assert_finds("no_route", NO_NAME_SERVER, "-n", "10.1.0.77", env={"PYRO_COMMTIMEOUT": "20"})


class FirewallTest(network_tools.DoctorCase):
    def assert_port_blocked(self, *words):
        server = self.serve("-n", SERVER)
        self.assert_finds("port_blocked", NO_NAME_SERVER, "-n", SERVER, "-p", str(server.port), words=words,
                          env={"PYRO_COMMTIMEOUT": "1"})

    def test_drop(self):
        network_tools.block_tcp(self.server_host, "drop")
        self.assert_port_blocked("gets lost")

    def test_reject(self):
        network_tools.block_tcp(self.server_host, "reject")
        self.assert_port_blocked("A firewall refuses")

    def test_reject_as_prohibited(self):
        network_tools.block_tcp(self.server_host, "reject with icmpx admin-prohibited")
        self.assert_port_blocked("A firewall refuses")



class OtherProgramTest(network_tools.DoctorCase):
    def assert_at(self, port, cause, *words, **settings):
        self.assert_finds(cause, NO_NAME_SERVER, "-n", SERVER, "-p", str(port), words=words, **settings)

    def test_http_server(self):
        with self.server_host.inside():
            server = http.server.HTTPServer((SERVER, 0), http.server.BaseHTTPRequestHandler)
        self.addCleanup(server.server_close)
        server.RequestHandlerClass.log_message = lambda *arguments: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        self.assert_at(server.server_port, "other_program", "It says: <!DOCTYPE HTML")

    def test_banner(self):
        self.assert_at(self.tcp_server(self.server_host, lambda peer: (peer.sendall(b"220 mail\r\n"), peer.recv(1))),
                       "other_program", "It says: 220 mail", env={"PYRO_COMMTIMEOUT": "1"})

    def test_silent(self):
        def say_nothing(connection):
            while connection.recv(4096):
                pass
        self.assert_at(self.tcp_server(self.server_host, say_nothing), "not_answering",
                       env={"PYRO_COMMTIMEOUT": "1"})

    def test_closes_at_once(self):
        self.assert_at(self.tcp_server(self.server_host, lambda connection: None), "other_program")

    def test_pyro_program_without_a_name_server(self):
        with self.server_host.inside():
            daemon = Pyro4.Daemon(SERVER)
        thread = threading.Thread(target=daemon.requestLoop, daemon=True)
        thread.start()
        self.addCleanup(thread.join, support.SAFETY_S)
        self.addCleanup(daemon.shutdown)
        port = int(daemon.locationStr.partition(":")[2])
        self.assert_at(port, "other_pyro_program", "hosts objects")

    def test_tls(self):
        key, certificate = self.path("key.pem"), self.path("cert.pem")
        support.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                     "-subj", "/CN=server", "-days", "1"], self.directory)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = version
            context.load_cert_chain(certificate, key)

            def shake_hands(connection, context=context):
                with contextlib.suppress(ssl.SSLError, ConnectionError):
                    context.wrap_socket(connection, server_side=True).close()
            self.assert_at(self.tcp_server(self.server_host, shake_hands), "tls_expected")
        server = self.serve("-n", SERVER, program=support.PYRO4_NS, env={
            "PYRO_SSL": "true", "PYRO_SSL_SERVERCERT": certificate, "PYRO_SSL_SERVERKEY": key})
        self.assert_at(server.port, "tls_expected")


class RefusedTest(network_tools.DoctorCase):
    def assert_refused(self, cause, *words, server_env=None, env=None, status=NO_NAME_SERVER, **settings):
        server = self.serve("-n", SERVER, env=server_env, **settings)
        return self.assert_finds(cause, status, "-n", SERVER, "-p", str(server.port), words=words, env=env)

    def test_serializer(self):
        report = self.assert_refused("serializer_refused", "message used serializer that is not accepted: 1",
                                     server_env={"PYRO_SERIALIZERS_ACCEPTED": "json"})
        self.assertIn("PYRO_SERIALIZER", report["remedy"])

    def test_key_missing(self):
        self.assert_refused("key_missing", "requires an HMAC key", server_env={"PYRO_HMAC_KEY": "secret"})

    def test_key_wrong(self):
        self.assert_refused("key_wrong", server_env={"PYRO_HMAC_KEY": "secret"}, env={"PYRO_HMAC_KEY": "wrong"})

    def test_key_unwanted(self):
        self.assert_refused("key_unwanted", env={"PYRO_HMAC_KEY": "secret"})

    def test_all_threads_taken(self):
        server = self.serve("-n", SERVER, program=support.PYRO4_NS,
                            env={"PYRO_THREADPOOL_SIZE": "2", "PYRO_THREADPOOL_SIZE_MIN": "1"})
        with self.client_host.inside():
            for _ in range(2):
                self.locate(server)
        self.assert_finds("no_free_worker", NO_NAME_SERVER, "-n", SERVER, "-p", str(server.port),
                          words=["no free workers"])


if __name__ == "__main__":
    netns.main()
