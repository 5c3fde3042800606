#!/usr/bin/python3
"""What Pyro4's own client does a second: the Python half of client.py.

    pyro4_client.py lookup PORT SECONDS THREADS
    pyro4_client.py call|batch URI SECONDS THREADS

Each thread has a connection. Prints the rate of all, and the processor's microseconds for one.
"""

import sys
import threading
import time

import Pyro4


def lookups(port):
    proxy = Pyro4.Proxy("PYRO:Pyro.NameServer@localhost:" + port)
    proxy.register("bench", "PYRO:object@localhost:5000", metadata=["tag"])
    return 1, lambda: proxy.lookup("bench", return_metadata=True)


def calls(uri):
    proxy = Pyro4.Proxy(uri)
    return 1, lambda: proxy.add(1, 2)


def batches(uri):
    proxy = Pyro4.Proxy(uri)

    def once():
        batch = Pyro4.batch(proxy)
        for number in range(100):
            batch.add(number, 2)
        return list(batch())
    return 100, once


def main():
    what, where, seconds, threads = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    counts = [0] * threads
    ready = threading.Barrier(threads + 1)

    def run(number):
        size, once = {"lookup": lookups, "call": calls, "batch": batches}[what](where)
        once()
        ready.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            once()
            counts[number] += size

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    ready.wait()
    start, start_cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.join()
    count = sum(counts)
    print(count / (time.perf_counter() - start), (time.process_time() - start_cpu) / count * 1e6)


if __name__ == "__main__":
    main()
