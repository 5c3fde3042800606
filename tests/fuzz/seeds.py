#!/usr/bin/python3
"""Writes the inputs that fuzzing starts from: what real Pyro programs have said (tests/vectors), and a few lines of our own.

    tests/fuzz/seeds.py FOLDER        one folder a target, below FOLDER
"""

import hashlib
import json
import pickle
import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERIALIZERS = ["serpent", "json", "marshal", "msgpack"]  # in the order of SerializerName
DIALECTS = ["pyro4", "pyro5"]
INVOKE, COMPRESSED = 4, 2

URIS = [
    "PYRO:obj@host:9090", "pyro:obj@[::1]:9090", "PYRO:obj@./u:/tmp/socket", "PYRONAME:some.name", "PYRONAME:a@host",
    "PYRONAME:a@host:9090", "PYROMETA:tag1,tag2@host:1", "PYROMETA:,", "PYRO:a@b:c", "PYRO:@", "PYROLOC:a@host:1",
    "PYRO:a@host:+0_9", "PYRO:a@[fe80::1%eth0]:1", "PYRO:\u20ac@h:1",
]
PATTERNS = [
    r"simple", r"^anchored$", r"a|b|(?:c|d)", r"(?P<n>x+)(?P=n)", r"(?i)name\Z", r"(a+)+$", r"[^\W\d_]+", r"(?x) a  # b",
    r"(?<=ab)c(?!d)", r"\u0041\x41\101\N{DIGIT ONE}", r"a{2,3}?b*+", r"(?(1)a|b)", r"(?s:.)(?-i:x)", r"[[:alpha:]]", r"\Qa\E",
    "Pyro\\.NameServer\0Pyro.NameServer", r"(((((((((a)))))))))\9", r"\b\B\A\d\D\s\S\w\W",
]
CONFIGS = ["port = 9090\n", 'key = "a \\" # b"  # c\n[limits]\nconnections-max = 10\n', "host = a, b\nhost=c\n", "[x\n", "=\n", "a\n"]
TOKEN = "token alice sha256:" + "0" * 32 + ":" + "f" * 64 + "\n"
ACCESS = [TOKEN + 'allow token:alice read,register,remove lab. "a b"  # c\n', "allow anyone read *\n", "allow uid:0 admin\nowner-only on\n",
          'allow subject:"CN=a,O=\\"b\\"" read x\nallow cn:a read ""\n', "allow net:192.0.2.0/24 read,admin a\nallow net:::/0 remove b\n",
          "allow\n", "allow token:bob read *\n", 'allow anyone read "']
DATAGRAMS = ["GET_NSURI", "GET_NSURI ", "PYRO:Pyro.NameServer@192.0.2.1:9090", ""]
EXPORTED = [
    '{"name":"a","uri":"PYRO:a@h:1","metadata":["s","t"]}\n', '{"uri": "u", "name": "\\ud83d\\ude00\\u0000", "metadata": null}',
    '{"name":"\u20ac","uri":"u"}\r\n', '{"name":"a","uri":"u","name":"b"}', '{"name":"\\udc00","uri":1}', "[[", "",
]

PICKLED = [None, True, 1, 70000, -(1 << 70), 1.5, 1 + 2j, "a\u20ac", b"\xff", [1, [2]], (1, 2, 3, 4), {"k": {"v"}}, frozenset([1]),
           ("Pyro.NameServer", "register", ("n", "PYRO:a@b:1"), {"safe": True}), [["x"]] * 2]


def records():
    for name in DIALECTS:
        with open(HERE.parent / "vectors" / f"{name}.jsonl", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def parts(message, dialect):
    """(type, flags, payload)"""
    if dialect == "pyro4":
        kind, flags, _, size = struct.unpack(">HHHi", message[6:16])
        start = 24 + struct.unpack(">H", message[18:20])[0]
    else:
        kind, flags, size = message[6], *struct.unpack(">HxxI", message[8:16])
        start = 40 + struct.unpack(">I", message[16:20])[0]
    return kind, flags, message[start:start + size]


def recorded_seeds():
    """Pairs of (target, input)."""
    connects = {}
    for record in records():
        dialect, serializer = record["dialect"], record["serializer"]
        requests, replies = ([bytes.fromhex(text) for text in record[key]] for key in ("requests", "replies"))
        if "connect" in record["scenario"] and requests:
            connects.setdefault((dialect, serializer), (requests[0], replies[0] if replies else b""))
        connect, connected = connects.get((dialect, serializer), (b"", b""))
        yield "server_session", connect + b"".join(requests)
        if serializer in SERIALIZERS:
            choice = DIALECTS.index(dialect) | SERIALIZERS.index(serializer) << 1
            yield "client_session", bytes([choice]) + connected + b"".join(replies)
        for message in requests + replies:
            yield "framer", message
            if len(message) < 24:
                continue
            kind, flags, payload = parts(message, dialect)
            if flags & COMPRESSED:
                yield "inflate", payload
                try:
                    payload = zlib.decompress(payload)
                except zlib.error:
                    continue
            if serializer in SERIALIZERS:
                yield serializer, payload
            if serializer == "serpent" and kind == INVOKE:
                yield "binding", payload


def seeds():
    yield from recorded_seeds()
    for target, texts in (("uri", URIS), ("pattern", PATTERNS), ("config", CONFIGS), ("discovery", DATAGRAMS),
                          ("export", EXPORTED), ("access", ACCESS)):
        for text in texts:
            yield target, text.encode()
    for value in PICKLED:
        for protocol in range(6):
            yield "pickle", pickle.dumps(value, protocol)
    yield "pickle", b"\x80\x02cPyro4.core\nURI\n)\x81(U\x04PYROU\x01aNU\x01bK\x01tb."
    yield "config", (HERE.parents[1] / "nameserver" / "hearthd.conf").read_bytes()
    yield "inflate", zlib.compress(b"a" * 100000)


def main(folder):
    for target, content in seeds():
        place = Path(folder) / target
        place.mkdir(parents=True, exist_ok=True)
        (place / hashlib.sha1(content).hexdigest()).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
