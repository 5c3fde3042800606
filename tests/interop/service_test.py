#!/usr/bin/python3
"""hearthd under a service manager: what it tells one, what it takes from one, how it logs for its journal."""

import os
import signal
import socket
import time

import Pyro4
import support
from service_manager import NotifySocket, sanitizer_variables, socket_activated


class ServiceCase(support.DirectoryCase):
    def notify_socket(self, address=None):
        manager = NotifySocket(address or self.path("notify"))
        self.addCleanup(manager.close)
        return manager

    def start_service(self, manager, *options, env=None, **settings):
        return self.start_server(*options, env={"NOTIFY_SOCKET": manager.address, **(env or {})}, **settings)


class Notify(ServiceCase):
    def test_ready_means_that_it_serves(self):
        for number, address in enumerate((self.path("notify"), "@hearth-test-%d" % os.getpid())):
            manager = self.notify_socket(address)
            host = support.own_loopback_address(number)
            server = support.Server(self.directory, "-n", host, port=7000, env={"NOTIFY_SOCKET": address})
            self.addCleanup(server.kill)
            manager.wait_for_key("READY")
            self.assertEqual(manager.messages[0]["READY"], "1")
            self.assertEqual(manager.messages[0]["STATUS"], "1 registration, 0 connections")
            with Pyro4.Proxy("PYRO:Pyro.NameServer@%s:7000" % host) as ns:
                self.assertEqual(ns.count(), 1)
            server.stop()

    def test_not_ready_if_it_cannot_serve(self):
        manager = self.notify_socket()
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        server = support.Server(self.directory, "-n", "127.0.0.1", port=taken.getsockname()[1],
                                env={"NOTIFY_SOCKET": manager.address})
        self.addCleanup(server.kill)
        self.assertEqual(server.wait(), 1)
        self.assertEqual(manager.messages, [])

    def test_the_status_follows_what_happens(self):
        manager = self.notify_socket()
        server = self.start_service(manager)
        ns = self.locate(server)
        for name in ("a", "b", "c"):
            ns.register(name, "PYRO:o@h:1")
        seen = manager.wait_for_status("4 registrations, 1 connection")
        ns.remove(regex="[abc]")
        ns._pyroRelease()
        manager.wait_for_status("1 registration, 0 connections", after=seen)
        server.stop()

    def test_stopping_is_the_last_that_it_says(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            manager = self.notify_socket(self.path("notify%d" % number))
            server = self.start_service(manager)
            manager.wait_for_key("READY")
            server.stop(number)
            self.assertEqual(manager.wait_for_key("STOPPING"), len(manager.messages))
            self.assertEqual(manager.messages[-1]["STOPPING"], "1")

    def test_a_hang_up_is_a_reload(self):
        manager = self.notify_socket()
        server = self.start_service(manager)
        seen = manager.wait_for_key("READY")
        with server.locate() as ns:
            for _ in range(3):
                before_us = int(time.clock_gettime(time.CLOCK_MONOTONIC) * 1000000)
                server.signal(signal.SIGHUP)
                seen = manager.wait_for_key("RELOADING", after=seen)
                self.assertEqual(manager.messages[seen - 1]["RELOADING"], "1")
                # systemd tells by it which of several reloads a RELOADING belongs to.
                self.assertGreaterEqual(int(manager.messages[seen - 1]["MONOTONIC_USEC"]), before_us)
                seen = manager.wait_for_key("READY", after=seen)
                self.assertEqual(ns.count(), 1)
        server.stop()

    def test_without_a_manager_a_hang_up_is_a_reload_too(self):
        server = self.start_server()
        server.signal(signal.SIGHUP)
        server.wait_for_log(" info server: settings reloaded")
        with server.locate() as ns:
            self.assertEqual(ns.count(), 1)
        server.stop()

    def test_a_manager_that_is_not_there_is_no_reason_to_stop(self):
        server = self.start_server(env={"NOTIFY_SOCKET": self.path("nobody")})
        server.wait_for_log(" warning server: cannot tell the service manager")
        with server.locate() as ns:
            self.assertEqual(ns.count(), 1)
        server.stop()
        self.assertEqual(len([line for line in server.lines["stderr"] if "cannot tell" in line]), 1)


class Watchdog(ServiceCase):
    def test_it_gives_signs_of_life(self):
        manager = self.notify_socket()
        server = self.start_service(manager, env={"WATCHDOG_USEC": "300000"})
        manager.wait_for(lambda message: message.get("WATCHDOG") == "1", count=4)
        server.stop()

    def test_also_after_a_reload(self):
        manager = self.notify_socket()
        server = self.start_service(manager, env={"WATCHDOG_USEC": "300000"})
        seen = manager.wait_for_key("READY")
        server.signal(signal.SIGHUP)
        seen = manager.wait_for_key("READY", after=seen)
        manager.wait_for_key("WATCHDOG", count=2, after=seen)
        server.stop()

    def test_not_for_another_process(self):
        manager = self.notify_socket()
        server = self.start_service(manager, env={"WATCHDOG_USEC": "3000", "WATCHDOG_PID": str(os.getpid())})
        with server.locate() as ns:
            for number in range(3):
                ns.register("n%d" % number, "PYRO:o@h:1")
                manager.wait_for_status("%d registrations, 1 connection" % (number + 2))
        server.stop()
        self.assertEqual([message for message in manager.messages if "WATCHDOG" in message], [])


class InheritedSockets(support.DirectoryCase):
    def test_one_of_no_use_is_refused(self):
        path = self.path("socket")
        environment = support.clean_environment(self.directory)
        through = socket_activated(path, "--seqpacket", environment=["HOME", *sanitizer_variables()])
        activated = support.Child([*through, support.required_path("HEARTHD"), "-s", "memory", "-p", "0"], environment)
        self.addCleanup(activated.kill)
        activated.wait_for_line("Listening on", which="stderr")
        client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(client.close)
        client.connect(path)
        line = activated.wait_for_line("hearthd: ", which="stderr")
        self.assertIn("descriptor 3 of the service manager is neither a listening stream socket nor a datagram", line)
        self.assertEqual(activated.wait(), 1)


class Journal(support.DirectoryCase):
    """JOURNAL_STREAM names what stderr is connected to."""

    TRUE = 'export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); exec "$@"'
    STALE = 'export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/1); exec "$@"'

    def start(self, script, *options, **settings):
        return self.start_server(*options, through=("/bin/sh", "-c", script, "sh"), **settings)

    def test_lines_have_priorities_and_no_date(self):
        server = self.start(self.TRUE, "-k", "key", env={"PYRO_LOGLEVEL": "DEBUG"})
        server.wait_for_line("<4>server: the key given with -k can be read by every user", which="stderr")
        self.locate(server, hmac_key="key")
        server.wait_for_line("<7>net: c#1 accepted from 127.0.0.1:", which="stderr")
        server.signal(signal.SIGHUP)
        server.wait_for_line("<6>server: settings reloaded", which="stderr")
        server.stop()
        self.assertEqual([line for line in server.lines["stderr"] if line[:1] + line[2:3] != "<>"], [])

    def test_a_failed_start_is_an_error(self):
        server = support.Server(self.directory, "--nonsense", through=("/bin/sh", "-c", self.TRUE, "sh"))
        self.addCleanup(server.kill)
        self.assertEqual(server.wait(), 2)
        self.assertEqual(server.lines["stderr"][0][:12], "<3>hearthd: ")

    def test_a_variable_from_before_a_redirection_is_not_believed(self):
        server = self.start(self.STALE, "-k", "key")
        line = server.wait_for_log("the key given with -k")
        self.assertRegex(line, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} warning server: the key given with -k")
        server.stop()


if __name__ == "__main__":
    support.main()
