"""A Pyro4 client that is steered line by line: `METHOD [ARGUMENT...]` calls that of the URI given on the command line, and what
comes of it is one line. Pyro4 takes its TLS settings once in the life of a process, so a test has one of these for each."""

import os
import sys

import Pyro4

with Pyro4.Proxy(sys.argv[1]) as target:
    target._pyroHmacKey = os.environ.get("PYRO_HMAC_KEY")
    for line in sys.stdin:
        method, *arguments = line.split()
        try:
            print("=", getattr(target, method)(*arguments))
        except Exception as error:  # whatever the user would see
            print("!", type(error).__name__, " ".join(str(error).split()))
