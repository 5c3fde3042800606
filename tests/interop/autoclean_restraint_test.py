"""When autoclean holds back: after a pause, when too much fails at once, and when the server stops."""

import signal
import socket

import Pyro4

import support
from upkeep_case import UpkeepCase


def dead_uri():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return "PYRO:dead@127.0.0.1:%d" % listener.getsockname()[1]


class Restraint(UpkeepCase):
    def test_after_a_pause_everybody_gets_a_full_period(self):
        server = self.start_cleaner()
        ns = self.locate(server)
        landlord = self.start_landlord("one")
        ns.register("back", landlord.uri)
        landlord.wait_until_asked(2)
        landlord.kill()
        self.assertTrue(support.wait_until(lambda: self.status(server)["suspects"] == 1))
        server.signal(signal.SIGSTOP)
        # Another server is the clock: one name after the other goes, a period at least for each.
        clock = self.start_cleaner()
        clock_ns = self.locate(clock)
        for number in range(3):
            clock_ns.register("dead%d" % number, dead_uri())
            self.wait_until_gone(clock_ns, "dead%d" % number)
        clock.stop()
        self.start_landlord("--port", str(landlord.port), "one")
        server.signal(signal.SIGCONT)
        self.assertTrue(support.wait_until(
            lambda: any("stood still" in line for line in server.lines["stderr"])))
        self.assertEqual(self.status(server)["suspects"], 0)
        ns.register("dead", dead_uri())
        self.wait_until_gone(ns, "dead")
        self.assertIn("back", ns.list())
        server.stop()

    def test_too_many_at_once_stay_until_an_operator_confirms(self):
        server = self.start_cleaner()
        ns = self.locate(server)
        names = ["dead%d" % number for number in range(12)]
        for name in names:
            ns.register(name, dead_uri())
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
