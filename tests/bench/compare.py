#!/usr/bin/python3
"""Measures hearthd and pyro4-ns side by side with the same load program and prints medians and their ratio.

    HEARTHD=… LOAD=… tests/bench/compare.py [ROUNDS [SECONDS]]

The two take turns within every round, so that a noisy machine hits both. A figure is only worth something beside the others
of the same run.
"""

import os
import statistics
import subprocess
import sys
import tempfile

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0

# (workload, connections, storage); the Python name server has 40 threads, so 16 connections leave it room.
CASES = [("lookup", 1, "memory"), ("lookup", 16, "memory"), ("register", 1, "sql"), ("register", 16, "sql")]


class Server:
    """A name server on a free port of loopback, stopped at the end of the with block."""

    def __init__(self, command, storage, folder):
        place = "memory" if storage == "memory" else f"sql:{folder}/names.db"
        self.command = [*command, "-n", "localhost", "-p", "0", "-x", "-s", place]

    def __enter__(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYRO_")}
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True, env=environment | {"PYTHONUNBUFFERED": "1"})
        for line in self.process.stdout:
            if line.startswith("URI = "):
                self.port = line.rsplit(":", 1)[1].strip()
                return self
        raise SystemExit(f"{self.command[0]} did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def measure(command, workload, connections, storage):
    with tempfile.TemporaryDirectory() as folder, Server(command, storage, folder) as server:
        output = subprocess.run([os.environ["LOAD"], server.port, workload, str(connections), str(SECONDS)],
                                stdout=subprocess.PIPE, text=True, check=True).stdout
        return float(output)


def main():
    servers = {"hearthd": [os.environ["HEARTHD"]], "pyro4-ns": ["/usr/bin/pyro4-ns"]}
    print(f"operations a second, median (least .. most) of {ROUNDS} rounds of {SECONDS:g} s")
    for workload, connections, storage in CASES:
        results = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, command in servers.items():
                results[name].append(measure(command, workload, connections, storage))
        medians = {name: statistics.median(values) for name, values in results.items()}
        print(f"{workload}, {connections} connection{'s' if connections > 1 else ''}, storage {storage}")
        for name, values in results.items():
            print(f"  {name:10} {medians[name]:10,.0f}  ({min(values):,.0f} .. {max(values):,.0f})")
        print(f"  ratio      {medians['hearthd'] / medians['pyro4-ns']:10.1f}", flush=True)


if __name__ == "__main__":
    main()
