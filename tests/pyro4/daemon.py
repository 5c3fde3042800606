"""A real Pyro4 daemon for tests of the C++ client: one object that does what servers do, good and bad.

    daemon.py [--unix PATH] [--compress] [--server-type multiplex] [--object-id ID] [--register NAME HOST PORT]

Prints its URI and ends when its standard input does.
"""

import argparse
import os
import socket
import threading

import Pyro4
import Pyro4.errors
import Pyro4.util

Pyro4.config.SERIALIZERS_ACCEPTED = {"serpent", "json", "marshal", "msgpack"}
Pyro4.config.REQUIRE_EXPOSE = True


class OutOfPaper(Exception):
    pass


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Numbers:
    """An iterator whose end is noticed, even if it was never begun."""

    def __init__(self, last, at_end):
        self._numbers = iter(range(1, last + 1))
        self._at_end = at_end

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._numbers)

    def __del__(self):
        self._at_end()


def point_from_dict(_, fields):
    return Point(fields["x"], fields["y"])


Pyro4.util.SerializerBase.register_class_to_dict(
    Point, lambda point: {"__class__": "geometry.Point", "x": point.x, "y": point.y})
Pyro4.util.SerializerBase.register_dict_to_class("geometry.Point", point_from_dict)


@Pyro4.expose
class Everything:
    def __init__(self):
        self._counter = 0
        self._remembered = []
        self._news = threading.Condition()
        self._seen_annotations = {}
        self._streams_closed = 0

    # ---- arguments and results

    def echo(self, value):
        return value

    def type_of(self, value):
        return type(value).__name__

    def arguments(self, first, second="2", *rest, **others):
        return [first, second, list(rest), others]

    def add(self, a, b):
        return a + b

    def mirrored(self, point):
        return Point(point.y, point.x)

    def blob(self, size):
        return b"x" * size

    def size_of(self, blob):
        return len(blob)

    def itself(self):
        """Pyro makes a proxy of it."""
        return self

    # ---- exceptions

    def divide(self, a, b):
        return a / b

    def raise_naming_error(self):
        raise Pyro4.errors.NamingError("no luck")

    def raise_own(self):
        raise OutOfPaper("tray", 2)

    # ---- attributes

    @property
    def counter(self):
        return self._counter

    @counter.setter
    def counter(self, value):
        if value < 0:
            raise ValueError("counts go up")
        self._counter = value

    @property
    def constant(self):
        return 42

    # ---- oneway

    @Pyro4.oneway
    def remember(self, text):
        with self._news:
            self._remembered.append(text)
            self._news.notify_all()

    def remembered(self, count):
        """Waits for so many."""
        with self._news:
            self._news.wait_for(lambda: len(self._remembered) >= count)
            return self._remembered

    # ---- item streams

    def count_to(self, last):
        return Numbers(last, self._one_stream_less)

    def _one_stream_less(self):
        with self._news:
            self._streams_closed += 1
            self._news.notify_all()

    def streams_closed(self, count):
        """Waits for so many."""
        with self._news:
            self._news.wait_for(lambda: self._streams_closed >= count)
            return self._streams_closed

    def fail_after(self, count):
        yield from range(count)
        raise ValueError("no more of this")

    # ---- annotations

    def annotate(self, text):
        """Answers with an annotation; the request's own as the result."""
        Pyro4.current_context.response_annotations = {"TEXT": text.encode()}
        return {name: bytes(data).decode() for name, data in Pyro4.current_context.annotations.items()
                if name not in ("CORR", "HMAC")}

    # ---- bad servers

    def hang(self):
        threading.Event().wait()

    def die(self):
        os._exit(1)

    def die_in_the_reply(self):
        Pyro4.current_context.client.sock.sendall(b"PYRO\0\x30\0\5\0\0")
        os._exit(1)

    def close_others(self):
        """Ends the connections of all other clients, which have been idle."""
        own = Pyro4.current_context.client
        connections = self._pyroDaemon.connections
        others = [connection for connection in connections if connection is not own]
        for connection in others:
            connection.sock.shutdown(socket.SHUT_RDWR)
        connections[:] = [own]
        return len(others)


class Daemon(Pyro4.Daemon):
    def __init__(self, *args, **kwargs):
        self.connections = []
        super().__init__(*args, **kwargs)

    def validateHandshake(self, connection, data):
        if data == "stay out":
            raise ValueError("go away")
        self.connections.append(connection)
        return ["welcome", data]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--unix")
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--server-type", default="thread")
    parser.add_argument("--object-id", default="everything")
    parser.add_argument("--key")
    parser.add_argument("--register", nargs=3, metavar=("NAME", "HOST", "PORT"))
    options = parser.parse_args()
    Pyro4.config.COMPRESSION = options.compress
    Pyro4.config.SERVERTYPE = options.server_type
    daemon = Daemon(unixsocket=options.unix) if options.unix else Daemon(host="127.0.0.1")
    if options.key:
        daemon._pyroHmacKey = options.key
    uri = daemon.register(Everything(), options.object_id)
    threading.Thread(target=daemon.requestLoop, daemon=True).start()
    if options.register:
        name, host, port = options.register
        Pyro4.locateNS(host, int(port)).register(name, uri)
    print(uri, flush=True)


if __name__ == "__main__":
    main()
    while os.read(0, 100):
        pass
    os._exit(0)
