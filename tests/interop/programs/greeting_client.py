"""Asks for names and lets the remote object, found by its name, greet them."""

import sys

import Pyro4

with Pyro4.Proxy("PYRONAME:example.fortune") as fortune:
    for line in sys.stdin:
        print(fortune.tell(line.strip()))
