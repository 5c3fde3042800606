#!/usr/bin/python3
"""Checks every #include against the table of rooms (which room may know which) and prints the arrows that are not in it.

    tests/lint/layers.py [ROOT]

A room may include the rooms named here and whatever lies below those. A new room is one line in ROOMS; a new library that
must stay in one place is one line in ONLY_HERE. A public header (ROOM/include/hearth/, written <hearth/…> by everybody) belongs
to its room, and includes nothing that a user of the client library does not have. An example includes public headers only.
"""

import re
import sys
from pathlib import Path

ROOMS = {
    "protocol/base": [],
    "protocol/value": ["protocol/base"],
    "protocol/serial": ["protocol/value"],
    "protocol/wire": ["protocol/base"],
    "protocol/rpc": ["protocol/serial", "protocol/wire"],
    "protocol/tls": ["protocol/base"],
    "protocol/loop": ["protocol/tls"],
    "protocol/host": ["protocol/rpc", "protocol/loop"],
    "nameserver/model": ["protocol/base"],
    "nameserver/store": ["nameserver/model"],
    "nameserver/commit": ["nameserver/store", "protocol/loop"],
    "nameserver/registry": ["nameserver/model", "protocol/rpc"],
    "nameserver/access": ["nameserver/model", "protocol/rpc"],
    "nameserver/discovery": ["protocol/wire", "protocol/loop"],
    "nameserver/upkeep": ["nameserver/registry", "nameserver/discovery", "protocol/rpc", "protocol/loop"],
    "nameserver/options": ["protocol/serial"],
    "nameserver": ["nameserver/options", "nameserver/commit", "nameserver/registry", "nameserver/access", "nameserver/upkeep",
                   "nameserver/discovery", "protocol/host"],
    "client-lib": ["protocol/rpc", "protocol/tls"],
    "client-lib/uv": ["client-lib", "protocol/loop"],
    "client-lib/examples": ["client-lib/uv"],
    "nsc": ["client-lib", "protocol/serial", "nameserver/store"],
    "tests": ["nameserver", "nsc", "client-lib/uv"],
}

# Where the headers of a library may be included: a header (or a folder of headers) -> path prefixes.
ONLY_HERE = {
    "uv.h": ["protocol/loop/"],
    "openssl/": ["protocol/tls/", "protocol/wire/", "nameserver/access/"],
    "sqlite3.h": ["nameserver/store/"],
    "msgpack": ["protocol/serial/"],
    "rapidjson/": ["protocol/serial/"],
    "CLI/": ["nsc/", "nameserver/options/"],
    "pcre2.h": ["nameserver/registry/"],
    "spdlog/": ["protocol/base/"],
    "zlib.h": ["protocol/wire/"],
    "systemd/": ["nameserver/service"],
}

# Left of `loop` there are only bytes and values: no socket, clock, thread or log.
SANS_IO_ROOMS = {"protocol/value", "protocol/serial", "protocol/wire", "protocol/rpc"}
IO_HEADERS = {"chrono", "condition_variable", "ctime", "mutex", "poll.h", "sys/epoll.h", "sys/socket.h", "thread", "time.h",
              "unistd.h", "protocol/base/clock.h", "protocol/base/guarded.h", "protocol/base/log.h"}

PUBLIC_INCLUDE = re.compile(r"[a-z_]+|hearth/[a-z_/]+\.h|tl/expected\.hpp")  # in angle brackets; the first are the standard's
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = {".h", ".hpp", ".cpp", ".cc", ".c"}


def room_of(path):
    """The room of a file by its path from the root; some rooms lie inside others."""
    folders = path.split("/")[:-1]
    inner = "/".join(folders[:2])
    return inner if inner in ROOMS or (folders and folders[0] in ("protocol", "nameserver")) else "/".join(folders[:1])


def is_public(path):
    return "/include/hearth/" in path


def reachable(room):
    """The room itself, the rooms it may include, and what lies below them."""
    found = {room}
    for below in ROOMS[room]:
        found |= reachable(below)
    return found


def is_example(path):
    return path.startswith("client-lib/examples/")


def resolve(root, name):
    """The path from the root of one of our headers, or None."""
    for candidate in (name, *(f"{room}/include/{name}" for room in ROOMS)):
        if (root / candidate).is_file():
            return candidate
    return None


def complaint(root, path, room, quote, name):
    """Why `path` may not include `name`, or None."""
    ours = resolve(root, name)
    if ours is None and quote == '"':
        return f'"{name}" does not exist (includes are written from the root)'
    allowed = ours is None or room_of(ours) in reachable(room)
    if is_public(path) and (quote == '"' or not PUBLIC_INCLUDE.fullmatch(name)):
        allowed = False
    if is_example(path) and quote == '"':  # it is what a stranger could write
        allowed = False
    if room in SANS_IO_ROOMS and name in IO_HEADERS:
        allowed = False
    for header, places in ONLY_HERE.items():
        if name.startswith(header) and ours is None and not path.startswith("tests/"):
            allowed = allowed and any(path.startswith(place) for place in places)
    shown = f'"{name}"' if quote == '"' else f"<{name}>"
    return None if allowed else f"{shown} is not allowed in {'the public headers of ' * is_public(path)}{room}"


def check_file(root, path):
    room = room_of(path)
    if room not in ROOMS:
        return [f"{path}:1: the room {room or 'of this file'} is not in the table of tests/lint/layers.py"]
    complaints = []
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if match := INCLUDE.match(line):
            if why := complaint(root, path, room, match.group(1), match.group(2)):
                complaints.append(f"{path}:{number}: {why}")
    return complaints


def check(root):
    """All complaints about the tree under `root`."""
    root = Path(root)
    files = sorted(path.relative_to(root) for path in root.rglob("*") if path.suffix in SOURCES and path.is_file())
    ours = [path for path in files if not path.parts[0].startswith((".", "build"))]
    return [line for path in ours for line in check_file(root, path.as_posix())]


if __name__ == "__main__":
    found = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("\n".join(found) or "layers: every include is in the table")
    sys.exit(1 if found else 0)
