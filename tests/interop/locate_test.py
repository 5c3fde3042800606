#!/usr/bin/python3
"""nsc locate lists every name server that answers, on networks made for it."""

import json

import netns
import network_tools
import support
from network_tools import DONE, NO_NAME_SERVER, SERVER


class LocateTest(network_tools.NetworkCase):
    def locate(self, *arguments, status=DONE, **settings):
        """The servers by their URIs."""
        got, servers = self.nsc_json(*arguments, "locate", **settings)
        self.assertEqual(got, status)
        for server in servers:
            self.assertGreater(server["round_trip_us"], 0)
        return {server["uri"]: server for server in servers}

    def test_nobody(self):
        self.assertEqual(self.locate(status=NO_NAME_SERVER), {})
        self.assertEqual(self.nsc("-n", SERVER, "locate"),
                         (NO_NAME_SERVER, "", "nsc: no name server answers. `nsc doctor` tells why\n"))

    def test_given_host(self):
        server = self.serve("-n", SERVER)
        ns = self.locate_inside(server)
        ns.register("one", "PYRO:o@h:1")
        place = "%s:%d" % (SERVER, server.port)
        found, = self.locate("-n", SERVER, "-p", str(server.port)).values()
        self.assertEqual((found["address"], found["by"], found["registrations"], found["trouble"]),
                         (place, "direct", 2, None))
        self.assertEqual(found["uri"], "PYRO:Pyro.NameServer@" + place)

    def locate_inside(self, server):
        with self.client_host.inside():
            return support.DirectoryCase.locate(self, server)

    def test_all_that_answer_the_broadcast(self):
        other_host = self.add_host("other", "10.1.0.3/24")
        self.serve("-n", SERVER, port=9090, program=support.PYRO4_NS)
        self.serve("-n", "0.0.0.0", port=9090, host=other_host, program=support.PYRO4_NS)
        found = self.locate()
        self.assertEqual(set(found), {"PYRO:Pyro.NameServer@10.1.0.1:9090", "PYRO:Pyro.NameServer@10.1.0.3:9090"})
        self.assertEqual({server["address"] for server in found.values()}, {"10.1.0.1:9091", "10.1.0.3:9091"})
        self.assertEqual({(server["by"], server["version"], server["registrations"]) for server in found.values()},
                         {("broadcast", None, 1)})

    def test_a_server_of_this_machine_once(self):
        """Found on the loopback and by both broadcast addresses, which get different URIs."""
        self.serve("-n", "0.0.0.0", port=9090, host=self.client_host, program=support.PYRO4_NS)
        found, = self.locate().values()
        self.assertEqual(found["by"], "broadcast")

    def test_a_server_of_this_machine_and_another_beside_it(self):
        self.serve("-n", "localhost", port=9090, host=self.client_host)
        self.serve("-n", "10.1.0.2", port=9090, host=self.client_host, program=support.PYRO4_NS)
        self.assertEqual(set(self.locate()), {"PYRO:Pyro.NameServer@localhost:9090",
                                              "PYRO:Pyro.NameServer@10.1.0.2:9090"})

    def test_one_that_answers_and_cannot_be_asked(self):
        self.udp_answerer(self.server_host, "PYRO:Pyro.NameServer@10.1.0.1:9090")
        found, = self.locate().values()
        self.assertIn("refused", found["trouble"])
        status, output, trouble = self.nsc("locate")
        self.assertEqual(status, DONE)
        titles, line = output.splitlines()
        self.assertEqual(titles.split("  ")[0], "ADDRESS")
        self.assertRegex(line, r"\A10\.1\.0\.1:9091  PYRO:Pyro\.NameServer@10\.1\.0\.1:9090  \d+\.\d\d ms +-        -\Z")
        self.assertEqual(trouble, "nsc: 10.1.0.1:9091: 10.1.0.1:9090 refused the connection\n")

    def test_garbage_is_no_answer(self):
        self.udp_answerer(self.server_host, "GET_NSURI")
        self.assertEqual(self.locate(status=NO_NAME_SERVER), {})


class OwnServerTest(network_tools.NetworkCase):
    """What only hearthd tells. HEARTHD may be another make: then it tells nothing."""

    def setUp(self):
        super().setUp()
        self.server = self.serve("-n", SERVER)
        self.place = ["-n", SERVER, "-p", str(self.server.port)]
        status, output, _ = support.run([support.required_path("HEARTHD"), "--version"], self.directory)
        self.is_hearthd = status == 0 and output.startswith("hearthd ")
        self.version = output.split()[1] if self.is_hearthd else None

    def test_version_in_locate(self):
        _, (found,) = self.nsc_json(*self.place, "locate")
        self.assertEqual(found["version"], self.version)

    def test_status(self):
        status, output, trouble = self.nsc(*self.place, "status")
        if not self.is_hearthd:
            self.assertEqual((status, output), (network_tools.FAILED, ""))
            self.assertIn("is not a hearthd", trouble)
            return
        self.assertEqual((status, trouble), (DONE, ""))
        self.assertEqual(output.splitlines()[0], "hearthd %s at %s" % (self.version, self.server.uri))
        status, told = self.nsc_json(*self.place, "status")
        self.assertEqual((status, told["version"], told["uri"], told["storage"], told["registrations"]),
                         (DONE, self.version, str(self.server.uri), "memory", 1))
        self.assertEqual(set(told), {"uri", "version", "instance", "uptime_ms", "registrations", "connections",
                                     "storage", "storage_bytes", "commits", "refusal", "storage_error",
                                     "broadcast", "rivals", "autoclean"})
        commits = told["commits"]
        self.assertEqual((commits["count"], commits["changes"], commits["largest"], commits["failed"]), (1, 1, 1, 0))

    def test_confirm_autoclean_when_there_is_nothing_to_confirm(self):
        status, output, trouble = self.nsc(*self.place, "--json", "confirm-autoclean")
        if not self.is_hearthd:
            self.assertEqual((status, output), (network_tools.FAILED, ""))
            self.assertIn("is not a hearthd", trouble)
            return
        self.assertEqual((status, json.loads(output), trouble), (DONE, {"confirmed": 0}, ""))
        self.assertEqual(self.nsc(*self.place, "confirm-autoclean")[:2],
                         (DONE, "Autoclean waits for no confirmation.\n"))


if __name__ == "__main__":
    netns.main()
