#!/usr/bin/python3
"""nsc doctor names the right cause of what is wrong with the search on a network made for it."""

import Pyro4

import netns
import network_tools
import support
from network_tools import DONE, FAILED, NO_NAME_SERVER, SERVER


class SearchTest(network_tools.DoctorCase):
    def test_by_broadcast(self):
        self.serve("-n", SERVER, port=9090, program=support.PYRO4_NS)
        report = self.assert_finds("none", DONE, words=["PYRO:Pyro.NameServer@10.1.0.1:9090"])
        self.assertEqual(self.outcome_of(report, "broadcast_answer"), "works")

    def test_nothing_runs_and_there_is_no_network(self):
        alone = self.network.host("alone")
        report = self.assert_finds("nothing_runs", NO_NAME_SERVER, host=alone,
                                   env={"PYRO_BROADCAST_ADDRS": "<broadcast>"}, words=["could not be asked"])
        self.assertEqual(self.outcome_of(report, "broadcast"), "not_sent")

    def test_broadcast_goes_through_but_the_port_is_blocked(self):
        network_tools.block_tcp(self.server_host, "drop")
        self.serve("-n", SERVER, port=9090, program=support.PYRO4_NS)
        self.assert_finds("port_blocked", NO_NAME_SERVER, env={"PYRO_COMMTIMEOUT": "1"},
                          words=["A name server is there: it has answered the broadcast."])


class WrongAddressTest(network_tools.DoctorCase):
    """What answers the broadcast gives a URI that is of no use."""

    def assert_answer(self, location, cause, *words, status=NO_NAME_SERVER, host=None):
        uri = "PYRO:Pyro.NameServer@" + location
        self.udp_answerer(host or self.server_host, uri)
        report = self.assert_finds(cause, status, words=(uri, *words), env={"PYRO_COMMTIMEOUT": "1"})
        step, = [step for step in report["steps"] if step["step"] == "broadcast_answer"]
        self.assertEqual((step["place"], step["responder"]), (uri, SERVER + ":9091"))

    def test_unspecified(self):
        self.assert_answer("0.0.0.0:9090", "bad_uri", "names no host")

    def test_empty(self):
        self.assert_answer(":9090", "bad_uri", "names no host")

    def test_loopback_of_another_machine(self):
        self.assert_answer("localhost:9090", "bad_uri", "its own machine")

    def test_loopback_of_another_machine_while_a_server_runs_here(self):
        """It must not be taken for that one."""
        self.serve(host=self.client_host, port=9090)
        self.assert_answer("127.0.0.1:9090", "bad_uri", status=FAILED)

    def test_unknown_name(self):
        self.assert_answer("name.invalid:9090", "bad_uri", "has no address here")

    def test_nobody_there(self):
        self.assert_answer("10.1.0.1:9090", "unreachable_uri")

    def test_no_uri(self):
        self.udp_answerer(self.server_host, "\x1b[2J hello")
        self.assert_finds("bad_uri", NO_NAME_SERVER, words=["\\x1b[2J hello", "is no URI"])

    def test_own_registration(self):
        server = self.serve("-n", "0.0.0.0", "-x")
        with self.client_host.inside(), Pyro4.Proxy("PYRO:Pyro.NameServer@%s:%d" % (SERVER, server.port)) as ns:
            own = str(ns.lookup("Pyro.NameServer"))
            if not own.startswith("PYRO:Pyro.NameServer@0.0.0.0:"):
                ns.register("Pyro.NameServer", "PYRO:Pyro.NameServer@0.0.0.0:%d" % server.port)
            self.assert_finds("none", DONE, "-n", SERVER, "-p", str(server.port), words=["0.0.0.0"])
            ns.register("Pyro.NameServer", "PYRO:Pyro.NameServer@localhost:%d" % server.port)
        self.assert_finds("bad_registration", FAILED, "-n", SERVER, "-p", str(server.port), words=["localhost"])


class RivalsTest(network_tools.DoctorCase):
    def test_two_answer_the_broadcast(self):
        rival_host = self.add_host("rival", "10.1.0.3/24")
        for host, address in ((self.server_host, SERVER), (rival_host, "10.1.0.3")):
            self.serve("-n", address, port=9090, host=host, program=support.PYRO4_NS)
        self.assert_finds("rivals", FAILED, words=["PYRO:Pyro.NameServer@10.1.0.1:9090",
                                                   "PYRO:Pyro.NameServer@10.1.0.3:9090"])

    def test_one_here_and_one_on_the_network(self):
        self.serve(host=self.client_host, port=9090)
        self.serve("-n", SERVER, port=9090, program=support.PYRO4_NS)
        self.assert_finds("rivals", FAILED, words=["localhost:9090", "PYRO:Pyro.NameServer@10.1.0.1:9090"])

    def test_one_that_is_found_in_two_ways_is_no_rival(self):
        self.serve("-n", "0.0.0.0", port=9090, host=self.client_host, program=support.PYRO4_NS)
        status, report = self.nsc_json("doctor")
        self.assertNotEqual(report["cause"], "rivals", report)
        self.assertEqual({step["server"] for step in report["steps"] if step["outcome"] == "works"}, {1})


if __name__ == "__main__":
    netns.main()
