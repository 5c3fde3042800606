"""Prints the names in a dbm file of Pyro4's name server (pyro4-ns -s dbm:FILE) as lines of JSON, which nsc import reads.

    python3 pyro4_dbm.py -- FILE > names.jsonl

nsc runs this for "nsc import dbm:FILE"; it can also be run where the file is and nsc is not. The file must not be in use.
"""

import json
import os
import sys


def print_names(path):
    try:
        import dbm
    except ImportError as error:
        sys.exit("this Python lacks its module dbm (%s)" % error)
    kind = dbm.whichdb(path)
    if kind is None and os.path.exists(path + ".db"):
        sys.exit("this python3 lacks its module dbm.ndbm, or the file is damaged; Debian's in /usr/bin has it")
    if kind is None:
        sys.exit("there is no dbm file of that name, or it may not be read")
    if kind == "":
        sys.exit("it is no dbm file that this Python knows")
    try:
        with dbm.open(path, "r") as names:
            for name in sorted(names.keys()):
                print(json.dumps({"name": name.decode("utf-8"), "uri": names[name].decode("utf-8"), "metadata": []}))
    except UnicodeDecodeError as error:
        sys.exit("it holds %r, which is no UTF-8" % error.object)
    except dbm.error as error:
        help_text = "; install the package python3-gdbm" if kind == "dbm.gnu" else ""
        sys.exit("%s (a file of the kind %s)%s" % (error, kind, help_text))


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != "--"]
    if len(arguments) != 1:
        sys.exit("usage: python3 pyro4_dbm.py -- FILE")
    print_names(arguments[0])
