"""Clients of both dialects that change the name server without a pause, and tell the model what they did."""

import struct
import threading

import Pyro4
import Pyro4.errors

import pyro5_wire
from crash_model import APPLIED, TAKEN, UNKNOWN, Violation

REFUSAL = "the name server cannot store changes: "
TAKEN_TEXT, UNKNOWN_TEXT = "name already registered: ", "unknown name: "
STOPPING = "the server is stopping"


class Refused(Exception):
    """The storage has failed; the change has not been made."""


class Stopping(Exception):
    """The server has ended a batch because it stops: the changes up to one of them have been made, nobody says which."""


ENDS = (Pyro4.errors.CommunicationError, EOFError, OSError, struct.error, Stopping)


def call_of(change):
    """(method, arguments, keywords) of a change."""
    kind, subject, *rest = change
    if kind in ("put", "claim"):
        uri, tags = rest
        return "register", (subject, uri), {"safe": kind == "claim", "metadata": tags}
    if kind == "tags":
        return "set_metadata", (subject, rest[0]), {}
    return "remove", (), {{"remove": "name"}.get(kind, kind): subject}


def meaning_of(text):
    """What the text of a NamingError says in the words of the model."""
    if text.startswith(REFUSAL):
        raise Refused(text)
    for start, meaning in ((TAKEN_TEXT, TAKEN), (UNKNOWN_TEXT, UNKNOWN)):
        if text.startswith(start):
            return meaning
    raise Violation("answered with %r" % text)


def answer_of(value):
    return APPLIED if value is None else value


class Pyro4Client:
    """A real one."""

    def __init__(self, server, serializer):
        self.proxy = server.locate(serializer)
        self.can_batch = serializer != "marshal"  # not with Pyro4

    def change(self, change):
        method, arguments, keywords = call_of(change)
        try:
            return answer_of(getattr(self.proxy, method)(*arguments, **keywords))
        except Pyro4.errors.NamingError as error:
            return meaning_of(str(error))

    def change_without_answer(self, change):
        method, arguments, keywords = call_of(change)
        self.proxy._pyroOneway.add(method)
        try:
            getattr(self.proxy, method)(*arguments, **keywords)
        finally:
            self.proxy._pyroOneway.discard(method)

    def change_all(self, changes):
        """The answers up to the first failure, which is the last of them."""
        batch = Pyro4.batch(self.proxy)
        for change in changes:
            method, arguments, keywords = call_of(change)
            getattr(batch, method)(*arguments, **keywords)
        answers = []
        try:
            for value in batch():
                answers.append(answer_of(value))
        except Pyro4.errors.NamingError as error:
            answers.append(str(error))
        except Pyro4.errors.DaemonError as error:
            raise (Stopping() if str(error) == STOPPING else error) from error
        return answers

    def names(self, prefix):
        return {name: (uri, sorted(tags)) for name, (uri, tags)
                in self.proxy.list(prefix=prefix, return_metadata=True).items()}

    def close(self):
        self.proxy._pyroRelease()


class Pyro5Client:
    """The same over the bytes of the other dialect."""

    can_batch = True

    def __init__(self, server, serializer_id):
        self.peer = pyro5_wire.Pyro5Peer(server.port, serializer_id).connect()

    def change(self, change):
        method, arguments, keywords = call_of(change)
        try:
            return answer_of(self.peer.call(method, *arguments, **keywords))
        except pyro5_wire.RemoteError as error:
            return meaning_of(str(error))

    def change_without_answer(self, change):
        method, arguments, keywords = call_of(change)
        self.peer.seq = (self.peer.seq + 1) & 0xFFFF
        self.peer.send(self.peer.call_message(self.peer.seq, method, *arguments, keywords=keywords,
                                              flags=pyro5_wire.ONEWAY))

    def change_all(self, changes):
        try:
            results = self.peer.call("<batch>", *[call_of(change) for change in changes], flags=pyro5_wire.BATCH)
        except pyro5_wire.RemoteError as error:
            raise (Stopping() if str(error) == STOPPING else error) from error
        return [value["exception"]["args"][0] if isinstance(value, dict) else answer_of(value)
                for value in results]

    def names(self, prefix):
        return {name: (uri, sorted(tags)) for name, (uri, tags)
                in self.peer.call("list", prefix=prefix, return_metadata=True).items()}

    def close(self):
        self.peer.close()


CONNECTORS = (
    lambda server: Pyro4Client(server, "serpent"),
    lambda server: Pyro5Client(server, pyro5_wire.SERPENT),
    lambda server: Pyro4Client(server, "json"),
    lambda server: Pyro5Client(server, pyro5_wire.MSGPACK),
    lambda server: Pyro4Client(server, "marshal"),
    lambda server: Pyro5Client(server, pyro5_wire.JSON),
)


class Agitator(threading.Thread):
    """One client at its work, until the connection breaks or `rest` is called. What it has of its own lives on in `own`, for the
    agitator of the next round."""

    def __init__(self, number, server, random, own, shared, progress):
        super().__init__(daemon=True)
        self.number = number
        self.server = server
        self.random = random
        self.own = own
        self.shared = shared
        self.progress = progress
        self.failure = None
        self.resting = False

    def rest(self):
        """After the change that is under way."""
        self.resting = True

    def run(self):
        client = None
        try:
            client = CONNECTORS[self.number % len(CONNECTORS)](self.server)
            while not self.resting:
                self._act(client)
        except ENDS:
            pass
        except Exception as error:  # a Violation, or a bug of the test: the round fails with it
            self.failure = error
        finally:
            self.progress.ended(self)
            if client is not None:
                client.close()

    def _act(self, client):
        choice = self.random.randrange(20)
        if choice < 12:
            self._change_one(client)
        elif choice < 14 and client.can_batch:
            self._change_many(client)
        elif choice < 17:
            self._contend(client)
        elif choice < 18 and not self.progress.may_refuse:
            self._change_without_answer(client)
        elif choice < 19:
            self._compare(client)

    def _change_one(self, client):
        change = self._some_change()
        expected = self.own.send(change)
        try:
            answer = client.change(change)
        except Refused:
            self.own.refused(1)
            self.progress.refused()
            return
        self._check(change, answer, expected)
        self.own.answered()
        self.progress.acknowledged(1)

    def _change_many(self, client):
        changes = [self._some_change() for _ in range(self.random.randrange(1, 8))]
        expected = self.own.send_batch(changes)
        answers = client.change_all(changes)
        last = answers[-1]
        if isinstance(last, str) and last.startswith(REFUSAL):
            self._check(changes, answers[:-1], expected[:len(answers) - 1])
            self.own.refused(len(expected) - len(answers) + 1)
            self.progress.refused()
            return
        if isinstance(last, str) and last != APPLIED:
            answers[-1] = meaning_of(last)
        self._check(changes, answers, expected)
        self.own.answered()
        self.progress.acknowledged(len(answers))

    def _change_without_answer(self, client):
        change = self._some_change()
        self.own.send(change)
        client.change_without_answer(change)

    def _compare(self, client):
        """What was written is read, by a list after all that was sent."""
        found = client.names(self.own.prefix)
        self.own.answered()
        self._check("list", found, self.own.expected)

    def _contend(self, client):
        """Wants a name that the others want too, or gives it up."""
        name = self.random.choice(list(self.shared.holders))
        holder = self.shared.holders[name]
        try:
            if holder is not None and holder.startswith("PYRO:c%d@" % self.number):
                self._give_up(client, name, holder)
            else:
                self._claim(client, name)
        except Refused:
            self.progress.refused()
            return
        self.progress.acknowledged(1)

    def _claim(self, client, name):
        uri = "PYRO:c%d@host:%d" % (self.number, self.random.randrange(1, 65536))
        self.shared.claim(self.number, name, uri)
        try:
            answer = client.change(("claim", name, uri, ["shared"]))
        except Refused:
            self.shared.claimed(self.number, name, won=False)
            raise
        self.shared.claimed(self.number, name, answer == APPLIED)

    def _give_up(self, client, name, uri):
        self.shared.release(name, uri)
        try:
            answer = client.change(("remove", name))
        except Refused:
            self.shared.released(name, uri, done=False)
            raise
        self._check("remove " + name, answer, 1)
        self.shared.released(name, uri)

    def _some_change(self):
        random, prefix = self.random, self.own.prefix
        name = "%sk%d" % (prefix, random.randrange(30))
        group = "%sg%d." % (prefix, random.randrange(3))
        if random.randrange(3) == 0:
            name = group + "n%d" % random.randrange(12)
        uri = "PYRO:o%d@host:%d" % (random.randrange(10 ** 9), random.randrange(1, 65536))
        tags = ["t%d" % random.randrange(5) for _ in range(random.randrange(4))]
        tags = sorted(set(tags))
        kind = random.randrange(20)
        if kind < 9:
            return "put", name, uri, tags
        if kind == 9:  # large: it fills the log, so that it is moved into the file and begun anew
            return "put", name, "PYRO:%s@host:1" % ("x" * random.randrange(200000)), tags
        if kind < 12:
            return "claim", name, uri, tags
        if kind < 15:
            return "tags", name, tags
        if kind < 18:
            return "remove", name
        if kind == 18:
            return "prefix", group
        return "regex", r"%sg\d\.n[0-4]$" % prefix.replace(".", r"\.")

    def _check(self, what, answer, expected):
        if answer != expected:
            raise Violation("client %d: %s gave %s, expected %s" % (self.number, what, answer, expected))


class Progress:
    """What the round waits for."""

    def __init__(self, may_refuse):
        self.news = threading.Condition()
        self.acknowledgements = 0
        self.refusals = 0
        self.may_refuse = may_refuse  # then nobody sends what is not answered: a refusal would not be heard of
        self.at_work = set()

    def begun(self, agitators):
        self.at_work = set(agitators)

    def ended(self, agitator):
        with self.news:
            self.at_work.discard(agitator)
            self.news.notify_all()

    def acknowledged(self, changes):
        with self.news:
            self.acknowledgements += changes
            self.news.notify_all()

    def refused(self):
        with self.news:
            self.refusals += 1
            self.news.notify_all()

    def wait_for(self, is_time, limit_s):
        """False: all clients have ended, or it took too long."""
        with self.news:
            self.news.wait_for(lambda: is_time() or not self.at_work, limit_s)
            return is_time()
