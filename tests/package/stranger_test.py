#!/usr/bin/python3
"""A stranger's program: stranger/ is built in an empty folder against the client library, and talks to hearthd.

    BUILD=build/gcc HEARTHD=build/gcc/nameserver/hearthd /usr/bin/python3 tests/package/stranger_test.py [CLASS]

Installed: into a folder of the test's own; found with pkg-config, CMake and meson, by both compilers, shared and static.
Subproject: these sources in the stranger's subprojects/, which compiles the library again.
"""

import os
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
import support  # noqa: E402

SOURCES = Path(__file__).resolve().parent.parent.parent
STRANGER = Path(__file__).resolve().parent / "stranger"
PROGRAMS = {"stranger": "hearth-client", "on_a_loop": "hearth-client-uv"}
SOURCE_FILES = {"stranger": "main.cpp", "on_a_loop": "on_a_loop.cpp"}
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
CASES = [(compiler, is_shared) for compiler in ("g++", "clang++-14") for is_shared in (True, False)]
TIMEOUT_S = 900  # a safety net: a subproject compiles the whole library


class StrangerCase(unittest.TestCase):
    """A hearthd, and folders with the stranger's files."""

    @classmethod
    def setUpClass(cls):
        cls.server_home = support.make_directory(cls.addClassCleanup)
        cls.server = support.Server(cls.server_home)
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()

    def project(self):
        """An empty folder with the stranger's files."""
        folder = Path(support.make_directory(self.addCleanup))
        for file in STRANGER.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        return folder

    def environment(self, compiler="g++"):
        return dict(support.clean_environment("/"), CXX=compiler, CXXFLAGS=" ".join(WARNINGS))

    def run_in(self, folder, *argv, **environment):
        """What it printed; its whole output if it failed."""
        done = subprocess.run([str(word) for word in argv], cwd=folder, env=dict(self.environment(), **environment),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                              errors="backslashreplace", timeout=TIMEOUT_S)
        self.assertEqual(done.returncode, 0, "%s\n%s" % (shlex.join(map(str, argv)), done.stdout))
        return done.stdout

    def meson(self, folder, compiler, *options, **environment):
        self.run_in(folder, "meson", "setup", *options, "build", CXX=compiler, **environment)
        self.run_in(folder, "ninja", "-C", "build", *PROGRAMS)
        return folder / "build"

    def check_programs(self, folder, is_shared):
        for name, library in PROGRAMS.items():
            needed = self.run_in("/", "readelf", "--dynamic", folder / name)
            self.assertEqual("lib%s.so.0.1" % library in needed, is_shared, needed)
            self.assertEqual(self.run_in("/", folder / name, self.server.host, self.server.port), "[1, 2]\n")


class Installed(StrangerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = support.make_directory(cls.addClassCleanup)
        subprocess.run(["meson", "install", "-C", support.required_path("BUILD"), "--no-rebuild", "--quiet", "--destdir", root,
                        "--tags", "devel,runtime"], check=True, stdout=subprocess.DEVNULL)
        cls.pc = next(Path(root).rglob("hearth-client.pc"))
        cls.library_folder = cls.pc.parent.parent
        cls.prefix = next(folder.parent for folder in Path(root).rglob("include") if (folder / "hearth").is_dir())

    def environment(self, compiler="g++"):
        # pkg-config's files name the prefix, and the library is elsewhere for this test.
        return dict(super().environment(compiler), PKG_CONFIG_PATH=str(self.pc.parent),
                    PKG_CONFIG_SYSROOT_DIR=str(self.prefix).removesuffix(self.configured_prefix()),
                    LD_LIBRARY_PATH=str(self.library_folder))

    def configured_prefix(self):
        return next(line for line in self.pc.read_text().splitlines() if line.startswith("prefix=")).removeprefix("prefix=")

    def test_pkg_config(self):
        for compiler, is_shared in CASES:
            with self.subTest(compiler=compiler, shared=is_shared):
                folder = self.project()
                for name, library in PROGRAMS.items():
                    flags = self.run_in(folder, "pkg-config", "--cflags", "--libs", *([] if is_shared else ["--static"]), library)
                    if not is_shared:
                        flags = re.sub(r"-l(hearth-client(-uv)?)\b", r"-l:lib\1.a", flags)
                    self.run_in(folder, compiler, "-std=c++20", *WARNINGS, SOURCE_FILES[name], "-o", name, *shlex.split(flags))
                self.check_programs(folder, is_shared)

    def test_pkg_config_gives_shared_users_nothing_but_the_library(self):
        flags = shlex.split(self.run_in("/", "pkg-config", "--cflags", "--libs", "hearth-client"))
        self.assertEqual([flag for flag in flags if not flag.startswith(("-I", "-L"))], ["-lhearth-client"])

    def test_cmake(self):
        for compiler, is_shared in CASES:
            with self.subTest(compiler=compiler, shared=is_shared):
                folder = self.project()
                self.run_in(folder, "cmake", "-S", ".", "-B", "build", "-DCMAKE_PREFIX_PATH=%s" % self.prefix,
                            "-DHEARTH_SUFFIX=" + ("" if is_shared else "-static"), CXX=compiler)
                self.run_in(folder, "cmake", "--build", "build")
                self.check_programs(folder / "build", is_shared)

    def test_cmake_wants_a_version_that_fits(self):
        for wanted, fits in (("0.1", True), ("0.0", False), ("0.2", False), ("1", False)):
            with self.subTest(wanted):
                folder = self.project()
                lists = folder / "CMakeLists.txt"
                lists.write_text(lists.read_text().replace("hearth-client 0.1 REQUIRED", "hearth-client %s QUIET" % wanted)
                                 .partition("add_executable")[0] + 'message("found=${hearth-client_FOUND}")\n')
                told = self.run_in(folder, "cmake", "-S", ".", "-B", "build", "-DCMAKE_PREFIX_PATH=%s" % self.prefix)
                self.assertIn("found=%d\n" % fits, told)

    def test_meson(self):
        for compiler, is_shared in CASES:
            with self.subTest(compiler=compiler, shared=is_shared):
                folder = self.project()
                build = self.meson(folder, compiler, "-Ddefault_library=" + ("shared" if is_shared else "static"))
                self.check_programs(build, is_shared)

    def test_headers_need_no_library_but_the_standard_one_and_expected(self):
        folder = self.project()
        for source in SOURCE_FILES.values():
            self.run_in(folder, "g++", "-std=c++20", "-I%s" % (self.prefix / "include"), "-c", source, "-M", "-MF", "included")
            included = (folder / "included").read_text()
            for word in ("uv.h", "openssl/", "msgpack", "fmt/", "spdlog/", "rapidjson/"):
                self.assertNotIn("/" + word, included)


class Subproject(StrangerCase):
    def test_meson_subproject(self):
        for library in ("shared", "static"):
            with self.subTest(library):
                folder = self.project()
                (folder / "subprojects").mkdir()
                (folder / "subprojects/hearth").symlink_to(SOURCES)
                build = self.meson(folder, os.environ.get("CXX", "g++"), "-Ddefault_library=" + library,
                                   "--force-fallback-for=" + ",".join(PROGRAMS.values()))
                self.check_programs(build, library == "shared")


if __name__ == "__main__":
    support.main()
