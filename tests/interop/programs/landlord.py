"""A daemon with any number of objects, which says who comes to the door.

    landlord.py [--host HOST] [--port PORT] [--unixsocket PATH] [--servertype TYPE] [--key KEY] OBJECT…

Prints the URI of each object, then `ready`; `asked` at each handshake, `busy` when a long call begins.
"""

import argparse
import os

import Pyro4

parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--unixsocket")
parser.add_argument("--servertype", default="thread")
parser.add_argument("--key")
parser.add_argument("objects", nargs="+")
options = parser.parse_args()
Pyro4.config.SERVERTYPE = options.servertype


class Landlord(Pyro4.Daemon):
    def validateHandshake(self, conn, data):
        print("asked")
        return "hello"


@Pyro4.expose
class Tenant:
    def work_until_written(self, path):
        """A long call: it ends when somebody writes to the FIFO."""
        print("busy")
        with open(path, "rb") as fifo:
            fifo.read()

    def move_out(self, object_id):
        daemon.unregister(object_id)


if options.unixsocket:
    daemon = Landlord(unixsocket=options.unixsocket)
else:
    daemon = Landlord(host=options.host, port=options.port)
if options.key:
    daemon._pyroHmacKey = options.key.encode()
for name in options.objects:
    print(daemon.register(Tenant(), name))
print("ready")
try:
    daemon.requestLoop()
finally:
    if options.unixsocket:
        os.unlink(options.unixsocket)
