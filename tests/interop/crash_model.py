"""What a name server that was killed must hold: the model by which the crash tests judge.

A change is a tuple: ("put", name, uri, tags), ("claim", name, uri, tags) for register(safe=True), ("tags", name, tags),
("remove", name), ("prefix", text), ("regex", text). A state is a dict: name -> (uri, sorted tags).
"""

import re
import threading

APPLIED, TAKEN, UNKNOWN = "applied", "taken", "unknown"


def apply(change, state):
    """(The state after it, what the server must answer: one of the words above, or for a removal how many went.)"""
    kind, subject, *rest = change
    if kind in ("put", "claim"):
        if kind == "claim" and subject in state:
            return state, TAKEN
        uri, tags = rest
        return {**state, subject: (uri, sorted(tags))}, APPLIED
    if kind == "tags":
        if subject not in state:
            return state, UNKNOWN
        return {**state, subject: (state[subject][0], sorted(rest[0]))}, APPLIED
    goes = {"remove": lambda name: name == subject,
            "prefix": lambda name: name.startswith(subject),
            "regex": lambda name: re.match(subject, name)}[kind]
    left = {name: entry for name, entry in state.items() if not goes(name)}
    return left, len(state) - len(left)


class Violation(AssertionError):
    """The name server has broken a promise."""


class OwnNames:
    """The names that one client has to itself: it alone knows what they must be.

    `allowed` are the states in which a kill may find them: the one that was acknowledged last, and one more after each
    change since then that was not. Changes of one client take effect in their order, so no others are possible.
    """

    def __init__(self, prefix):
        self.prefix = prefix
        self.allowed = [{}]

    @property
    def expected(self):
        """After all that was sent."""
        return self.allowed[-1]

    def send(self, change):
        """What must be answered."""
        after, answer = apply(change, self.expected)
        self.allowed.append(after)
        return answer

    def send_batch(self, changes):
        """The answers, up to the first failure, which ends a batch."""
        answers = []
        for change in changes:
            answers.append(self.send(change))
            if answers[-1] in (TAKEN, UNKNOWN):
                break
        return answers

    def answered(self):
        """All that was sent has taken effect."""
        del self.allowed[:-1]

    def refused(self, changes):
        """So many of those sent last have not."""
        del self.allowed[len(self.allowed) - changes:]
        self.answered()

    def found(self, state):
        """What a new start has made of them."""
        if state not in self.allowed:
            raise Violation("%s holds %s\nwhich is none of %s" % (
                self.prefix, differences(self.allowed[0], state),
                [differences(self.allowed[0], other) for other in self.allowed]))
        self.allowed = [state]


def differences(old, new):
    """How a state differs from another, for a reader."""
    gone = {name: None for name in old if name not in new}
    return {**gone, **{name: (entry[0][:60], entry[1]) for name, entry in new.items() if old.get(name) != entry}}


class SharedNames:
    """Names that all clients want, with register(safe=True): one wins each, and later gives it up again."""

    def __init__(self, names):
        self.news = threading.Lock()
        self.holders = dict.fromkeys(names)  # name: the URI that was acknowledged
        self.claims = {name: {} for name in names}  # name: {client: URI} under way
        self.releases = {name: None for name in names}  # name: the URI whose holder is giving it up

    def claim(self, client, name, uri):
        with self.news:
            self.claims[name][client] = uri

    def claimed(self, client, name, won):
        with self.news:
            uri = self.claims[name].pop(client)
            if not won:
                return
            holder = self.holders[name]
            if holder is not None and self.releases[name] != holder:
                raise Violation("%s was given to %s and to %s" % (name, holder, uri))
            self.holders[name] = uri

    def release(self, name, uri):
        with self.news:
            self.releases[name] = uri

    def released(self, name, uri, done=True):
        with self.news:
            self.releases[name] = None
            if done and self.holders[name] == uri:  # else somebody has won it since
                self.holders[name] = None

    def found(self, state):
        """What a new start has made of them: {name: URI}. Whoever held one that is another's now has lost it."""
        for name, holder in self.holders.items():
            may_be_free = holder is None or self.releases[name] == holder
            allowed = {holder} | ({None, *self.claims[name].values()} if may_be_free else set())
            if state.get(name) not in allowed:
                raise Violation("%s holds %s, allowed is %s" % (name, state.get(name), allowed))
        self.holders = {name: state.get(name) for name in self.holders}
        self.claims = {name: {} for name in self.holders}
        self.releases = dict.fromkeys(self.holders)
