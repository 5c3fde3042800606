"""Places to install Debian packages in that are not this machine.

make_tree() gives one: a Debian of this machine's release, made by debootstrap, in which every program runs by chroot; or, where
debootstrap cannot work (no mirror, no right to mount), an empty folder that dpkg --root fills and whose programs run with this
machine's libraries. Both have the same methods, need root, and start no service: in the place of systemctl stands a script that
writes down what it is told.

What debootstrap made is kept in build/package/base and copied for each tree. Mirror and settings are those of this machine's apt.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
SYSTEMCTL_CALLS = "run/systemctl.calls"
# A unit counts as enabled when the link is there that `systemctl enable` makes; nothing is ever active.
SYSTEMCTL = """#!/bin/sh
echo "$*" >>"${DPKG_ROOT:-}/%s"
for unit; do :; done
case "$*" in
  *is-enabled*) ls "${DPKG_ROOT:-}"/etc/systemd/system/*.wants/"$unit" >/dev/null 2>&1 && echo enabled ;;
  *is-active*) exit 3 ;;
esac
""" % SYSTEMCTL_CALLS
# In a network of its own, with /proc for what looks at itself; what is mounted goes with the process.
ALONE = ["unshare", "--net", "--mount", "--propagation", "private", "sh", "-ec",
         'ip link set lo up; mount -t proc proc "$0/proc"; exec "$@"']


def succeed(argv, **options):
    """What a command printed; an error with all of it if it failed."""
    done = subprocess.run([str(word) for word in argv], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          errors="backslashreplace", stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError("%s exited with %d:\n%s" % (" ".join(map(str, argv)), done.returncode, done.stdout))
    return done.stdout


def write_script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Tree:
    """What both kinds share: files and the record of systemctl."""

    def __init__(self, path):
        self.path = path
        (path / "run/systemd/system").mkdir(parents=True)  # by this folder maintainer scripts know a running systemd

    def file(self, absolute):
        """Where this machine sees a file of the tree."""
        return self.path / absolute.lstrip("/")

    def has(self, absolute):
        return os.path.lexists(self.file(absolute))

    def find(self, word):
        """Every path with `word` in its name."""
        return sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*%s*" % word))

    def taken_systemctl_calls(self):
        """What systemctl was told to do since the last time somebody asked, without its questions."""
        calls = self.path / SYSTEMCTL_CALLS
        lines = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        words = [[word for word in line.split() if not word.startswith("-")] for line in lines]
        return [" ".join(call) for call in words if call[0] in ("start", "stop", "restart", "enable", "disable")]


class ChrootTree(Tree):
    """A whole Debian."""

    records_services = True

    def __init__(self, path, base):
        succeed(["cp", "-a", "--reflink=auto", base, path])
        super().__init__(path)
        shutil.copytree("/etc/apt/apt.conf.d", path / "etc/apt/apt.conf.d", dirs_exist_ok=True)
        shutil.copy("/etc/resolv.conf", path / "etc/resolv.conf")
        (path / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")  # as the Debian installer does
        # Not in /usr/bin: as long as there is no systemctl, deb-systemd-helper itself makes the links of enabled units.
        write_script(path / "usr/local/sbin/systemctl", SYSTEMCTL)
        (path / "etc/apt/apt.conf").write_text('DPkg::Path "%s";\n' % PATH)
        self.run("apt-get", "update")

    def path_inside(self, absolute):
        return absolute

    def command(self, program, *argv):
        return ["chroot", str(self.path), program, *argv]

    def hearthd(self, program, user):
        """Becomes hearthd as that user, in a network of its own, with the configuration that was installed."""
        return [*ALONE, str(self.path), "chroot", "--userspec=%d:%d" % (user, user), "--groups=", str(self.path), program]

    def run(self, *argv):
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8", PATH=PATH)
        return succeed(self.command(*argv), env=environment)

    def install(self, *packages):
        """With apt, which brings what they depend on."""
        copies = [shutil.copy(package, self.path / "tmp") for package in packages]
        # As long as the answer to a changed configuration file is not asked for, the administrator's stays.
        self.run("apt-get", "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold",
                 *("/tmp/" + Path(copy).name for copy in copies))
        for copy in copies:
            os.unlink(copy)

    def remove(self, *names):
        self.run("apt-get", "remove", "-y", *names)

    def purge(self, *names):
        self.run("apt-get", "purge", "-y", *names)


class UnpackedTree(Tree):
    """Nothing but the packages; maintainer scripts know it as DPKG_ROOT."""

    records_services = False  # their scripts ask whether systemd runs on this machine

    def __init__(self, path):
        super().__init__(path)
        for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "proc"):
            (path / folder).mkdir(parents=True)
        (path / "var/lib/dpkg/status").touch()
        write_script(path / "bin-of-test/systemctl", SYSTEMCTL)

    def path_inside(self, absolute):
        return str(self.file(absolute))

    def command(self, program, *argv):
        return [str(self.file(program)), *argv]

    def hearthd(self, program, user):
        return [*ALONE, str(self.path), "setpriv", "--reuid=%d" % user, "--regid=%d" % user, "--clear-groups",
                str(self.file(program)), "--config", str(self.file("/etc/hearth/hearthd.conf"))]

    def run(self, *argv):
        return succeed(self.command(*argv), env=dict(os.environ, LC_ALL="C.UTF-8"))

    def _dpkg(self, *argv):
        path = "%s:%s" % (self.path / "bin-of-test", os.environ["PATH"])
        succeed(["dpkg", "--root=%s" % self.path, "--force-script-chrootless", "--force-depends", "--force-confold", *argv],
                env=dict(os.environ, PATH=path, LC_ALL="C.UTF-8"))

    def install(self, *packages):
        self._dpkg("--install", *map(str, packages))

    def remove(self, *names):
        self._dpkg("--remove", *names)

    def purge(self, *names):
        self._dpkg("--purge", *names)


def apt_sources():
    """(release, mirror) of this machine's sources that hold Debian's main part of its own release."""
    codename = succeed(["sh", "-c", '. /etc/os-release; printf %s "$VERSION_CODENAME"'])
    lines = succeed(["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Identifier: Packages"]).splitlines()
    wanted = [line.split() for line in lines if line.split()[1:2] == ["main"]]
    ours = {release: mirror for release, _, mirror in wanted
            if release in (codename, codename + "-updates", codename + "-security")}
    if codename not in ours:
        raise AssertionError("apt knows no mirror of %s" % codename)
    return codename, ours


def debootstrapped(folder):
    """The base that is copied for each tree; made once, and again when apt's sources have changed."""
    codename, mirrors = apt_sources()
    sources = "".join("deb %s %s main\n" % (mirror, release) for release, mirror in sorted(mirrors.items()))
    base, made_from = folder / "base", folder / "base.made-from"
    fingerprint = hashlib.sha256(sources.encode()).hexdigest()
    if base.is_dir() and made_from.exists() and made_from.read_text() == fingerprint:
        return base
    made_from.unlink(missing_ok=True)
    shutil.rmtree(base, ignore_errors=True)
    environment = dict(os.environ)
    proxy = succeed(["apt-config", "dump", "--format", "%v", "Acquire::http::Proxy"]).strip()
    if proxy and proxy != "DIRECT":
        environment.setdefault("http_proxy", proxy)
    succeed(["debootstrap", "--variant=minbase", codename, base, mirrors[codename]], env=environment)
    succeed(["chroot", base, "apt-get", "clean"])
    (base / "etc/apt/sources.list").write_text(sources)
    made_from.write_text(fingerprint)
    return base


def make_tree(folder):
    """A new tree in `folder`/tree, in the place of the last one."""
    path = folder / "tree"
    shutil.rmtree(path, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if os.environ.get("HEARTH_PACKAGE_TREE") != "unpacked":
        try:
            return ChrootTree(path, debootstrapped(folder))
        except AssertionError as error:
            print("debootstrap is not possible here, so the packages are unpacked with dpkg --root: %s" % error)
            shutil.rmtree(path, ignore_errors=True)
    return UnpackedTree(path)
