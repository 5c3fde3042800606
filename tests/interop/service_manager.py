"""A service manager as hearthd sees one: the datagram socket of NOTIFY_SOCKET, and systemd-socket-activate."""

import os
import socket
import threading

import support

SOCKET_ACTIVATE = "/usr/bin/systemd-socket-activate"


class NotifySocket:
    """What a service tells its manager (sd_notify(3)), message by message, as it comes."""

    def __init__(self, address):
        """A path, or a name in the abstract namespace, which begins with @."""
        self.address = address
        self.messages = []
        self.news = threading.Condition()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        while True:
            message = self.socket.recv(65536).decode()
            if not message:
                return
            with self.news:
                self.messages.append(dict(line.split("=", 1) for line in message.splitlines()))
                self.news.notify_all()

    def wait_for(self, accept, count=1, after=0):
        """The index behind the count-th message from number `after` on that is accepted."""
        def found():
            indices = [index for index, message in enumerate(self.messages) if index >= after and accept(message)]
            return indices[count - 1] + 1 if len(indices) >= count else None
        with self.news:
            self.news.wait_for(lambda: found() is not None, support.SAFETY_S)
            index = found()
        if index is None:
            raise AssertionError("no such message in %r" % self.messages)
        return index

    def wait_for_key(self, key, count=1, after=0):
        return self.wait_for(lambda message: key in message, count, after)

    def wait_for_status(self, text, after=0):
        return self.wait_for(lambda message: message.get("STATUS") == text, 1, after)

    def close(self):
        """Ends the collecting thread too: an empty datagram is its last."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self.socket.getsockname())


def socket_activated(address, *options, environment):
    """The command that waits for the first client of `address` and then starts the program behind it. It passes on only the
    variables that it is told to."""
    command = [SOCKET_ACTIVATE, *options, "-l", address]
    for name in environment:
        command += ["-E", name]
    return command


def sanitizer_variables():
    """Those that a program built with a sanitizer must be given."""
    return [name for name in os.environ if name.endswith("SAN_OPTIONS")]
