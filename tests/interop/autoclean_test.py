"""Autoclean against real Pyro4 daemons, alive and dead, and what may take their places. In each test dead
and live ones are registered together: when the dead have gone, rounds have passed that the live survived."""

import http.server
import os
import signal
import socket
import ssl
import threading

import Pyro4

import support
from upkeep_case import UpkeepCase


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


DEAD = "PYRO:dead@127.0.0.1:%d"


class WhatGoes(UpkeepCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_cleaner()
        self.ns = self.locate(self.server)

    def tearDown(self):
        self.server.stop()

    def kill_once_known(self, landlord):
        """As soon as the name server has seen it alive: the second visit comes after a whole round."""
        landlord.wait_until_asked(2)
        landlord.kill()

    def listen(self, port, serve=lambda listener: None):
        listener = socket.create_server(("127.0.0.1", port))
        self.addCleanup(listener.close)
        threading.Thread(target=serve, args=(listener,), daemon=True).start()

    def test_killed_servers_go_and_live_ones_stay(self):
        live = [self.start_landlord("one"), self.start_landlord("--servertype", "multiplex", "one", "two"),
                self.start_landlord("--unixsocket", self.path("live"), "one"),
                self.start_landlord("--key", "secret", "one"),
                self.start_landlord("--key", "secret", "--servertype", "multiplex", "one", "two")]
        for number, landlord in enumerate(live):
            for object_id, uri in landlord.uris.items():
                self.ns.register("live.%d.%s" % (number, object_id), uri)
        dead = [self.start_landlord("one"), self.start_landlord("--unixsocket", self.path("dead"), "one", "two")]
        for number, landlord in enumerate(dead):
            for object_id, uri in landlord.uris.items():
                self.ns.register("dead.%d.%s" % (number, object_id), uri)
            landlord.kill()
        self.ns.register("dead.path", "PYRO:x@./u:" + self.path("none"))
        before = self.ns.list(prefix="live.")
        self.wait_until_gone(self.ns, "dead.0.one", "dead.1.one", "dead.1.two", "dead.path")
        self.assertEqual(self.ns.list(prefix="live."), before)
        self.assertIn("connection refused", self.removal_line(self.server, "dead.0.one"))
        self.assertIn("no such file", self.removal_line(self.server, "dead.path"))
        self.assertEqual(self.status(self.server)["removed"], 4)

    def test_what_is_no_location_stays(self):
        entries = {"name": "PYRONAME:dead@127.0.0.1:1", "meta": "PYROMETA:a,b", "nowhere": "PYRONAME:dead",
                   "alias": str(self.server.uri)}
        for name, uri in entries.items():
            self.ns.register(name, uri)
        self.ns.register("dead", DEAD % closed_port())
        self.wait_until_gone(self.ns, "dead")
        for name, uri in entries.items():
            self.assertEqual(self.ns.list()[name], uri)
        self.assertIn(support.NAME_SERVER, self.ns.list())

    def test_a_port_taken_by_another_pyro_server(self):
        first = self.start_landlord("mine", "also.mine")
        for object_id, uri in first.uris.items():
            self.ns.register(object_id, uri)
        first.kill()
        second = self.start_landlord("--port", str(first.port), "other", "also.mine")
        self.ns.register("other", second.uris["other"])
        self.wait_until_gone(self.ns, "mine")
        self.assertEqual(set(self.ns.list()), {support.NAME_SERVER, "also.mine", "other"})
        self.assertIn("runs without that object", self.removal_line(self.server, "mine"))

    def test_a_port_taken_by_other_programs(self):
        landlords = {name: self.start_landlord("one") for name in ("http", "silent")}
        for name, landlord in landlords.items():
            self.ns.register(name, landlord.uri)
        for landlord in landlords.values():
            self.kill_once_known(landlord)
        web = http.server.ThreadingHTTPServer(("127.0.0.1", landlords["http"].port), QuietHandler)
        self.addCleanup(web.server_close)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        self.addCleanup(web.shutdown)
        self.listen(landlords["silent"].port)
        self.wait_until_gone(self.ns, *landlords)
        self.assertIn("another program answers there", self.removal_line(self.server, "http"))
        self.assertIn("another program has taken its port", self.removal_line(self.server, "silent"))

    def test_one_of_two_objects_leaves_its_daemon(self):
        landlord = self.start_landlord("stays", "leaves")
        for object_id, uri in landlord.uris.items():
            self.ns.register(object_id, uri)
        landlord.wait_until_asked(2)
        with Pyro4.Proxy(landlord.uris["stays"]) as tenant:
            tenant.move_out("leaves")
        self.wait_until_gone(self.ns, "leaves")
        self.assertIn("stays", self.ns.list())

    def test_a_busy_server_stays(self):
        """A multiplex server does one thing at a time: in a long call it takes connections, in its queue, and
        says nothing."""
        os.mkfifo(self.path("fifo"))
        landlord = self.start_landlord("--servertype", "multiplex", "one", "two")
        for object_id, uri in landlord.uris.items():
            self.ns.register(object_id, uri)
        landlord.wait_until_asked(2)

        def work():
            with Pyro4.Proxy(landlord.uri) as tenant:
                tenant.work_until_written(self.path("fifo"))
        client = threading.Thread(target=work, daemon=True)
        client.start()
        landlord.wait_for_line("busy")
        for number in range(2):  # one after the other
            self.ns.register("dead%d" % number, DEAD % closed_port())
            self.wait_until_gone(self.ns, "dead%d" % number)
        self.assertEqual(set(self.ns.list()), {support.NAME_SERVER, "one", "two"})
        with open(self.path("fifo"), "wb"):
            pass
        client.join(support.SAFETY_S)
        self.assertFalse(client.is_alive())

    def test_a_server_behind_tls_stays(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

        def serve(listener):
            while True:
                try:
                    context.wrap_socket(listener.accept()[0], server_side=True)
                except ssl.SSLError:
                    continue
                except OSError:
                    return
        port = closed_port()
        self.listen(port, serve)
        self.ns.register("tls", "PYRO:one@127.0.0.1:%d" % port)
        self.ns.register("dead", DEAD % closed_port())
        self.wait_until_gone(self.ns, "dead")
        self.assertIn("tls", self.ns.list())

    def test_a_dead_name_that_others_want_goes_all_the_same(self):
        self.ns.register("wanted", DEAD % closed_port())
        landlord = self.start_landlord("one")

        def get_it():
            try:
                self.ns.register("wanted", landlord.uri, safe=True)
            except Pyro4.errors.NamingError:
                return False
            return True
        self.assertTrue(support.wait_until(get_it))
        self.ns.register("dead", DEAD % closed_port())
        self.wait_until_gone(self.ns, "dead")
        self.assertEqual(str(self.ns.lookup("wanted")), landlord.uri)


class QuietHandler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Pauses(UpkeepCase):
    def test_after_a_pause_everybody_gets_a_full_period(self):
        server = self.start_cleaner()
        ns = self.locate(server)
        landlord = self.start_landlord("one")
        ns.register("back", landlord.uri)
        landlord.wait_until_asked(2)
        landlord.kill()
        self.assertTrue(support.wait_until(lambda: self.status(server)["suspects"] == 1))
        server.signal(signal.SIGSTOP)
        # Another server is the clock: one name after the other goes, two rounds each.
        clock = self.start_cleaner()
        clock_ns = self.locate(clock)
        for number in range(3):
            clock_ns.register("dead%d" % number, DEAD % closed_port())
            self.wait_until_gone(clock_ns, "dead%d" % number)
        landlord = self.start_landlord("--port", str(landlord.port), "one")
        server.signal(signal.SIGCONT)
        self.assertTrue(support.wait_until(
            lambda: any("stood still" in line for line in server.lines["stderr"])))
        self.assertEqual(self.status(server)["suspects"], 0)
        ns.register("dead", DEAD % closed_port())
        self.wait_until_gone(ns, "dead")
        self.assertIn("back", ns.list())
        clock.stop()
        server.stop()


class Brake(UpkeepCase):
    def test_too_many_at_once_stay_until_an_operator_confirms(self):
        server = self.start_cleaner()
        ns = self.locate(server)
        names = ["dead%d" % number for number in range(12)]
        for name in names:
            ns.register(name, DEAD % closed_port())
        self.assertTrue(support.wait_until(lambda: self.status(server)["is_braked"]))
        landlord = self.start_landlord("one")
        ns.register("live", landlord.uri)
        landlord.wait_until_asked(3)  # rounds later
        self.assertEqual(ns.count(), 14)
        self.assertEqual(len([line for line in server.lines["stderr"] if "nothing is removed" in line]), 1)
        with Pyro4.Proxy("PYRO:Hearth.Admin@%s:%d" % (server.host, server.port)) as admin:
            self.assertEqual(admin.confirm_autoclean(), 12)
        self.wait_until_gone(ns, *names)
        self.assertIn("live", ns.list())
        self.assertFalse(self.status(server)["is_braked"])
        server.stop()


class Stopping(UpkeepCase):
    def test_a_stop_does_not_wait_for_probes(self):
        server = self.start_cleaner()
        ns = self.locate(server)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            ns.register("silent", "PYRO:o@127.0.0.1:%d" % silent.getsockname()[1])
            connection, _ = silent.accept()
            with connection:
                server.stop()


if __name__ == "__main__":
    support.main()
