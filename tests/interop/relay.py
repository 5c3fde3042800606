"""A relay between nsc and a server, that holds back what comes after so many bytes: a test can end either side in the middle."""

import contextlib
import socket
import threading

import support


class Relay:
    """Serves any number of connections, one after the other or at once; each may carry that many bytes in either direction."""

    def __init__(self, case, server, to_server_max=None, to_client_max=None):
        self.server_port = server.port
        self.bytes_max = (to_server_max, to_client_max)
        self.listener = socket.create_server(("localhost", 0))
        self.port = self.listener.getsockname()[1]
        self.holds = threading.Event()
        self.may_go_on = threading.Event()
        self.is_closed = False
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()
        case.addCleanup(self.close)

    def wait_until_holding(self):
        if not self.holds.wait(support.SAFETY_S):
            raise AssertionError("so many bytes never came")

    def go_on(self):
        self.may_go_on.set()

    def close(self):
        """What is held back then never arrives."""
        self.is_closed = True
        self.may_go_on.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while not self.is_closed:
                downstream, _ = self.listener.accept()
                upstream = socket.create_connection(("localhost", self.server_port))
                self.threads.append(threading.Thread(target=self.serve, args=(downstream, upstream)))
                self.threads[-1].start()

    def serve(self, downstream, upstream):
        with downstream, upstream:
            back = threading.Thread(target=self.forward, args=(upstream, downstream, self.bytes_max[1]))
            back.start()
            self.forward(downstream, upstream, self.bytes_max[0])
            back.join()

    def forward(self, source, target, bytes_max):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if bytes_max is not None and len(data) > bytes_max:
                    target.sendall(data[:bytes_max])
                    data = data[bytes_max:]
                    bytes_max = None
                    self.holds.set()
                    if not self.may_go_on.wait(support.SAFETY_S) or self.is_closed:
                        break
                elif bytes_max is not None:
                    bytes_max -= len(data)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
