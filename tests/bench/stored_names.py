"""Pyro's storage file with as many names as one likes; load.cpp knows how they are called."""

import random
import sqlite3

NAMES_PER_CELL = 20


def registrations(count):
    for number in range(count):
        cell, worker = divmod(number, NAMES_PER_CELL)
        yield (number, f"sim.cell{cell:05}.worker{worker:02}", f"PYRO:obj_{number:07}@node{number % 1000:04}.example.org:{9000 + number % 100}")


def tags_of(number):
    return f"class:sim.Worker{number % 50}", f"host:node{number % 1000:04}"


def write(path, count, tagged):
    """In random order, as a fleet registers; with two tags each, or none."""
    rows = list(registrations(count))
    random.Random(count).shuffle(rows)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=off")
        database.execute("CREATE TABLE pyro_names(id integer PRIMARY KEY, name nvarchar NOT NULL UNIQUE, uri nvarchar NOT NULL)")
        database.execute("CREATE TABLE pyro_metadata(object integer NOT NULL, metadata nvarchar NOT NULL,"
                         " FOREIGN KEY(object) REFERENCES pyro_names(id))")
        database.executemany("INSERT INTO pyro_names VALUES(?, ?, ?)", ((i + 1, row[1], row[2]) for i, row in enumerate(rows)))
        if tagged:
            database.executemany("INSERT INTO pyro_metadata VALUES(?, ?)",
                                 ((i + 1, tag) for i, row in enumerate(rows) for tag in tags_of(row[0])))
    database.close()
