#!/usr/bin/python3
"""The Debian packages: what is in them, and their life on a Debian that is not this machine (debian_tree.py).

    /usr/bin/python3 tests/package/package_test.py [CLASS]

Takes minutes, root, and this machine's Debian mirror; so it is no part of a plain `./dev test`.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from debian_tree import make_tree, succeed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
import support  # noqa: E402

SOURCES = Path(__file__).resolve().parent.parent.parent
WORK = SOURCES / "build/package"

# systemd gives a dynamic user to the service; any that nobody else has will do.
DYNAMIC_USER = 61184
UNIT = "/lib/systemd/system/hearthd.service"
SOCKET_UNIT = "/lib/systemd/system/hearthd.socket"
CONFIGURATION = "/etc/hearth/hearthd.conf"
DATABASE = "/var/lib/private/hearth/hearthd.db"

FILES = {
    "hearthd": {
        CONFIGURATION, UNIT, SOCKET_UNIT, "/usr/bin/hearthd",
        "/usr/share/man/man5/hearthd.conf.5.gz", "/usr/share/man/man8/hearthd.8.gz",
    },
    "hearth-nsc": {
        "/usr/bin/nsc", "/usr/share/hearth/pyro4_dbm.py", "/usr/share/man/man1/nsc.1.gz", "/usr/share/bash-completion/completions/nsc",
        "/usr/share/fish/vendor_completions.d/nsc.fish", "/usr/share/zsh/vendor-completions/_nsc",
    },
}
LIBRARIES = "/usr/lib/%s/" % succeed(["dpkg-architecture", "--query", "DEB_HOST_MULTIARCH"]).strip()
FILES["libhearth-client0.1"] = {LIBRARIES + file for file in ("libhearth-client.so.0.1", "libhearth-client.so.0.1.0")}
FILES["libhearth-client-dev"] = {LIBRARIES + file for file in (
    "libhearth-client.a", "libhearth-client.so", "pkgconfig/hearth-client.pc", "cmake/hearth-client/hearth-client-config.cmake",
    "cmake/hearth-client/hearth-client-config-version.cmake",
)} | {"/usr/include/hearth/" + header.name for header in SOURCES.glob("*/**/include/hearth/*.h")}
DOCUMENTS = ("changelog.gz", "changelog.Debian.gz", "copyright")

packages = {}  # name -> file


def setUpModule():
    """Builds the packages the way people do; lintian's errors make it fail."""
    folder = WORK / "packages"
    shutil.rmtree(folder, ignore_errors=True)
    print(succeed([SOURCES / "dev", "deb", folder]))
    for file in folder.glob("*.deb"):
        packages[file.name.split("_")[0]] = file


def field(package, name):
    return succeed(["dpkg-deb", "--field", package, name]).strip()


def of_higher_version(package):
    """The same package as the next version would be, without compiling everything again."""
    contents = WORK / "repacked"
    shutil.rmtree(contents, ignore_errors=True)
    succeed(["dpkg-deb", "--raw-extract", package, contents])
    control = contents / "DEBIAN/control"
    version = field(package, "Version")
    control.write_text(control.read_text().replace("\nVersion: %s\n" % version, "\nVersion: %s+next\n" % version))
    repacked = WORK / package.name.replace(version, version + "+next")
    succeed(["dpkg-deb", "--root-owner-group", "--build", contents, repacked])
    return repacked


class Contents(unittest.TestCase):
    def test_only_the_named_packages_and_their_symbols(self):
        with_symbols = {name + "-dbgsym" for name in FILES if not name.endswith("-dev")}
        self.assertEqual(set(packages), set(FILES) | with_symbols)

    def test_version_is_that_of_meson_build(self):
        for file in packages.values():
            with self.subTest(file.name):
                self.assertIn("version: '%s'," % field(file, "Version").rpartition("-")[0], (SOURCES / "meson.build").read_text())

    def test_files(self):
        for name, expected in FILES.items():
            with self.subTest(name):
                lines = [line.split() for line in succeed(["dpkg-deb", "--contents", packages[name]]).splitlines()]
                found = {line[5].lstrip(".") for line in lines if not line[5].endswith("/")}
                self.assertEqual(found, expected | {"/usr/share/doc/%s/%s" % (name, file) for file in DOCUMENTS})

    def test_the_administrators_file_is_the_only_one(self):
        self.assertEqual(succeed(["dpkg-deb", "--info", packages["hearthd"], "conffiles"]).split(), [CONFIGURATION])


class Service:
    """hearthd as the installed unit starts it, but with no systemd around: its user, its folders, its command."""

    def __init__(self, tree):
        self.tree = tree
        unit = dict(line.split("=", 1) for line in tree.file(UNIT).read_text().splitlines()
                    if "=" in line and not line.startswith("#"))
        folder = tree.file("/var/lib/private/hearth")  # behind the link that systemd makes for StateDirectory=hearth
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, DYNAMIC_USER, DYNAMIC_USER)
        if not tree.has("/var/lib/hearth"):
            tree.file("/var/lib/hearth").symlink_to("private/hearth")
        environment = support.clean_environment("/", {"STATE_DIRECTORY": tree.path_inside("/var/lib/hearth"),
                                                      "XDG_STATE_HOME": None})
        command, *arguments = shlex.split(unit["ExecStart"])
        self.child = support.Child(tree.hearthd(command, DYNAMIC_USER) + arguments, environment)

    def __enter__(self):
        self.uri = self.child.wait_for_line("URI = ").removeprefix("URI = ")
        return self

    def __exit__(self, *_):
        self.child.kill()

    def nsc(self, *argv):
        """What nsc of the package prints in the network of this service."""
        return succeed(["nsenter", "--target", str(self.child.pid), "--net", *self.tree.command("/usr/bin/nsc", *argv)],
                       env=support.clean_environment("/"))

    def stop(self):
        self.child.signal(signal.SIGTERM)
        return self.child.wait()


class Life(unittest.TestCase):
    """One life of the packages in the order of the tests: each goes on where the one before it ended."""

    @classmethod
    def setUpClass(cls):
        cls.tree = make_tree(WORK)

    def assert_services(self, *calls):
        """What systemctl has been told since the last time."""
        if self.tree.records_services:
            self.assertEqual(self.tree.taken_systemctl_calls(), list(calls))

    def test_1_install(self):
        self.tree.install(packages["hearthd"], packages["hearth-nsc"])
        self.assertTrue(self.tree.has("/etc/systemd/system/multi-user.target.wants/hearthd.service"))
        self.assertFalse(self.tree.has("/etc/systemd/system/sockets.target.wants/hearthd.socket"))
        self.assert_services("start hearthd.service")
        version = field(packages["hearthd"], "Version").rpartition("-")[0]
        self.assertEqual(self.tree.run("/usr/bin/hearthd", "--version").strip(), "hearthd " + version)
        self.assertEqual(self.tree.run("/usr/bin/nsc", "--version").strip(), "nsc " + version)

    def test_2_runs_with_the_installed_configuration(self):
        with Service(self.tree) as service:
            self.assertEqual(service.uri, "PYRO:Pyro.NameServer@localhost:9090")
            service.nsc("register", "kept", "PYRO:kept@localhost:4444", "a tag")
            self.assertIn("kept --> PYRO:kept@localhost:4444\n", service.nsc("list"))
            self.assertEqual(service.stop(), 0)
        self.assertTrue(self.tree.has(DATABASE))

    def test_3_upgrade_keeps_registrations_and_settings(self):
        settings = self.tree.file(CONFIGURATION)
        with_a_change = settings.read_text().replace("#host = localhost\n", "host = 127.0.0.1\n")
        settings.write_text(with_a_change)
        self.tree.install(of_higher_version(packages["hearthd"]), of_higher_version(packages["hearth-nsc"]))
        self.assert_services("restart hearthd.service")
        self.assertEqual(settings.read_text(), with_a_change)
        with Service(self.tree) as service:
            self.assertEqual(service.uri, "PYRO:Pyro.NameServer@127.0.0.1:9090")
            self.assertIn("kept --> PYRO:kept@localhost:4444\n    metadata: {'a tag'}\n", service.nsc("list"))
            self.assertEqual(service.stop(), 0)

    def test_4_remove_keeps_registrations_and_settings(self):
        self.tree.remove("hearthd", "hearth-nsc")
        self.assert_services("stop hearthd.socket", "stop hearthd.service")
        self.assertTrue(self.tree.has(DATABASE))
        self.assertTrue(self.tree.has(CONFIGURATION))
        self.assertFalse(self.tree.has("/usr/bin/hearthd"))
        self.assertFalse(self.tree.has(UNIT))

    def test_5_purge_removes_all(self):
        self.tree.file("/etc/hearth/certificate.pem").write_text("an administrator's\n")
        self.tree.file("/var/log/private/hearth").mkdir(parents=True)
        self.tree.purge("hearthd", "hearth-nsc")
        self.assert_services()
        self.assertEqual(self.tree.find("hearth"), [])
        self.assertEqual(self.tree.find("nsc"), [])


if __name__ == "__main__":
    support.main()
