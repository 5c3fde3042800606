"""Networks of a test's own: hosts and the switches between them, which nobody else can see.

    class Case(support.DirectoryCase):
        def setUp(self):
            super().setUp()
            network = netns.Network(self.addCleanup)
            self.server, self.client = network.host("server"), network.host("client")
            lan = network.switch("lan")
            lan.connect(self.server, "10.1.0.1/24", "fd00::1/64")
            lan.connect(self.client, "10.1.0.2/24", default_route=True)

        def test(self):
            server = self.start_server("-n", "0.0.0.0", through=self.server.through)
            with self.client.inside():
                Pyro4.locateNS()

    if __name__ == "__main__":
        netns.main()

A host is a network namespace, a switch a bridge in one of its own, and veth pairs are the wires. The whole
test program runs in a network and mount namespace of its own, made before anything else: so no name
collides with another test's, and what a killed test has left goes with its last process. Needs root, or
user namespaces for everybody.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys

import support

_ISOLATED = "HEARTH_TEST_ISOLATED"
_CLONE_NEWNET = 0x40000000
# Named namespaces are mounts under /run/netns. The resolver of the machine cannot be asked from in here, and
# waiting for it would take seconds.
_PREPARE = """
mount -t tmpfs none /run
: >/run/resolv.conf
[ ! -f /etc/resolv.conf ] || mount --bind /run/resolv.conf /etc/resolv.conf
ip link set lo up
exec "$@"
"""


def main():
    """support.main(), isolated."""
    isolate()
    support.main()


def isolate():
    """Starts this program again in namespaces of its own, unless it is in them already."""
    if os.environ.get(_ISOLATED) == str(os.getpid()):
        return
    if _ISOLATED in os.environ:
        raise SystemExit("no namespaces could be made: see unshare(1)")
    os.environ[_ISOLATED] = str(os.getpid())  # exec after exec: the process id stays
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    os.execvp("unshare", ["unshare", *as_root, "--net", "--mount", "--", "/bin/sh", "-e", "-c", _PREPARE,
                          "sh", *sys.orig_argv])


def _ip(*arguments):
    done = subprocess.run(["ip", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=support.SAFETY_S)
    if done.returncode != 0:
        raise AssertionError("ip %s: %s" % (" ".join(arguments), done.stderr.strip()))
    return done.stdout


class Host:
    """A machine: interfaces, routes and ports of its own; files and processes are shared."""

    def __init__(self, name):
        self.name = name
        self.path = "/run/netns/" + name
        _ip("netns", "add", name)
        self.ip("link", "set", "lo", "up")

    @property
    def through(self):
        """What to put in front of a command so that it runs here, as the same process."""
        return ["nsenter", "--net=" + self.path, "--"]

    def ip(self, *arguments):
        """ip(8), on this host; what it printed."""
        return _ip("-n", self.name, *arguments)

    def run(self, *argv):
        """Runs a command here to its end; what it printed."""
        return subprocess.run([*self.through, *argv], check=True, stdout=subprocess.PIPE,
                              encoding="utf-8", timeout=support.SAFETY_S).stdout

    @contextlib.contextmanager
    def inside(self):
        """Sockets and children that this thread makes in here belong to this host, and stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            with open(self.path, "rb") as namespace:
                _enter(namespace.fileno())
            try:
                yield self
            finally:
                _enter(home)
        finally:
            os.close(home)

    def add_addresses(self, interface, *addresses):
        """"10.1.0.1/24", "fd00::1/64": usable at once."""
        for address in addresses:
            # Otherwise an IPv6 address is unusable while the network is asked whether somebody has it.
            at_once = ["nodad"] if ":" in address else []
            self.ip("address", "add", address, "dev", interface, *at_once)

    def wait_for_link(self, interface):
        def is_up():
            link, = json.loads(self.ip("-j", "link", "show", "dev", interface))
            return link["operstate"] == "UP"
        if not support.wait_until(is_up):
            raise AssertionError("%s of %s does not come up" % (interface, self.name))


class Switch:
    """Joins any number of hosts to one network."""

    def __init__(self, name):
        self.host = Host(name)
        self.host.ip("link", "add", "bridge", "type", "bridge")
        self.host.ip("link", "set", "bridge", "up")
        self.ports = 0

    def connect(self, host, *addresses, default_route=False):
        """Gives the host an interface, which is called like this switch. What is sent to 255.255.255.255
        leaves a host through its default route only."""
        self.ports += 1
        port = "port%d" % self.ports
        self.host.ip("link", "add", port, "type", "veth", "peer", "name", self.host.name, "netns",
                     host.name)
        self.host.ip("link", "set", port, "master", "bridge", "up")
        host.ip("link", "set", self.host.name, "up")
        host.add_addresses(self.host.name, *addresses)
        if default_route:
            host.ip("route", "add", "default", "dev", self.host.name)
        for end, interface in ((host, self.host.name), (self.host, port)):
            end.wait_for_link(interface)


class Network:
    """What one test has built; taken down by its cleanup."""

    def __init__(self, add_cleanup):
        self.add_cleanup = add_cleanup

    def host(self, name):
        """A machine with its loopback up and nothing else. The name is unique in the test."""
        host = Host(name)
        self.add_cleanup(_ip, "netns", "delete", name)
        return host

    def switch(self, name):
        """A network without anybody in it. The name, of at most 15 characters, is unique in the test."""
        switch = Switch(name)
        self.add_cleanup(_ip, "netns", "delete", name)
        return switch


_libc = ctypes.CDLL(None, use_errno=True)


def _enter(descriptor):
    """setns(2), which Python has from 3.12 on."""
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    raise SystemExit(__doc__)
