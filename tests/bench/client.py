#!/usr/bin/python3
"""Measures the C++ client library beside Pyro4's own client, on the same servers, and prints medians and their ratio.

    HEARTHD=… CLIENT=… tests/bench/client.py [ROUNDS [SECONDS]]

The two take turns within every round, so that a noisy machine hits both.
"""

import os
import statistics
import subprocess
import sys

from programs import HEARTHD, PYRO4_NS, PYTHON, Server, name_server

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
HERE = os.path.dirname(os.path.abspath(__file__))


def run(*command):
    """The numbers that it prints."""
    output = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [float(word) for word in output.split()]


def ours(*words):
    return run(os.environ["CLIENT"], *words)


def compare(title, what, where, threads=1, python_does=None):
    """`python_does` instead of `what`."""
    programs = {"C++": [os.environ["CLIENT"], what], "Python": [PYTHON, os.path.join(HERE, "pyro4_client.py"), python_does or what]}
    results = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            results[name].append(run(*program, where, SECONDS, threads))
    rates, costs = ({name: statistics.median(value[place] for value in values) for name, values in results.items()}
                    for place in (0, 1))
    print(f"{title}, {threads} connection{'s' if threads > 1 else ''}")
    for name, values in results.items():
        spread = f"({min(value[0] for value in values):,.0f} .. {max(value[0] for value in values):,.0f})"
        print(f"  {name:8} {rates[name]:10,.0f} {spread:22} {costs[name]:8.1f} us of processor for one")
    print(f"  ratio    {rates['C++'] / rates['Python']:10.1f} {'':22} {costs['Python'] / costs['C++']:8.1f}", flush=True)


def main():
    print(f"operations a second of one program, median (least .. most) of {ROUNDS} rounds of {SECONDS:g} s")
    with name_server(HEARTHD) as hearthd, name_server(PYRO4_NS) as pyro4_ns, \
            Server(PYTHON, os.path.join(HERE, "..", "pyro4", "daemon.py")) as daemon:
        compare("lookup, hearthd", "lookup", hearthd.port)
        floor = statistics.median(ours("floor", SECONDS)[0] for _ in range(ROUNDS))
        print(f"  {floor:,.0f} round trips of as many bytes over loopback with nothing done at either end: one connection does no more")
        compare("lookup, hearthd", "lookup", hearthd.port, 16)
        compare("lookup, hearthd; in C++ on a loop, 100 under way", "pipelined", hearthd.port, 1, "lookup")
        compare("lookup, pyro4-ns", "lookup", pyro4_ns.port)
        compare("call of a Python object", "call", daemon.uri)
        compare("call of a Python object in batches of 100", "batch", daemon.uri)
        print(f"locate() and ping() of a hearthd on loopback: {ours('locate', hearthd.port, 100)[0]:.2f} ms (median of 100)")
        print(f"memory of a connected proxy, of 1,000: {ours('proxies', hearthd.uri, 1000)[0]:,.0f} bytes")


if __name__ == "__main__":
    main()
