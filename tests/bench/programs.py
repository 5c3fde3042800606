"""What the benchmarks run: servers on loopback, and the load program."""

import os
import subprocess
import time

PYTHON = "/usr/bin/python3"
HEARTHD = os.environ["HEARTHD"]
PYRO4_NS = "/usr/bin/pyro4-ns"


class Server:
    """A program that prints its URI when it serves; stopped at the end of the with block."""

    def __init__(self, *command):
        self.command = command

    def __enter__(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYRO_")}
        begin = time.monotonic()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment | {"PYTHONUNBUFFERED": "1"})
        for line in self.process.stdout:
            if line.removeprefix("URI = ").startswith("PYRO:"):
                self.start_s = time.monotonic() - begin
                self.uri = line.removeprefix("URI = ").strip()
                self.port = self.uri.rsplit(":", 1)[1]
                return self
        raise SystemExit(f"{self.command[0]} did not start")

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def name_server(program, storage="memory"):
    """On a free port; `storage` as -s takes it."""
    return Server(program, "-n", "localhost", "-p", "0", "-x", "-s", storage)


def load(server, workload, connections, seconds, names=0):
    """Operations a second, and the median and the 99th percentile of what one took, in milliseconds."""
    command = [os.environ["LOAD"], server.port, workload, str(connections), str(seconds), *([str(names)] if names else [])]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return tuple(map(float, output.split()))
