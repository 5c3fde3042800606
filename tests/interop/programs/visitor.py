"""Visits the warehouse as each person named on the command line; what they store and take is typed."""

import sys

import Pyro4
import Pyro4.util

sys.excepthook = Pyro4.util.excepthook


def visit(who, warehouse):
    print("This is %s." % who)
    for question, act in (("store", warehouse.store), ("take", warehouse.take)):
        print("On the shelf: %s. What does %s %s?" % (", ".join(warehouse.contents()), who, question))
        item = sys.stdin.readline().strip()
        if item:
            act(who, item)
    print("Goodbye, %s." % who)


with Pyro4.Proxy("PYRONAME:example.warehouse") as the_warehouse:
    for person in sys.argv[1:]:
        visit(person, the_warehouse)
