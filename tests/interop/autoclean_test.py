"""Autoclean against real Pyro4 daemons, alive and dead, and against what may take their places. All deaths are
staged at once beside the live ones: when the dead have gone, rounds have passed that the live survived."""

import http.server
import os
import socket
import ssl
import threading

import Pyro4

import support
from upkeep_case import UpkeepCase


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class QuietHandler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass


def accept_over_tls(listener):
    """A server without a certificate: it can do no more than complain, as OpenSSL does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    while True:
        try:
            context.wrap_socket(listener.accept()[0], server_side=True)
        except ssl.SSLError:
            continue
        except OSError:
            return


class StagedDeaths(UpkeepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.start_cleaner()
        cls.ns = cls.locate(cls.server)
        cls.live = {"nameless": "PYRONAME:dead", "named": "PYRONAME:dead@127.0.0.1:1", "meta": "PYROMETA:a,b",
                    "alias": str(cls.server.uri)}
        cls.dead = {"never.was": "PYRO:o@127.0.0.1:%d" % closed_port(), "no.path": "PYRO:o@./u:" + cls.path("none")}
        cls.start_live()
        landlords = cls.start_doomed()
        for name, uri in {**cls.live, **cls.dead}.items():
            cls.ns.register(name, uri)
        for landlord in landlords.values():
            landlord.wait_until_asked(2)  # a whole round has seen them alive
        cls.kill(landlords)
        cls.keep_busy()
        cls.wait_until_gone(cls.ns, *cls.dead)
        cls.removed = cls.status(cls.server)["removed"]

    @classmethod
    def start_live(cls):
        cls.busy = cls.start_landlord("--servertype", "multiplex", "one", "two")
        landlords = {"thread": cls.start_landlord("one"),
                     "multiplex": cls.start_landlord("--servertype", "multiplex", "one", "two"),
                     "path": cls.start_landlord("--unixsocket", cls.path("live"), "one"),
                     "key": cls.start_landlord("--key", "secret", "one"),
                     "keys": cls.start_landlord("--key", "secret", "--servertype", "multiplex", "one", "two"),
                     "busy": cls.busy}
        for name, landlord in landlords.items():
            for object_id, uri in landlord.uris.items():
                cls.live["%s.%s" % (name, object_id)] = uri
        listener = cls.listen(0)
        threading.Thread(target=accept_over_tls, args=(listener,), daemon=True).start()
        cls.live["tls"] = "PYRO:one@127.0.0.1:%d" % listener.getsockname()[1]

    @classmethod
    def start_doomed(cls):
        landlords = {"killed": cls.start_landlord("one", "two"),
                     "killed.path": cls.start_landlord("--unixsocket", cls.path("dead"), "one"),
                     "to.pyro": cls.start_landlord("one", "in.both"), "to.http": cls.start_landlord("one"),
                     "to.silent": cls.start_landlord("one"), "half": cls.start_landlord("leaves", "stays")}
        for name, landlord in landlords.items():
            for object_id, uri in landlord.uris.items():
                survives = object_id in ("in.both", "stays")
                (cls.live if survives else cls.dead)["%s.%s" % (name, object_id)] = uri
        return landlords

    @classmethod
    def kill(cls, landlords):
        with Pyro4.Proxy(landlords["half"].uris["stays"]) as tenant:
            tenant.move_out("leaves")
        for name, landlord in landlords.items():
            if name != "half":
                landlord.kill()
        cls.start_landlord("--port", str(landlords["to.pyro"].port), "other", "in.both")
        web = http.server.ThreadingHTTPServer(("127.0.0.1", landlords["to.http"].port), QuietHandler)
        cls.addClassCleanup(web.server_close)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        cls.addClassCleanup(web.shutdown)
        cls.listen(landlords["to.silent"].port)

    @classmethod
    def keep_busy(cls):
        """A multiplex server does one thing at a time: in a long call it takes connections, in its queue, and
        says nothing."""
        os.mkfifo(cls.path("fifo"))

        def work():
            with Pyro4.Proxy(cls.busy.uri) as tenant:
                tenant.work_until_written(cls.path("fifo"))
        client = threading.Thread(target=work, daemon=True)
        client.start()
        cls.busy.wait_for_line("busy")

        def end_work():
            with open(cls.path("fifo"), "wb"):
                pass
            client.join(support.SAFETY_S)
        cls.addClassCleanup(end_work)

    @classmethod
    def listen(cls, port):
        listener = socket.create_server(("127.0.0.1", port))
        cls.addClassCleanup(listener.close)
        return listener

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_reason(self, name, reason):
        self.assertIn(reason, self.removal_line(self.server, name))

    def test_the_dead_have_gone_and_nobody_else(self):
        self.assertEqual(self.ns.list(), {support.NAME_SERVER: str(self.server.uri), **self.live})
        self.assertEqual(self.removed, len(self.dead))

    def test_killed_with_9(self):
        self.assert_reason("killed.one", "connection refused")
        self.assert_reason("killed.two", "connection refused")

    def test_unix_sockets(self):
        self.assert_reason("killed.path.one", "connection refused")
        self.assert_reason("no.path", "no such file or directory")

    def test_port_taken_by_another_pyro_server(self):
        self.assert_reason("to.pyro.one", "its server runs without that object")

    def test_port_taken_by_a_web_server(self):
        self.assert_reason("to.http.one", "another program answers there")

    def test_port_taken_by_something_silent(self):
        self.assert_reason("to.silent.one", "another program has taken its port")

    def test_one_of_two_objects_has_left_its_daemon(self):
        self.assert_reason("half.leaves", "its server runs without that object")

    def test_a_busy_server_stays_however_long(self):
        self.ns.register("one.more", "PYRO:o@127.0.0.1:%d" % closed_port())
        self.wait_until_gone(self.ns, "one.more")
        self.assertLessEqual({"busy.one", "busy.two"}, set(self.ns.list()))

    def test_a_dead_name_that_others_want_goes_all_the_same(self):
        self.ns.register("wanted", "PYRO:o@127.0.0.1:%d" % closed_port())
        heir = self.live["thread.one"]

        def get_it():
            try:
                self.ns.register("wanted", heir, safe=True)
            except Pyro4.errors.NamingError:
                return False
            return True
        self.assertTrue(support.wait_until(get_it))
        self.assertEqual(str(self.ns.lookup("wanted")), heir)
        self.ns.remove("wanted")


if __name__ == "__main__":
    support.main()
