#!/usr/bin/python3
"""Lists of hundreds of thousands of names: every format brings them whole, and nobody else is held up or shut out."""

import socket
import sqlite3
import struct
import threading

import support
from raw_peer import Pyro4Peer

NAMES = 200000


def entry(number):
    return "stock.%06d" % number, "PYRO:obj_%06d@warehouse.example:%d" % (number, number % 60000 + 1)


def fill(path, count):
    """A file as Pyro writes it."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE pyro_names (id integer PRIMARY KEY, name nvarchar NOT NULL UNIQUE, uri nvarchar NOT NULL)")
        db.execute("CREATE TABLE pyro_metadata (object integer NOT NULL, metadata nvarchar NOT NULL,"
                   " FOREIGN KEY(object) REFERENCES pyro_names(id))")
        db.executemany("INSERT INTO pyro_names VALUES (?,?,?)", ((n + 1, *entry(n)) for n in range(count)))
        db.executemany("INSERT INTO pyro_metadata VALUES (?,?)",
                       ((n + 1, tag) for n in range(count) for tag in ("class:Stock", "row:%d" % (n % 100))))
    db.close()


class LargeLists(support.DirectoryCase):
    def serve(self, count, *options):
        path = self.path("names.db")
        fill(path, count)
        return self.start_server(*options, storage="sql:" + path)

    def peer(self, server):
        peer = Pyro4Peer(server.port).connect()
        self.addCleanup(peer.close)
        return peer

    def test_every_format_while_others_look_up(self):
        server = self.serve(NAMES)
        for serializer in support.SERIALIZERS:
            with self.subTest(serializer), server.locate(serializer) as lister, server.locate() as other:
                result = {}
                thread = threading.Thread(target=lambda: result.update(lister.list(prefix="stock.")))
                thread.start()
                number = 0
                while thread.is_alive() or number == 0:
                    name, uri = entry(number % NAMES)
                    self.assertEqual(str(other.lookup(name)), uri)
                    number += 7919
                self.assertEqual(len(result), NAMES)
                for number in range(0, NAMES, 9973):
                    name, uri = entry(number)
                    self.assertEqual(result[name], uri)
        server.stop()

    def test_with_metadata_by_tag_and_by_regex(self):
        server = self.serve(NAMES)
        with server.locate("marshal") as ns:
            found = ns.list(metadata_all=["class:Stock", "row:7"], return_metadata=True)
            self.assertEqual(found, {name: (uri, ["class:Stock", "row:7"])
                                     for name, uri in (entry(n) for n in range(7, NAMES, 100))})
            self.assertEqual(len(ns.list(metadata_any=["class:Stock"])), NAMES)
            self.assertEqual(sorted(ns.list(regex=r"stock\.\d*99999$")), ["stock.099999", "stock.199999"])
            self.assertEqual(ns.remove(regex=r"stock\.\d*9999$"), NAMES // 10000)
            self.assertEqual(ns.count(), NAMES - NAMES // 10000 + 1)
        server.stop()

    def test_a_list_is_of_one_moment(self):
        """A token that is always at one of two places, the first and the last name, is in every list."""
        server = self.serve(20000)
        with server.locate() as ns:
            ns.register("a.token", "PYRO:o@h:1")
        stop = threading.Event()

        def move():
            with server.locate() as ns:
                here, there = "a.token", "z.token"
                while not stop.is_set():
                    ns.register(there, "PYRO:o@h:1")
                    ns.remove(here)
                    here, there = there, here

        mover = threading.Thread(target=move)
        mover.start()
        try:
            with server.locate("marshal") as ns:
                for _ in range(20):
                    names = ns.list()
                    self.assertTrue("a.token" in names or "z.token" in names)
                    self.assertGreater(len(names), 20000)
        finally:
            stop.set()
            mover.join()
        server.stop()

    def test_those_who_ask_and_do_not_read_or_vanish_keep_nobody_out(self):
        server = self.serve(NAMES)
        silent = [self.peer(server) for _ in range(4)]
        for peer in silent:
            peer.send(peer.call_message(1, "list"))
        for _ in range(4):
            peer = self.peer(server)
            peer.send(peer.call_message(1, "list"))
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()  # with a reset
        with server.locate("marshal") as ns:
            self.assertEqual(len(ns.list()), NAMES + 1)
        server.signal(support.signal.SIGTERM)  # a stop waits for those who do not read, but not for long
        self.assertEqual(server.wait(), 0)

    def test_a_signed_list_verifies(self):
        server = self.serve(NAMES, "-k", "secret")
        with server.locate("msgpack", hmac_key=b"secret") as ns:
            self.assertEqual(len(ns.list(prefix="stock.")), NAMES)
        server.stop()


if __name__ == "__main__":
    support.main()
