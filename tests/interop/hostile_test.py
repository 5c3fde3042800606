#!/usr/bin/python3
"""Whatever one client does, another one keeps registering, listing and looking up without an error or a hang, and the server's
memory stays within a bound and comes back.

The good client's waiting times are printed for whoever wants to know; only a hang fails."""

import os
import re
import resource
import socket
import ssl
import statistics
import struct
import threading
import time
import zlib

import Pyro4
import support
from certificates import Authority, server_settings
from pyro5_wire import COMPRESSED, JSON, MARSHAL, MSGPACK, Pyro5Peer, dumps
from raw_peer import INVOKE, Pyro4Peer, RawPeer

PATIENCE = int(os.environ.get("PATIENCE", "1"))  # more than 1: a sanitizer's build, slower and larger
HANG_S = 10 * PATIENCE
CROWD = 2000
MIB = 1 << 20


class GoodClient(threading.Thread):
    """Does its work over and over until it is told to end."""

    def __init__(self, uri):
        super().__init__()
        self.uri = uri
        self.times_s = []
        self.error = None
        self.news = threading.Condition()
        self.ending = False

    def run(self):
        try:
            with Pyro4.Proxy(self.uri) as server:
                server._pyroTimeout = HANG_S
                while not self.ending:
                    begin = time.monotonic()
                    self.work(server, len(self.times_s))
                    with self.news:
                        self.times_s.append(time.monotonic() - begin)
                        self.news.notify_all()
        except Exception as error:  # whatever it is, the test reads it
            with self.news:
                self.error = error
                self.news.notify_all()

    def work(self, server, number):
        name, uri = "good.client", "PYRO:object@localhost:%d" % (1 + number % 1000)
        server.register(name, uri, metadata=["good", str(number % 7)])
        if str(server.lookup(name)) != uri or server.list(metadata_all=["good"]) != {name: uri}:
            raise AssertionError("the server forgot round %d" % number)

    def wait_for_rounds(self, count):
        """So many more."""
        with self.news:
            wanted = len(self.times_s) + count
            if not self.news.wait_for(lambda: self.error or len(self.times_s) >= wanted, support.SAFETY_S):
                raise AssertionError("the good client hangs")

    def end(self):
        self.ending = True
        self.join(support.SAFETY_S)

    def describe(self):
        times_ms = sorted(1000 * seconds for seconds in self.times_s)
        return "%d rounds of the good client: median %.1f ms, p99 %.1f ms, longest %.1f ms" % (
            len(times_ms), statistics.median(times_ms), times_ms[len(times_ms) * 99 // 100], times_ms[-1])


class HostileCase(support.DirectoryCase):
    """`memory_bytes` is what the hostile ones may make the server hold beyond what it holds anyway."""

    options = ()
    memory_bytes = 64 * MIB

    @classmethod
    def setUpClass(cls):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))  # the server inherits it

    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.good = GoodClient(self.server.uri)
        self.good.start()
        self.addCleanup(self.good.end)
        self.good.wait_for_rounds(10)
        self.before = self.memory("VmRSS")
        with open("/proc/%d/clear_refs" % self.server.pid, "w", encoding="ascii") as peak:
            peak.write("5")  # VmHWM begins anew (proc(5))
        self.peers = []

    def serve(self):
        return self.start_server(*self.options)

    def tearDown(self):
        """The good client goes on through it all, and afterwards."""
        self.good.wait_for_rounds(20)
        peak = self.memory("VmHWM")
        for peer in self.peers:
            peer.close()
        self.good.wait_for_rounds(20)
        self.good.end()
        self.assertIsNone(self.good.error)
        after = self.memory("VmRSS")
        print("%s; memory %+.1f MiB at most, %+.1f MiB afterwards" % (
            self.good.describe(), (peak - self.before) / MIB, (after - self.before) / MIB), flush=True)
        if PATIENCE == 1:
            self.assertLess(peak - self.before, self.memory_bytes)
            self.assertLess(after - self.before, max(16 * MIB, self.memory_bytes // 4))
        self.server.stop()

    def memory(self, field):
        with open("/proc/%d/status" % self.server.pid, encoding="ascii") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith(field + ":"))

    def peer(self, kind=Pyro5Peer, *settings):
        peer = kind(self.server.port, *settings)
        self.peers.append(peer)
        return peer

    def send_and_wait_for_end(self, data, kind=Pyro5Peer):
        """Both what it answers, if anything, and the end are the server's."""
        peer = self.peer(kind).connect()
        try:
            peer.send(data)
        except OSError:
            return  # it has heard enough
        peer.finish_sending()
        peer.receive_to_end()


class Crowds(HostileCase):
    def test_silent_connections(self):
        for _ in range(CROWD):
            self.peer(RawPeer)

    def test_one_byte_at_a_time(self):
        slow = [self.peer() for _ in range(100)]
        message = slow[0].connect_message()
        for position in range(len(message) - 1):
            for peer in slow:
                peer.send(message[position:position + 1])
            self.good.wait_for_rounds(1)

    def test_half_open_and_reset(self):
        for number in range(1000):
            peer = RawPeer(self.server.port)
            peer.send(b"PYRO" + bytes(number % 40))
            if number % 2:
                peer.finish_sending()
            else:
                peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

    def test_storm(self):
        def storm():
            for _ in range(1000):
                socket.create_connection(("127.0.0.1", self.server.port), support.SAFETY_S).close()
        threads = [threading.Thread(target=storm) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


class Descriptors(HostileCase):
    """More silent connections than the server has descriptors, of several sources: those without a handshake give way."""

    def serve(self):
        return self.start_server(through=("prlimit", "--nofile=256:256"))

    def test_newcomers_get_in(self):
        for number in range(600):
            source = ("127.0.1.%d" % (1 + number % 6), 0)
            self.peers.append(socket.create_connection(("127.0.0.1", self.server.port), support.SAFETY_S, source))
        self.server.wait_for_log("connections, the maximum: new ones wait")
        for number in range(3):
            with self.server.locate() as newcomer:
                newcomer.register("newcomer", "PYRO:o@h:%d" % (1 + number))
                self.assertEqual(newcomer.list(prefix="newc"), {"newcomer": "PYRO:o@h:%d" % (1 + number)})
        self.server.wait_for_log("no handshake, and its place is wanted")


class Tls(HostileCase):
    """At the port with TLS; the good client is at the one without."""

    memory_bytes = 256 * MIB  # OpenSSL holds some 40 KiB for a handshake that has begun

    def serve(self):
        authority = Authority(self.directory)
        self.context = ssl.create_default_context(cafile=authority.file)
        certificate, key = authority.issue("server")
        server = self.start_server("--ssl-port", "0", "--ssl-servercert", certificate, "--ssl-serverkey", key)
        line = next(line for line in server.lines["stdout"] if line.endswith("with TLS"))
        self.tls_port = int(re.match(r"NS running on \S+:(\d+) ", line).group(1))
        return server

    def tls_peer(self):
        peer = RawPeer(self.tls_port)
        self.peers.append(peer)
        return peer

    def test_silent_connections(self):
        for _ in range(CROWD):
            self.tls_peer()

    def test_handshakes_that_stall(self):
        tls = self.context.wrap_bio(ssl.MemoryBIO(), outgoing := ssl.MemoryBIO(), server_hostname="localhost")
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        hello = outgoing.read()
        for number in range(CROWD // 2):
            self.tls_peer().send(hello[:len(hello) - number % 2])


class Messages(HostileCase):
    memory_bytes = 320 * MIB  # a message of 16 MiB is 20 times dearer as values (Limits::value_nodes_max)

    def test_replies_that_nobody_reads(self):
        with self.server.locate() as other:
            for number in range(500):
                other.register("name.%d" % number, "PYRO:o@h:1", metadata=["x" * 1000])
        for _ in range(20):
            peer = self.peer(Pyro4Peer).connect()
            peer.socket.settimeout(0.1)
            calls = b"".join(peer.call_message(seq, "list", None, None, None, None, True) for seq in range(1000))
            try:
                peer.send(calls)
            except TimeoutError:
                pass  # the server reads no more from it

    def test_four_gigabytes_announced(self):
        for _ in range(50):
            peer = self.peer().connect()
            peer.send(peer.message(INVOKE, data_size=0xFFFFFFFF))
            peer.receive_to_end()

    def test_zlib_bombs(self):
        bomb = zlib.compress(bytes(1 << 30), 9)
        for _ in range(5):
            self.send_and_wait_for_end(Pyro5Peer.message(self.peer(), INVOKE, bomb, COMPRESSED))

    def test_nested_lists(self):
        depth = 10000
        nested = {JSON: b"[" * depth + b"]" * depth, MSGPACK: b"\x91" * depth + b"\x90",
                  MARSHAL: b"[\x01\x00\x00\x00" * depth + b"N", 1: b"[" * depth + b"]" * depth}
        for serializer, payload in nested.items():
            peer = self.peer().connect()
            peer.send(peer.message(INVOKE, payload, serializer_id=serializer))
            peer.finish_sending()
            peer.receive_to_end()

    def test_a_million_keys(self):
        keys = {str(number): None for number in range(1_000_000)}
        call = ["Pyro.NameServer", "register", ["x", keys], {}]
        for serializer in (MSGPACK, MARSHAL):
            peer = self.peer()
            self.send_and_wait_for_end(peer.message(INVOKE, dumps(serializer, call), serializer_id=serializer))

    def test_patterns_that_explode(self):
        with self.server.locate() as other:
            other.register("a" * 60, "PYRO:o@h:1")
            for pattern in ("(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "((a*)*)*$", "^(([a-z])+.)+[A-Z]([a-z])+$"):
                try:
                    other.list(regex=pattern + "!")
                except Pyro4.errors.NamingError:
                    pass

    def test_names_and_tags_at_their_limits(self):
        with self.server.locate() as other:
            longest = 1 << 16
            other.register("n" * longest, "PYRO:o@h:1", metadata=["t" * longest])
            for length in (longest + 1, 1 << 20):
                for name, tags in (("n" * length, []), ("n", ["t" * length]), ("n", list(map(str, range(length))))):
                    with self.assertRaises(ValueError):
                        other.register(name, "PYRO:o@h:1", metadata=tags)
            self.assertEqual([len(name) for name in other.list(prefix="n")], [longest])


class Datagrams(HostileCase):
    options = ("--bchost", "127.0.0.1", "--bcport", "0", "--broadcast-on-loopback")

    def serve(self):
        server = self.start_server(*self.options)
        line = server.wait_for_line("Broadcast server running on")
        self.discovery_port = int(line.rsplit(":", 1)[1])
        return server

    def test_a_flood(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flooder:
            for number in range(20000):
                flooder.sendto((b"GET_NSURI", b"GET_NSURI" * 100, b"")[number % 3], ("127.0.0.1", self.discovery_port))


if __name__ == "__main__":
    support.main()
