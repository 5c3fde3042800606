"""A peer that speaks to the server byte by byte: what a broken, hostile or slow client does. The Pyro4
dialect is built with Pyro4's own message class; pyro5_wire.py has the other one."""

import socket

import Pyro4.message as wire
import Pyro4.util
import support

CONNECT, CONNECTOK, CONNECTFAIL, INVOKE, RESULT, PING = range(1, 7)
MARSHAL = 3
NO_SUCH_SERIALIZER = 99


class RawPeer:
    """A TCP connection to the server. The time limit only ends a test that would hang."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), support.SAFETY_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.socket.sendall(data)

    def receive_bytes(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError("%d of %d bytes" % (len(data), size))
            data += more
        return data

    def receive_to_end(self):
        """All that comes before the server closes; a reset is an end too (it had bytes from us unread)."""
        data = b""
        while True:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                return data
            if not more:
                return data
            data += more

    def finish_sending(self):
        """Half-closes; the server may have closed already."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()


class Pyro4Peer(RawPeer):
    """The 24-byte header, by Pyro4's own code."""

    def message(self, kind, payload=b"", flags=0, seq=0, serializer_id=1, annotations=None):
        return wire.Message(kind, payload, serializer_id, flags, seq, annotations).to_bytes()

    def connect_message(self, serializer_id=1, handshake="hello", seq=0, flags=wire.FLAGS_META_ON_CONNECT):
        return self.message(CONNECT, self.dumps({"handshake": handshake, "object": "Pyro.NameServer"}),
                            flags, seq,
                            serializer_id)

    def call_message(self, seq, method, *arguments, target="Pyro.NameServer", **settings):
        payload = Pyro4.util.get_serializer("serpent").dumpsCall(target, method, arguments, {})
        return self.message(INVOKE, payload, seq=seq, **settings)

    @staticmethod
    def dumps(value):
        return Pyro4.util.get_serializer("serpent").dumps(value)

    def receive_undecoded(self):
        """(type, sequence number, flags, payload) of the next message; the reference sends some that no
        client can decode."""
        header = wire.Message.from_header(self.receive_bytes(wire.Message.header_size))
        self.serializer_id = header.serializer_id
        self.receive_bytes(header.annotations_size)
        return header.type, header.seq, header.flags, self.receive_bytes(header.data_size)

    def receive(self):
        """(type, sequence number, flags, decoded value) of the next message."""
        kind, seq, flags, payload = self.receive_undecoded()
        if kind != PING:
            serializer = Pyro4.util.get_serializer_by_id(self.serializer_id)
            payload = serializer.deserializeData(payload, flags & wire.FLAGS_COMPRESSED)
        return kind, seq, flags, payload

    def connect(self):
        self.send(self.connect_message())
        assert self.receive()[0] == CONNECTOK
        return self

    def call(self, seq, method, *arguments):
        self.send(self.call_message(seq, method, *arguments))
        kind, got_seq, _, value = self.receive()
        assert (kind, got_seq) == (RESULT, seq), (kind, got_seq)
        return value


class PeerCase(support.ServerCase):
    """Every test ends with the question whether the others are still served."""

    def tearDown(self):
        with self.server.locate() as other:
            self.assertEqual(other.count(), 1)

    def peer(self, kind=Pyro4Peer, *settings):
        peer = kind(self.server.port, *settings)
        self.addCleanup(peer.close)
        return peer

    def assert_refused(self, peer, text, seq=0):
        """CONNECTFAIL with that reason, then the connection is closed."""
        kind, got_seq, _, value = peer.receive()
        self.assertEqual((kind, got_seq, value), (CONNECTFAIL, seq, text))
        self.assertEqual(peer.receive_to_end(), b"")
