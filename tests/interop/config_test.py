#!/usr/bin/python3
"""The configuration as an administrator meets it: --print-config, --check-config, the file that the package installs, limits at
their bounds, exit statuses."""

import contextlib
import marshal
import os
import re

import msgpack
import Pyro4
import Pyro4.message as wire
import support
from raw_peer import INVOKE, Pyro4Peer

CONFIG_OF_THE_PACKAGE = os.path.join(support.HERE, "..", "..", "nameserver", "hearthd.conf")
SETTING = re.compile(r"([a-z0-9-]+) = ?(.*?) *(?: # .*)?$")


def settings_of(text):
    """{(section, key): value} of a configuration file, however it is laid out."""
    section, found = "", {}
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif match := SETTING.match(line):
            found[section, match[1]] = match[2]
    return found


class ConfigCase(support.DirectoryCase):
    def hearthd(self, *options, env=None):
        """It does not start: (exit status, stdout, stderr)."""
        return support.run([support.required_path("HEARTHD"), *options], self.directory, env)

    def write(self, text, name="hearthd.conf"):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def effective(self, *options, env=None):
        status, output, trouble = self.hearthd(*options, "--print-config", env=env)
        self.assertEqual((status, trouble), (0, ""))
        return output

    def assert_mistake(self, *words, options, env=None):
        """One line on stderr that says all of the words, nothing on stdout, status 2."""
        status, output, trouble = self.hearthd(*options, env=env)
        self.assertEqual((status, output, trouble.count("\n")), (2, "", 1), trouble)
        self.assertTrue(trouble.startswith("hearthd: "))
        for word in words:
            self.assertIn(word, trouble)


class Checking(ConfigCase):
    def test_a_good_configuration(self):
        path = self.write("port = 0\nstorage = memory\n[limits]\nconnections-max = 50\n")
        self.assertEqual(self.hearthd("--config", path, "--check-config"), (0, "configuration ok\n", ""))
        self.assertEqual(os.listdir(self.directory), ["hearthd.conf"])

    def test_warnings_are_no_mistakes(self):
        status, output, trouble = self.hearthd("--config=", "--check-config", env={"PYRO_NSPORT": "1"})
        self.assertEqual((status, output), (0, "configuration ok\n"))
        self.assertIn("PYRO_NSPORT is no setting that Pyro or hearthd knows; did you mean PYRO_NS_PORT?", trouble)

    def test_mistakes(self):
        for text, words in (("prot = 1\n", (":1: ", "prot", "port")), ("port = many\n", (":1: ", "many")),
                            ("\n[limit]\nx = 1\n", (":3: ", "limits")), ("nobc\n", (":1: ", "key = value")),
                            ("[limits]\nconnections-max = 0\n", (":2: ", "from 10 to 1000000"))):
            path = self.write(text)
            for options in (("--config", path, "--check-config"), ("--config", path, "--print-config"), ("--config", path)):
                with self.subTest(text=text, options=options):
                    self.assert_mistake(path, *words, options=options)
        self.assert_mistake("/no/such.conf", options=("--config", "/no/such.conf"))
        self.assert_mistake(self.directory, "directory", options=("--config", self.directory))
        self.assert_mistake("PYRO_NS_PORT=x", options=("--config=",), env={"PYRO_NS_PORT": "x"})
        self.assert_mistake("PYRO_SSL", options=("--config=",), env={"PYRO_SSL": "1"})
        self.assert_mistake("--nosuch", "--help", options=("--nosuch",))
        self.assert_mistake("ambiguous", "--nathost", options=("--nat", "x"))
        self.assert_mistake("--limit connections-max=1", "from 10", options=("--config=", "--limit", "connections-max=1"))

    def test_a_failure_at_the_start_is_no_mistake_of_the_configuration(self):
        status, output, trouble = self.hearthd("--config=", "-p", "0", "-s", "sql:" + self.path("missing", "names.db"))
        self.assertEqual((status, output), (1, ""))
        self.assertIn(self.path("missing"), trouble)


class Printing(ConfigCase):
    def test_each_value_has_its_origin(self):
        path = self.write("port = 1\nbcport = 2\n")
        output = self.effective("--config", path, "--bcport", "3", env={"PYRO_HOST": "example.org"})
        for line in (r"host = example\.org +# PYRO_HOST", r"port = 1 +# %s:1" % re.escape(path),
                     r"bcport = 3 +# command line", r"log-level = info +# default"):
            self.assertRegex(output, "(?m)^%s$" % line)

    def test_the_key_is_never_shown(self):
        for options, env in ((("--config=", "-k", "tell-nobody"), {}), (("--config=",), {"PYRO_HMAC_KEY": "tell-nobody"}),
                             (("--config", self.write("key = tell-nobody\n")), {})):
            for action in ("--print-config", "--check-config"):
                status, output, trouble = self.hearthd(*options, action, env=env)
                self.assertEqual(status, 0)
                self.assertNotIn("tell-nobody", output + trouble)

    def test_it_can_be_read_back(self):
        before = self.effective("--config=", "-n", "127.0.0.1", "-n", "::1", "-p", "0", "-u", self.path("a # b"), "-x", "-s", "memory",
                                "--autoclean", "4.5", "--limit", "nesting-max=99", env={"PYRO_SERIALIZERS_ACCEPTED": "json,serpent"})
        after = self.effective("--config", self.write(before))
        self.assertEqual(settings_of(before), settings_of(after))
        self.assertEqual(settings_of(after)["", "host"], "127.0.0.1, ::1")

    def test_a_server_follows_the_file_that_was_printed(self):
        path = self.write(self.effective("--config=", "-n", "127.0.0.1", "-p", "0", "-s", "memory"))
        server = self.start_server("--config", path, port=None, storage=None)
        self.assertEqual(server.host, "127.0.0.1")
        with server.locate() as ns:
            self.assertEqual(ns.count(), 1)
        server.stop()


class FileOfThePackage(ConfigCase):
    def setUp(self):
        super().setUp()
        with open(CONFIG_OF_THE_PACKAGE, encoding="utf-8") as file:
            self.text = file.read()
        self.active = re.sub(r"(?m)^#(?=[a-z\[])", "", self.text)  # prose has a blank behind its #

    def test_it_sets_nothing(self):
        self.assertEqual(settings_of(self.text), {})
        self.assertEqual(self.hearthd("--config", CONFIG_OF_THE_PACKAGE, "--check-config"), (0, "configuration ok\n", ""))

    def test_it_shows_every_setting_with_its_default(self):
        self.assertEqual(settings_of(self.active), settings_of(self.effective("--config=")))
        self.assertEqual(self.active.count("\n[limits]\n"), 1)

    def test_it_is_right_with_every_setting_switched_on(self):
        path = self.write(self.active)
        self.assertEqual(self.hearthd("--config", path, "--check-config"), (0, "configuration ok\n", ""))
        self.assertEqual(settings_of(self.effective("--config", path)), settings_of(self.effective("--config=")))


class LimitsAtTheirBounds(ConfigCase):
    def bound(self, name, which):
        """What the complaint about nonsense says."""
        _, _, trouble = self.hearthd("--limit", name + "=nonsense")
        match = re.search(r"from (\w+) to (\w+)$", trouble.strip())
        self.assertIsNotNone(match, trouble)
        return match[which]

    def names(self):
        keys = [key for section, key in settings_of(self.effective("--config=")) if section == "limits"]
        return keys + ["message-bytes-max", "autoclean-grace-ms"]  # they stand above, as max-message-size and autoclean-grace

    def start_with(self, which):
        limits = ["--limit=%s=%s" % (name, self.bound(name, which)) for name in self.names()]
        self.assertGreater(len(limits), 30)
        return self.start_server("--config=", *limits, storage="sql:" + self.path("names%d.db" % which))

    def use(self, server):
        for serializer in support.SERIALIZERS:
            with server.locate(serializer) as ns:
                ns.register("x", "PYRO:o@localhost:1", metadata=["t"])
                self.assertEqual(ns.list(regex="x.?"), {"x": "PYRO:o@localhost:1"})
                self.assertEqual(ns.remove("x"), 1)
        with server.locate() as ns:
            batch = Pyro4.batch(ns)
            batch.register("x", "PYRO:o@localhost:1")
            batch.remove("x")
            batch.count()
            self.assertEqual(list(batch()), [None, 1, 1])

    def test_a_server_with_all_of_them_at_the_minimum(self):
        server = self.start_with(1)
        self.use(server)
        server.stop()

    def test_a_server_with_all_of_them_at_the_maximum(self):
        server = self.start_with(2)
        self.use(server)
        for levels in (990, 1500, 100000):  # at most 1000 are read: the deepest value must fit the stack
            for serializer_id, payload in deep_calls(levels):
                peer = Pyro4Peer(server.port)
                self.addCleanup(peer.close)
                peer.connect()
                peer.send(peer.message(INVOKE, payload, serializer_id=serializer_id))
                self.assertTrue(peer.receive()[2] & wire.FLAGS_EXCEPTION, (levels, payload[:50]))
        with server.locate() as ns:
            for levels in (390, 790, 10000):
                with contextlib.suppress(Pyro4.errors.NamingError):
                    self.assertEqual(ns.list(regex="(" * levels + "nobody" + ")" * levels), {})
        self.use(server)
        server.stop()


def deep_calls(levels):
    """register() with metadata of so many levels, in each format, written by hand: Python's serializers stop earlier."""
    lists, tuples = "[" * levels + "]" * levels, "(" * levels + "1" + ",)" * levels
    for metadata in (lists, tuples):
        yield 1, ("# serpent utf-8 python3.2\n('Pyro.NameServer','register',('d','PYRO:o@h:1',False,%s),{})" % metadata).encode()
    yield 2, ('{"object":"Pyro.NameServer","method":"register","params":["d","PYRO:o@h:1",false,%s],"kwargs":{}}' % lists).encode()
    marshalled = marshal.dumps(("Pyro.NameServer", "register", ("d", "PYRO:o@h:1", False, ["METADATA"]), {}), 2)
    one = b"(\1\0\0\0"  # a tuple of one
    yield 3, marshalled.replace(marshal.dumps(["METADATA"], 2), one * levels + b"N")
    call = [msgpack.packb(part) for part in ("Pyro.NameServer", "register", "d", "PYRO:o@h:1", False, {})]
    yield 6, b"\x94" + call[0] + call[1] + b"\x94" + b"".join(call[2:5]) + b"\x91" * levels + b"\x90" + call[5]


if __name__ == "__main__":
    support.main()
