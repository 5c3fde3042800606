"""What the tests of `nsc locate` and `nsc doctor` share: nsc run on a host of a made network, and programs that
stand in for bad name servers."""

import contextlib
import json
import socket
import threading

import netns
import support

DONE, FAILED, USAGE, NO_SUCH_NAME, NO_NAME_SERVER = range(5)
SERVER = "10.1.0.1"
# What the tests wait for in vain costs this long; nothing that answers is that slow, but a sanitizer may be.
PATIENCE = {"PYRO_COMMTIMEOUT": "3"}


def block_tcp(host, verdict):
    """Lets the machine treat what comes to its TCP ports so: "drop", "reject"."""
    rules = "table inet test { chain input { type filter hook input priority 0; meta l4proto tcp %s; }; }"
    host.run("nft", rules % verdict)


class NetworkCase(support.DirectoryCase):
    """Two machines on one network; `client` is where nsc runs."""

    def setUp(self):
        super().setUp()
        self.network = netns.Network(self.addCleanup)
        self.lan = self.network.switch("lan")
        self.server_host = self.add_host("server", SERVER + "/24")
        self.client_host = self.add_host("client", "10.1.0.2/24")

    def add_host(self, name, address):
        host = self.network.host(name)
        self.lan.connect(host, address, default_route=True)
        return host

    def serve(self, *options, host=None, **settings):
        return self.start_server(*options, through=(host or self.server_host).through, **settings)

    def nsc(self, *arguments, host=None, env=None):
        """nsc on the client: (exit status, stdout, stderr)."""
        argv = [*(host or self.client_host).through, support.required_path("NSC"), *arguments]
        return support.run(argv, self.directory, env={**PATIENCE, **(env or {})})

    def nsc_json(self, *arguments, **settings):
        """(exit status, the value that was printed)"""
        status, output, _ = self.nsc("--json", *arguments, **settings)
        return status, json.loads(output)

    def in_thread(self, host, listener_of, handle):
        """Handles, on that host, what comes to a socket that `listener_of` makes, until the test ends."""
        with host.inside():
            listener = listener_of()
        stop = threading.Event()

        def run():
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    handle(listener)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()

        def end():
            stop.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes who waits on it
            listener.close()
            thread.join(support.SAFETY_S)
        self.addCleanup(end)
        return listener.getsockname()[1]

    def tcp_server(self, host, answer, address="0.0.0.0"):
        """Calls answer(connection) for each connection; its port."""
        def handle(listener):
            connection, _ = listener.accept()
            with connection:
                answer(connection)
        return self.in_thread(host, lambda: socket.create_server((address, 0)), handle)

    def udp_answerer(self, host, text, port=9091):
        """Answers GET_NSURI with this text."""
        def open_socket():
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind(("0.0.0.0", port))
            return udp

        def handle(udp):
            question, asker = udp.recvfrom(100)
            if question == b"GET_NSURI":
                udp.sendto(text.encode("latin-1"), asker)
        return self.in_thread(host, open_socket, handle)


class DoctorCase(NetworkCase):
    def assert_finds(self, cause, status, *arguments, words=(), **settings):
        """The cause, and the words that its explanation must have; the report. Text and JSON agree."""
        got, report = self.nsc_json(*arguments, "doctor", **settings)
        self.assertEqual((report["cause"], got), (cause, status), report)
        for word in words:
            self.assertIn(word, report["explanation"])
        self.assertEqual(report["health"], {DONE: "healthy", FAILED: "impaired", NO_NAME_SERVER: "missing"}[status])
        return report

    def outcome_of(self, report, step):
        found, = [each for each in report["steps"] if each["step"] == step]
        return found["outcome"]
