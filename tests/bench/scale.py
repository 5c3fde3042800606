#!/usr/bin/python3
"""What hearthd costs with very many names, beside what it costs with a thousand: start, memory, lookups, lists by prefix, and how
long others wait while somebody lists everything.

    HEARTHD=… LOAD=… tests/bench/scale.py [NAMES [ROUNDS [SECONDS]]]

Few and many names take turns within every round, so that a noisy machine hits both. The files are read once before they are
measured: the cache is warm.
"""

import statistics
import sys
import tempfile
import threading
from pathlib import Path

import stored_names
from programs import HEARTHD, load, name_server

NAMES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 2.0
FEW = 1000


def spread(values, unit, digits=2):
    return f"{statistics.median(values):,.{digits}f} {unit} ({min(values):,.{digits}f} .. {max(values):,.{digits}f})"


def measure_start(storage):
    """Starts and goes a few times: from exec to its URI, its CPU until then, and resident memory."""
    starts, cpus, memory = [], [], []
    for _ in range(ROUNDS):
        with name_server(HEARTHD, storage) as server:
            starts.append(server.start_s)
            cpus.append(server.cpu_s())
            memory.append(server.resident_bytes())
    return starts, cpus, statistics.median(memory)


def measure_cost(servers, workload):
    """Few against many: microseconds of hearthd's CPU an operation, and operations a second."""
    cpu_us, rates = ({names: [] for names in servers} for _ in range(2))
    for _ in range(ROUNDS):
        for names, server in servers.items():
            before = server.cpu_s()
            rate = load(server, workload, 1, SECONDS, names)[0]
            cpu_us[names].append((server.cpu_s() - before) * 1e6 / (rate * SECONDS))
            rates[names].append(rate)
    for names in servers:
        print(f"  {names:9,} names: {spread(cpu_us[names], 'us of CPU', 1)}, {spread(rates[names], 'a second', 0)}")
    ratios = [statistics.median(cpu_us[NAMES]) / statistics.median(cpu_us[FEW]),
              statistics.median(rates[FEW]) / statistics.median(rates[NAMES])]
    print(f"  ratio            : {ratios[0]:.2f} by CPU, {ratios[1]:.2f} by time", flush=True)


def measure_waiting(server):
    """Lookups of one client, alone and while another lists everything over and over."""
    for who, listers in (("nobody", 0), ("one client", 1)):
        stop = threading.Event()

        def list_on():
            while not stop.is_set():
                load(server, "list", 1, SECONDS)

        threads = [threading.Thread(target=list_on) for _ in range(listers)]
        for thread in threads:
            thread.start()
        results = [load(server, "find", 1, SECONDS, NAMES) for _ in range(ROUNDS)]
        stop.set()
        for thread in threads:
            thread.join()
        print(f"  while {who} lists: p50 {spread([r[1] for r in results], 'ms', 3)}, p99 {spread([r[2] for r in results], 'ms', 3)}",
              flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        storage = {}
        for count, tagged in ((FEW, False), (NAMES, False), (NAMES, True)):
            print(f"writing a file of {count:,} names{', two tags each' if tagged else ''}", file=sys.stderr)
            path = f"{folder}/{count}{'-tagged' if tagged else ''}.db"
            stored_names.write(path, count, tagged)
            with name_server(HEARTHD, f"sql:{path}"):
                pass  # what is written at the first start is written, and the file is in the cache
            storage[count, tagged] = f"sql:{path}"
            print(f"  {Path(path).stat().st_size / 1e6:.0f} MB", file=sys.stderr)

        print(f"median (least .. most) of {ROUNDS} rounds of {SECONDS:g} s")
        _, _, few_bytes = measure_start(storage[FEW, False])
        for tagged in (False, True):
            starts, cpus, memory = measure_start(storage[NAMES, tagged])
            print(f"{NAMES:,} names, {'two tags each' if tagged else 'no tags'}")
            print(f"  start            : {spread(starts, 's')}, {spread(cpus, 's of CPU')}")
            print(f"  memory           : {(memory - few_bytes) / (NAMES - FEW):.0f} bytes a name", flush=True)
        with name_server(HEARTHD, storage[FEW, False]) as few, name_server(HEARTHD, storage[NAMES, True]) as many:
            for workload, title in (("find", "lookup"), ("prefix", "list of 20 names by prefix")):
                print(title)
                measure_cost({FEW: few, NAMES: many}, workload)
            print(f"lookup among {NAMES:,} names")
            measure_waiting(many)


if __name__ == "__main__":
    main()
