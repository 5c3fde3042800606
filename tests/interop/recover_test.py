#!/usr/bin/python3
"""A damaged storage file: refused at the start, saved by --recover as far as it can be read."""

import os
import sqlite3

import support

NAMES = 2000
PAGE = 4096


class Recovery(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("names.db")
        server = self.start_server(storage="sql:" + self.file)
        with server.locate() as ns:
            ns._pyroOneway.add("register")
            for number in range(NAMES):
                ns.register("name%04d" % number, "PYRO:o%d@host:1" % number)
            self.assertEqual(ns.count(), NAMES + 1)
        server.stop()

    def damage_a_leaf(self):
        """Overwrites one page that holds rows of pyro_names."""
        needle = b"PYRO:o1000@host:1"
        with open(self.file, "r+b") as file:
            data = file.read()
            page = data.index(needle) // PAGE
            file.seek(page * PAGE)
            file.write(b"\0" * PAGE)

    def hearthd(self, *options):
        return support.run([support.required_path("HEARTHD"), *options], self.directory)

    def test_a_damaged_file_is_refused_then_saved(self):
        self.damage_a_leaf()
        status, _, err = self.hearthd("-p", "0", "-s", "sql:" + self.file)
        self.assertEqual(status, 1)
        self.assertIn("hearthd --recover", err)
        status, out, err = self.hearthd("--recover", "-s", "sql:" + self.file)
        self.assertEqual((status, err), (0, ""))
        self.assertIn(self.file + ".damaged-1", out)
        self.assertTrue(os.path.exists(self.file + ".damaged-1"))
        with self.locate(self.start_server(storage="sql:" + self.file)) as ns:
            saved = ns.list(prefix="name")
            self.assertIn("name0000", saved)
            self.assertIn("name1999", saved)
            self.assertNotIn("name1000", saved)
            self.assertGreater(len(saved), NAMES / 2)

    def test_what_cannot_be_recovered_stays_as_it_was(self):
        for storage in ("memory", "sql:" + self.path("missing.db")):
            status, out, err = self.hearthd("--recover", "-s", storage)
            self.assertEqual((status, out), (1, ""))
            self.assertNotEqual(err, "")
        server = self.start_server(storage="sql:" + self.file)
        status, _, err = self.hearthd("--recover", "-s", "sql:" + self.file)
        self.assertEqual(status, 1)
        self.assertIn(str(server.pid), err)
        server.stop()
        with sqlite3.connect(self.file) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM pyro_names").fetchone(), (NAMES + 1,))


if __name__ == "__main__":
    support.main()
