"""The Pyro5 dialect, as far as the tests need it: Debian has no Pyro5. Written from PYRO.md sections 1
and 2; values travel with Python's own serpent, json, marshal and msgpack."""

import json
import marshal
import struct
import zlib

import msgpack
import serpent

from raw_peer import CONNECT, CONNECTOK, INVOKE, PING, RESULT, RawPeer

# tag, version, type, serializer, flags, seq, data length, annotations length, uuid, reserved, magic
HEADER = struct.Struct("!4sHBBHHII16sHH")
VERSION = 502
MAGIC = 0x4DC5
(EXCEPTION, COMPRESSED, ONEWAY, BATCH, ITEM_STREAM, KEEP_SERIALIZED,
 CORRELATION) = (1 << bit for bit in range(7))
SERPENT, MARSHAL, JSON, MSGPACK = range(1, 5)
NO_UUID = bytes(16)


class RemoteError(Exception):
    """An exception reply: `kind` is the remote class name, str() its text."""

    def __init__(self, value):
        super().__init__(*value["args"])
        self.kind = value["__class__"]
        self.traceback = value["attributes"]["_pyroTraceback"]


def dumps(serializer_id, value):
    if serializer_id == SERPENT:
        return serpent.dumps(value, module_in_classname=True)
    if serializer_id == MARSHAL:
        return marshal.dumps(value)
    if serializer_id == JSON:
        return json.dumps(value).encode()
    return msgpack.packb(value, use_bin_type=True)


def loads(serializer_id, data):
    if serializer_id == SERPENT:
        return serpent.loads(data)
    if serializer_id == MARSHAL:
        return marshal.loads(data)
    if serializer_id == JSON:
        return json.loads(data)
    return msgpack.unpackb(data, raw=False)


def uri_text(value):
    """The URI object of a reply, as text; its class must be Pyro5's own."""
    assert value["__class__"] == "Pyro5.core.URI", value
    protocol, target, socket_name, host, port = value["state"]
    return "%s:%s@%s" % (protocol, target, "./u:" + socket_name if socket_name else "%s:%d" % (host, port))


class Pyro5Peer(RawPeer):
    """A client of the Pyro5 dialect; `serializer_id` is used for its calls."""

    def __init__(self, port, serializer_id=SERPENT):
        super().__init__(port)
        self.serializer_id = serializer_id
        self.seq = 0

    def message(self, kind, payload=b"", flags=0, seq=0, serializer_id=None, annotations=None,
                correlation=NO_UUID,
                version=VERSION, magic=MAGIC, data_size=None):
        chunks = b"".join(name.encode() + struct.pack("!I", len(data)) + data
                          for name, data in (annotations or {}).items())
        return HEADER.pack(b"PYRO", version, kind,
                           self.serializer_id if serializer_id is None else serializer_id,
                           flags, seq, len(payload) if data_size is None else data_size, len(chunks),
                           correlation, 0,
                           magic) + chunks + payload

    def connect_message(self, serializer_id=None, handshake="hello", seq=0, target="Pyro.NameServer"):
        payload = dumps(self.serializer_id, {"handshake": handshake, "object": target})
        return self.message(CONNECT, payload, seq=seq, serializer_id=serializer_id)

    def call_message(self, seq, method, *arguments, target="Pyro.NameServer", keywords=None, **settings):
        keywords = {} if keywords is None else keywords
        call = (target, method, arguments, keywords)
        if self.serializer_id == JSON:
            call = {"object": target, "method": method, "params": arguments, "kwargs": keywords}
        return self.message(INVOKE, dumps(self.serializer_id, call), seq=seq, **settings)

    def receive(self):
        """(type, sequence number, flags, decoded value) of the next message; its correlation id stays in
        `answered`."""
        (tag, version, kind, serializer_id, flags, seq, data_size, annotations_size, self.answered, _,
         magic) = HEADER.unpack(self.receive_bytes(HEADER.size))
        assert (tag, version, magic) == (b"PYRO", VERSION, MAGIC), (tag, version, magic)
        self.receive_bytes(annotations_size)
        data = self.receive_bytes(data_size)
        if flags & COMPRESSED:
            data = zlib.decompress(data)
        return kind, seq, flags, data if kind == PING else loads(serializer_id, data)

    def connect(self, handshake="hello"):
        """The metadata that comes with the handshake."""
        self.send(self.connect_message(handshake=handshake))
        kind, _, _, value = self.receive()
        assert kind == CONNECTOK and value["handshake"] == "hello", (kind, value)
        self.metadata = value["meta"]
        return self

    def call(self, method, *arguments, target="Pyro.NameServer", flags=0, correlation=NO_UUID, **keywords):
        """The value of the reply, or a RemoteError."""
        self.seq = (self.seq + 1) & 0xFFFF
        self.send(self.call_message(self.seq, method, *arguments, target=target, keywords=keywords,
                                    flags=flags,
                                    correlation=correlation))
        kind, seq, flags, value = self.receive()
        assert (kind, seq) == (RESULT, self.seq), (kind, seq)
        if flags & EXCEPTION:
            raise RemoteError(value)
        return value
