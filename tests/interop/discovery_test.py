#!/usr/bin/python3
"""How clients find the name server without being told where it is, in networks made for the purpose: real
Pyro4.locateNS() from several subnets, rivals, forged floods, and who is not answered at all."""

import signal
import socket
import struct
import threading
import time

import netns
import Pyro4
import support

QUESTION = b"GET_NSURI"
PORT = 9091
EVERYWHERE = "Broadcast server running on 0.0.0.0:9091"


def udp_socket(host):
    with host.inside():
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    made.settimeout(support.SAFETY_S)
    return made


def forged_question(source, source_port, target):
    """An IP packet with the question, from whomever; the kernel fills in what is 0."""
    length = 8 + len(QUESTION)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 0, 0, 64, socket.IPPROTO_UDP, 0,
                     socket.inet_aton(source), socket.inet_aton(target))
    return ip + struct.pack("!HHHH", source_port, PORT, length, 0) + QUESTION


class DiscoveryCase(support.DirectoryCase):
    """The server's machine is in two networks; in each there is somebody else."""

    def setUp(self):
        super().setUp()
        self.network = netns.Network(self.addCleanup)
        self.machine, self.alice, self.bob = (self.network.host(name) for name in ("machine", "alice", "bob"))
        self.lan1, self.lan2 = self.network.switch("lan1"), self.network.switch("lan2")
        self.lan1.connect(self.machine, "10.1.0.1/24", "fd00:1::1/64", default_route=True)
        self.lan2.connect(self.machine, "10.2.0.1/24")
        self.lan1.connect(self.alice, "10.1.0.2/24", default_route=True)
        self.lan2.connect(self.bob, "10.2.0.2/24", default_route=True)
        # A closed port is told as often as somebody asks.
        self.machine.run("sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit")

    def start(self, *options, host=None, **settings):
        return self.start_server(*options, through=(host or self.machine).through, **settings)

    def start_in_vain(self, *options, **settings):
        """What a server says that must not start."""
        server = support.Server(self.directory, *options, through=self.machine.through, **settings)
        self.addCleanup(server.kill)
        self.assertNotEqual(server.wait(), 0, server.describe())
        self.assertEqual([line for line in server.lines["stdout"] if "URI = " in line], [])
        return "\n".join(server.lines["stderr"])

    def locate(self, host, port=None):
        """Where a client on that host finds it, once it has been called there."""
        with host.inside(), Pyro4.locateNS(port=port) as ns:
            self.assertIn(support.NAME_SERVER, ns.list())
            return str(ns._pyroUri)

    def answer(self, host, *targets, port=PORT):
        """(what, from whom) comes back first when all of these have been asked."""
        with udp_socket(host) as asker:
            for target in targets:
                asker.sendto(QUESTION, (target, port))
            return asker.recvfrom(1000)

    def assert_nobody_answers(self, host, target, port=PORT):
        """The kernel there says that the port is closed."""
        with udp_socket(host) as asker:
            asker.connect((target, port))
            asker.send(QUESTION)
            self.assertRaises(ConnectionRefusedError, asker.recv, 1000)

    def wait_for_log(self, server, *parts):
        """A line with all of these in it."""
        def is_there():
            return any(all(part in line for part in parts) for line in list(server.lines["stderr"]))
        self.assertTrue(support.wait_until(is_there), server.describe())

    def status(self, server, address):
        with self.machine.inside(), Pyro4.Proxy("PYRO:Hearth.Admin@%s:%d" % (address, server.port)) as admin:
            return admin.status()


class Found(DiscoveryCase):
    def test_from_two_networks_at_once_each_under_the_address_that_faces_it(self):
        server = self.start("-n", "0.0.0.0")
        self.assertEqual(server.lines["stdout"][0], EVERYWHERE)
        found = {}
        both = threading.Barrier(2)

        def ask(host):
            both.wait(support.SAFETY_S)
            found[host.name] = self.locate(host)

        askers = [threading.Thread(target=ask, args=(host,)) for host in (self.alice, self.bob)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.assertEqual(found, {"alice": "PYRO:Pyro.NameServer@10.1.0.1:%d" % server.port,
                                 "bob": "PYRO:Pyro.NameServer@10.2.0.1:%d" % server.port})
        server.stop()

    def test_bound_to_one_address_everybody_is_told_that(self):
        server = self.start("-n", "10.1.0.1")
        self.assertEqual(server.lines["stdout"][0], EVERYWHERE)
        uri = "PYRO:Pyro.NameServer@10.1.0.1:%d" % server.port
        self.assertEqual(self.locate(self.alice), uri)
        self.assertEqual(self.answer(self.bob, "255.255.255.255")[0].decode(), uri)

    def test_the_answer_comes_from_that_address_too(self):
        self.start("-n", "0.0.0.0")
        for host, network in ((self.alice, "10.1.0"), (self.bob, "10.2.0")):
            for target in ("255.255.255.255", network + ".255", network + ".1"):
                self.assertEqual(self.answer(host, target)[1], (network + ".1", PORT))

    def test_in_the_second_network_of_one_interface(self):
        self.machine.add_addresses("lan1", "10.3.0.1/24")
        carol = self.network.host("carol")
        self.lan1.connect(carol, "10.3.0.2/24", default_route=True)
        server = self.start("-n", "0.0.0.0")
        self.assertEqual(self.locate(carol), "PYRO:Pyro.NameServer@10.3.0.1:%d" % server.port)

    def test_from_the_same_machine(self):
        server = self.start("-n", "0.0.0.0")
        self.assertEqual(self.answer(self.machine, "0.0.0.0")[0].decode(),
                         "PYRO:Pyro.NameServer@127.0.0.1:%d" % server.port)
        self.assertEqual(self.answer(self.machine, "10.2.0.1")[0].decode(),
                         "PYRO:Pyro.NameServer@10.2.0.1:%d" % server.port)

    def test_behind_nat_under_the_internal_address(self):
        server = self.start("-n", "10.1.0.1", "--nathost", "ns.example.org", "--natport", "4444")
        self.assertEqual(self.locate(self.alice), "PYRO:Pyro.NameServer@10.1.0.1:%d" % server.port)

    def test_on_another_port(self):
        for option in ("9195", "0"):
            with self.subTest(bcport=option):
                server = self.start("-n", "0.0.0.0", "--bcport", option)
                port = int(server.wait_for_line("Broadcast server running on 0.0.0.0:").rpartition(":")[2])
                self.assertNotIn(port, (0, PORT))
                self.assertEqual(self.locate(self.alice, port), "PYRO:Pyro.NameServer@10.1.0.1:%d" % server.port)
                self.assert_nobody_answers(self.alice, "10.1.0.1")

    def test_at_one_address_only(self):
        server = self.start("-n", "0.0.0.0", "--bchost", "10.1.0.1")
        self.assertEqual(server.lines["stdout"][0], "Broadcast server running on 10.1.0.1:9091")
        self.answer(self.alice, "10.1.0.1")
        self.assert_nobody_answers(self.bob, "10.2.0.1")


class NotFound(DiscoveryCase):
    def first_line(self, *options, **settings):
        server = self.start(*options, **settings)
        self.assert_nobody_answers(self.alice, "10.1.0.1")
        self.assert_nobody_answers(self.machine, "127.0.0.1")
        return server.lines["stdout"][0]

    def test_where_nobody_could_connect_or_nobody_shall_ask(self):
        localhost = "Not starting broadcast server for localhost."
        for options, line in (((), localhost),
                              (("-x",), localhost),
                              (("-n", "127.0.0.9", "--refuse-rivals"), localhost),
                              (("-n", "fd00:1::1"), "Not starting broadcast server for IPv6."),
                              (("-n", "10.1.0.1", "-x"), "NS running on 10.1.0.1:")):
            with self.subTest(options=options):
                self.assertTrue(self.first_line(*options).startswith(line))

    def test_on_a_unix_socket_alone(self):
        self.assertTrue(self.first_line("-u", self.path("s"), port=None).startswith("NS running on ./u:"))

    def test_loopback_on_request_is_for_this_machine(self):
        server = self.start("--broadcast-on-loopback")
        self.assertEqual(server.lines["stdout"][0], "Broadcast server running on 127.0.0.1:9091")
        self.assertEqual(self.locate(self.machine), "PYRO:Pyro.NameServer@localhost:%d" % server.port)
        self.assert_nobody_answers(self.alice, "10.1.0.1")
        self.assertEqual(self.status(server, "127.0.0.1")["broadcast"], "127.0.0.1:9091")


class Questions(DiscoveryCase):
    def test_nothing_but_the_exact_question_is_answered(self):
        server = self.start("-n", "0.0.0.0")
        with udp_socket(self.alice) as asker:
            for wrong in (b"", b"GET_NSUR", b"GET_NSURI\n", b"GET_NSURI\0", b"get_nsuri", b" GET_NSURI", b"G" * 1400,
                          b"\xff" * 60000, b"PYRO:Pyro.NameServer@10.1.0.1:9090", QUESTION * 2):
                asker.sendto(wrong, ("10.1.0.1", PORT))
            self.answer(self.alice, "10.1.0.1")  # comes behind whatever those would get
            asker.setblocking(False)
            self.assertRaises(BlockingIOError, asker.recv, 1000)
        server.stop()

    def test_a_question_without_a_port_to_answer_to(self):
        server = self.start("-n", "0.0.0.0")
        with self.alice.inside(), socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as forger:
            forger.sendto(forged_question("10.1.0.2", 0, "10.1.0.1"), ("10.1.0.1", 0))
        self.answer(self.alice, "10.1.0.1")
        server.stop()  # now all that it had to say is here
        self.assertFalse([line for line in server.lines["stderr"] if "answered" in line])

    def test_a_forged_flood_is_answered_at_a_bounded_rate_and_others_are_served(self):
        victim, attacker = self.network.host("victim"), self.network.host("attacker")
        self.lan1.connect(victim, "10.1.0.7/24")
        self.lan1.connect(attacker, "10.1.0.66/24")
        server = self.start("-n", "0.0.0.0")
        rounds, in_a_round = 40, 100  # what the kernel buffers for the server, and each has an answer waited for
        burst, per_second = 300, 100  # protocol/base/limits.h
        answers = 0
        with udp_socket(victim) as hit, udp_socket(self.alice) as honest, attacker.inside(), \
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as forger:
            began = time.monotonic()
            hit.sendto(QUESTION, ("10.1.0.1", PORT))
            hit.recv(1000)
            hit.setblocking(False)
            flood = forged_question("10.1.0.7", hit.getsockname()[1], "10.1.0.1")
            for _ in range(rounds):
                for _ in range(in_a_round):
                    forger.sendto(flood, ("10.1.0.1", 0))
                honest.sendto(QUESTION, ("10.1.0.1", PORT))
                self.assertIn(b"@10.1.0.1:", honest.recv(1000))
                answers += self.count_waiting(hit)
            seconds = time.monotonic() - began
        self.assertGreaterEqual(answers, burst - 1)
        self.assertLessEqual(answers, burst + per_second * seconds + 1)
        self.wait_for_log(server, "warning", "10.1.0.7 asks for the name server so often")
        self.assertEqual(self.locate(self.alice), "PYRO:Pyro.NameServer@10.1.0.1:%d" % server.port)
        server.stop()

    @staticmethod
    def count_waiting(waiting):
        count = 0
        while True:
            try:
                waiting.recv(1000)
            except BlockingIOError:
                return count
            count += 1


class OnOneMachine(DiscoveryCase):
    def test_a_second_daemon_does_not_share_the_port(self):
        first = self.start("-n", "10.1.0.1")
        trouble = self.start_in_vain("-n", "10.2.0.1")
        for part in ("0.0.0.0:9091", "in use by hearthd (pid %d)" % first.pid, "--bcport", "-x"):
            self.assertIn(part, trouble)
        self.start("-n", "10.2.0.1", "--bcport", "9092")
        self.start("-n", "10.2.0.1", "-x")
        self.start("-n", "127.0.0.1")
        self.assertEqual(self.locate(self.alice), str(first.uri))

    def test_the_python_name_server_does_not_take_it_over(self):
        first = self.start("-n", "10.1.0.1")
        self.start_in_vain("-n", "10.2.0.1", program=support.PYRO4_NS)
        self.assertEqual(self.locate(self.alice), str(first.uri))

    def test_the_python_name_server_was_here_first(self):
        first = self.start("-n", "10.1.0.1", program=support.PYRO4_NS)
        self.assertIn("in use by pyro4-ns (pid %d)" % first.pid, self.start_in_vain("-n", "10.2.0.1"))


class Rivals(DiscoveryCase):
    def setUp(self):
        super().setUp()
        self.rival = self.start("-n", "10.2.0.2", host=self.bob, program=support.PYRO4_NS)
        self.expected = {"address": "10.2.0.2:9091", "uri": "PYRO:Pyro.NameServer@10.2.0.2:%d" % self.rival.port}

    def test_are_reported_in_the_log_and_to_administrators(self):
        for options, address in ((("-n", "0.0.0.0"), "127.0.0.1"), (("-n", "10.1.0.1"), "10.1.0.1")):
            with self.subTest(options=options):
                server = self.start(*options)
                self.wait_for_log(server, "warning", "another name server answers broadcasts here",
                                  self.expected["address"], self.expected["uri"], "--bcport")
                status = self.status(server, address)
                self.assertEqual(status["rivals"], [self.expected])  # we are none
                self.assertEqual(status["broadcast"], "0.0.0.0:9091")
                server.stop(signal.SIGTERM)

    def test_can_be_refused(self):
        trouble = self.start_in_vain("-n", "0.0.0.0", "--refuse-rivals")
        for part in (self.expected["address"], self.expected["uri"], "--refuse-rivals", "--bcport"):
            self.assertIn(part, trouble)
        self.start("-n", "0.0.0.0", "--refuse-rivals", "--bcport", "9092").stop()
        self.rival.kill()
        self.start("-n", "0.0.0.0", "--refuse-rivals").stop()


class UselessUris(DiscoveryCase):
    def register(self, host, address, server, uri):
        with host.inside(), Pyro4.Proxy("PYRO:Pyro.NameServer@%s:%d" % (address, server.port)) as ns:
            ns.register("lost", uri)
            self.assertEqual(ns.list("lost"), {"lost": uri})

    def warnings(self, server):
        return [line for line in server.lines["stderr"] if "other machines cannot call it" in line]

    def test_loopback_from_another_machine_is_accepted_with_a_warning(self):
        server = self.start("-n", "0.0.0.0", "-x")
        self.register(self.machine, "127.0.0.1", server, "PYRO:o@localhost:1")
        self.register(self.alice, "10.1.0.1", server, "PYRO:o@10.1.0.2:1")
        self.assertEqual(self.warnings(server), [])
        self.register(self.alice, "10.1.0.1", server, "PYRO:o@localhost:2")
        self.wait_for_log(server, "warning", " 10.1.0.2:", "registered 'lost' as 'PYRO:o@localhost:2'", "PYRO_HOST")
        self.assertEqual(len(self.warnings(server)), 1)

    def test_no_address_at_all_from_anybody(self):
        server = self.start()
        self.register(self.machine, "127.0.0.1", server, "PYRO:o@0.0.0.0:1")
        self.wait_for_log(server, "warning", " 127.0.0.1:", "registered 'lost' as 'PYRO:o@0.0.0.0:1'")


if __name__ == "__main__":
    netns.main()
