"""What every interop test stands on: children that are waited for by what they print, and a name server
per test class.

The daemon and the tool are black boxes named by the environment: HEARTHD and NSC hold their paths, EXAMPLES
that of the client library's example programs.
HEARTHD may name the real pyro4-ns too; a test file that passes with both proves its expectations.
HEARTHD_FILTER names the systemd unit under whose filter of system calls hearthd runs, if any.
Nothing here sleeps: SAFETY_S only ends a test that would hang, so it is generous (a server under
ThreadSanitizer is ten times slower).
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

# Pyro4 reads its settings when it is imported, and so would every child.
for _name in [name for name in os.environ if name.startswith("PYRO_")]:
    del os.environ[_name]

import Pyro4  # noqa: E402
import Pyro4.errors  # noqa: E402

# A shell that starts us in the background makes us ignore SIGINT, and so would every child.
signal.signal(signal.SIGINT, signal.default_int_handler)

SAFETY_S = 120
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"  # Debian's, the one that has python3-pyro4
UNDER_FILTER = os.path.join(HERE, "under_filter.py")
PYRO4_NS = "/usr/bin/pyro4-ns"
PYRO4_NSC = "/usr/bin/pyro4-nsc"
NAME_SERVER = "Pyro.NameServer"
SERIALIZERS = ("serpent", "json", "marshal", "msgpack")
SANITIZER_WORDS = ("Sanitizer", "runtime error:")

# What a surrounding shell, service manager or Pyro user may have set and a server would believe.
_FOREIGN = ("STATE_DIRECTORY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LISTEN_FDS", "LISTEN_PID",
            "LISTEN_FDNAMES",
            "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


def required_path(variable):
    path = os.environ.get(variable, "")
    if not path:
        raise SystemExit("%s must hold the path of the program to test" % variable)
    return os.path.abspath(path)


def clean_environment(home, extra=None):
    """The environment of a child: no setting of the caller's, and a home of its own. None in `extra`
    unsets."""
    environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environment.update(HOME=home, XDG_STATE_HOME=os.path.join(home, "state"), PYTHONUNBUFFERED="1",
                       PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8")
    for name, value in (extra or {}).items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


class Child:
    """A process whose output is collected line by line as it comes."""

    def __init__(self, argv, env, cwd=None, stdin=subprocess.DEVNULL):
        self.argv = argv
        self.news = threading.Condition()
        self.lines = {"stdout": [], "stderr": []}
        self.open_pipes = 2
        self.process = subprocess.Popen(argv, env=env, cwd=cwd, stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, encoding="utf-8", errors="backslashreplace")
        for which, pipe in (("stdout", self.process.stdout), ("stderr", self.process.stderr)):
            threading.Thread(target=self._collect, args=(which, pipe), daemon=True).start()

    def _collect(self, which, pipe):
        for line in pipe:
            with self.news:
                self.lines[which].append(line.rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.open_pipes -= 1
            self.news.notify_all()
        pipe.close()

    @property
    def pid(self):
        return self.process.pid

    def wait_for_line(self, *prefixes, which="stdout"):
        """The first line that starts with one of the prefixes; fails as soon as no such line can come
        any more."""
        return self._wait_for(lambda line: line.startswith(prefixes), prefixes, which)

    def wait_for_log(self, text):
        """The first line of its log (on stderr) that holds the text."""
        return self._wait_for(lambda line: text in line, text, "stderr")

    def _wait_for(self, accepts, wanted, which):
        def found():
            return next((line for line in self.lines[which] if accepts(line)), None)
        with self.news:
            self.news.wait_for(lambda: found() is not None or self.open_pipes == 0, SAFETY_S)
            line = found()
        if line is None:
            raise AssertionError("no line %r from %s" % (wanted, self.describe()))
        return line

    def wait_for_line_with(self, part):
        """The first line on stderr, the log, that has the words in it."""
        def found():
            return next((line for line in self.lines["stderr"] if part in line), None)
        with self.news:
            self.news.wait_for(lambda: found() is not None or self.open_pipes == 0, SAFETY_S)
            line = found()
        if line is None:
            raise AssertionError("no line with %r from %s" % (part, self.describe()))
        return line

    def type_line(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """The exit status, once the process has ended and all it printed is here."""
        try:
            status = self.process.wait(SAFETY_S)
        except subprocess.TimeoutExpired:
            raise AssertionError("does not end: %s" % self.describe()) from None
        with self.news:
            self.news.wait_for(lambda: self.open_pipes == 0, SAFETY_S)
        return status

    def kill(self):
        """The hard way, and safe to call at any time."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()

    def describe(self):
        return "%s\n  stdout: %s\n  stderr: %s" % (" ".join(self.argv), self.lines["stdout"],
                                                   self.lines["stderr"])


class Server(Child):
    """A name server: hearthd, or whatever HEARTHD names, on a free loopback port unless the options say
    otherwise."""

    def __init__(self, home, *options, program=None, port=0, storage="memory", env=None, through=()):
        """`through` is a command that starts the command behind it."""
        self.home = home
        filtered = [PYTHON, UNDER_FILTER, os.environ["HEARTHD_FILTER"]] if "HEARTHD_FILTER" in os.environ and not program else []
        argv = [*through, *filtered, program or required_path("HEARTHD")]
        if port is not None:
            argv += ["-p", str(port)]
        if storage is not None:
            argv += ["-s", storage]
        super().__init__(argv + list(options), clean_environment(home, env))

    def start(self):
        """Waits until it serves."""
        try:
            line = self.wait_for_line("URI = ", "internal URI = ")
        except AssertionError:
            self.kill()
            raise
        self.uri = Pyro4.URI(line.partition(" = ")[2])
        self.host, self.port = self.uri.host, self.uri.port
        if self.uri.sockname:
            self.host = "./u:" + self.uri.sockname
        return self

    def locate(self, serializer=None, hmac_key=None):
        """A connected proxy of the object Pyro.NameServer."""
        proxy = Pyro4.Proxy(self.uri)
        proxy._pyroSerializer = serializer
        proxy._pyroHmacKey = hmac_key
        proxy._pyroBind()
        return proxy

    def stop(self, number=signal.SIGINT):
        """Asks it to stop and checks that it did so in good order."""
        self.signal(number)
        status = self.wait()
        self.check_no_sanitizer_report()
        if status != 0 or self.lines["stdout"][-1:] != ["NS shut down."]:
            raise AssertionError("bad stop, status %s: %s" % (status, self.describe()))

    def check_no_sanitizer_report(self):
        if any(word in line for line in self.lines["stderr"] for word in SANITIZER_WORDS):
            raise AssertionError("sanitizer report: %s" % self.describe())


def run(argv, home, env=None, typed=""):
    """Runs a program to its end: (exit status, stdout, stderr)."""
    done = subprocess.run(argv, env=clean_environment(home, env), input=typed, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", errors="backslashreplace",
                          timeout=SAFETY_S)
    return done.returncode, done.stdout, done.stderr


class DirectoryCase(unittest.TestCase):
    """Gives each test a directory of its own, and ends what the test has started."""

    maxDiff = None

    def setUp(self):
        self.directory = make_directory(self.addCleanup)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def start_server(self, *options, **settings):
        server = Server(self.directory, *options, **settings)
        self.addCleanup(server.kill)
        return server.start()

    def locate(self, server, **settings):
        proxy = server.locate(**settings)
        self.addCleanup(proxy._pyroRelease)
        return proxy


class ServerCase(unittest.TestCase):
    """One server for all tests of a class; each test finds it empty."""

    maxDiff = None
    server_options = ()
    server_env = {}
    serializer = None

    @classmethod
    def setUpClass(cls):
        cls.directory = make_directory(cls.addClassCleanup)
        cls.server = Server(cls.directory, *cls.server_options, env=cls.server_env)
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.ns = self.locate()
        self.ns.remove(regex=".*")

    def locate(self, serializer=None):
        proxy = self.server.locate(serializer or self.serializer)
        self.addCleanup(proxy._pyroRelease)
        return proxy

    def assert_raises_text(self, kind, text, call, *args, **kwargs):
        """The exception is exactly of that class, with exactly that text."""
        with self.assertRaises(kind) as caught:
            call(*args, **kwargs)
        self.assertIs(type(caught.exception), kind)
        self.assertEqual(str(caught.exception), text)
        return caught.exception


def make_directory(add_cleanup):
    """Short, because a Unix socket's path ends at 107 bytes."""
    directory = tempfile.mkdtemp(prefix="hearth-")
    add_cleanup(shutil.rmtree, directory, ignore_errors=True)
    return directory


def own_loopback_address(number=0):
    """An address of this machine that no other process uses: there every port is free, 9090 too."""
    pid = os.getpid()
    return "127.%d.%d.%d" % (90 + pid % 100, pid // 100 % 250 + 1, pid // 25000 + 1 + number)


def has_ipv6_loopback():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def wait_until(ask):
    """Asks until the answer is true: each question is a round trip, and the safety net ends a test that
    would hang."""
    give_up = threading.Event()
    timer = threading.Timer(SAFETY_S, give_up.set)
    timer.start()
    try:
        while not give_up.is_set():
            if ask():
                return True
        return False
    finally:
        timer.cancel()


def main():
    sys.stdout.reconfigure(line_buffering=True)
    unittest.main(verbosity=2, warnings="ignore")  # Pyro4's own use of deprecated names
