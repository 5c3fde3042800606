#!/usr/bin/python3
"""Measures hearthd and pyro4-ns side by side with the same load program and prints medians and their ratio.

    HEARTHD=… LOAD=… tests/bench/compare.py [ROUNDS [SECONDS]]

The two take turns within every round, so that a noisy machine hits both. A figure is only worth something beside the others
of the same run.
"""

import statistics
import sys
import tempfile

from programs import HEARTHD, PYRO4_NS, load, name_server

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0

# (workload, connections, storage); the Python name server has 40 threads, so 16 connections leave it room.
CASES = [("lookup", 1, "memory"), ("lookup", 16, "memory"), ("register", 1, "sql"), ("register", 16, "sql")]


def measure(program, workload, connections, storage):
    with tempfile.TemporaryDirectory() as folder:
        with name_server(program, "memory" if storage == "memory" else f"sql:{folder}/names.db") as server:
            return load(server, workload, connections, SECONDS)[0]


def main():
    servers = {"hearthd": HEARTHD, "pyro4-ns": PYRO4_NS}
    print(f"operations a second, median (least .. most) of {ROUNDS} rounds of {SECONDS:g} s")
    for workload, connections, storage in CASES:
        results = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, program in servers.items():
                results[name].append(measure(program, workload, connections, storage))
        medians = {name: statistics.median(values) for name, values in results.items()}
        print(f"{workload}, {connections} connection{'s' if connections > 1 else ''}, storage {storage}")
        for name, values in results.items():
            print(f"  {name:10} {medians[name]:10,.0f}  ({min(values):,.0f} .. {max(values):,.0f})")
        print(f"  ratio      {medians['hearthd'] / medians['pyro4-ns']:10.1f}", flush=True)


if __name__ == "__main__":
    main()
