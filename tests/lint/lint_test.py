#!/usr/bin/python3
"""The linters find what they are for: tiny trees with one violation each, and the same trees without it."""

import tempfile
import unittest
from pathlib import Path

import built
import layers
import text

HEADER = "#pragma once\n"


class TreeTest(unittest.TestCase):
    def complaints(self, checker, files):
        """What `checker` says about a tree of {path: content}."""
        with tempfile.TemporaryDirectory() as folder:
            for path, content in files.items():
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content if isinstance(content, bytes) else content.encode())
            return checker.check(folder)


class LayersTest(TreeTest):
    BELOW = {"protocol/base/bytes.h": HEADER, "protocol/loop/loop.h": HEADER, "protocol/base/log.h": HEADER}

    def check_include(self, path, line, expected):
        files = {**self.BELOW, path: "\n" + line + "\n"}
        self.assertEqual(self.complaints(layers, files), expected)

    def test_an_arrow_of_the_table_is_allowed(self):
        self.check_include("protocol/wire/framer.h", '#include "protocol/base/bytes.h"', [])

    def test_what_lies_below_an_allowed_room_is_allowed(self):
        self.check_include("nameserver/commit/committer.h", '#include "protocol/base/bytes.h"', [])

    def test_an_arrow_that_is_not_in_the_table(self):
        self.check_include("protocol/wire/framer.h", '#include "protocol/loop/loop.h"',
                           ['protocol/wire/framer.h:2: "protocol/loop/loop.h" is not allowed in protocol/wire'])

    def test_a_back_edge(self):
        self.check_include("protocol/base/check.h", '#include "protocol/loop/loop.h"',
                           ['protocol/base/check.h:2: "protocol/loop/loop.h" is not allowed in protocol/base'])

    def test_our_header_in_angle_brackets_is_no_way_around(self):
        self.check_include("protocol/wire/framer.h", "#include <protocol/loop/loop.h>",
                           ["protocol/wire/framer.h:2: <protocol/loop/loop.h> is not allowed in protocol/wire"])

    def test_nothing_includes_tests(self):
        files = {"tests/support/clock.h": HEADER, "nsc/main.cpp": '#include "tests/support/clock.h"\n'}
        self.assertEqual(self.complaints(layers, files), ['nsc/main.cpp:1: "tests/support/clock.h" is not allowed in nsc'])

    def test_libraries_stay_where_they_belong(self):
        for path, header in [("protocol/wire/framer.h", "uv.h"), ("protocol/rpc/call.h", "openssl/hmac.h"),
                             ("protocol/loop/stream.h", "openssl/ssl.h"),
                             ("nameserver/commit/committer.cpp", "sqlite3.h"), ("protocol/rpc/call.h", "msgpack.hpp"),
                             ("nsc/print.cpp", "rapidjson/writer.h"), ("nameserver/server.cpp", "CLI/CLI.hpp"),
                             ("protocol/serial/json.cpp", "pcre2.h"), ("nsc/main.cpp", "spdlog/spdlog.h"),
                             ("protocol/serial/json.cpp", "zlib.h")]:
            with self.subTest(header=header):
                room = path.rsplit("/", 1)[0]
                self.check_include(path, f"#include <{header}>", [f"{path}:2: <{header}> is not allowed in {room}"])

    def test_libraries_are_allowed_where_they_belong(self):
        for path, header in [("protocol/loop/tcp.h", "uv.h"), ("protocol/wire/hmac.cpp", "openssl/hmac.h"),
                             ("protocol/tls/tls_engine.cpp", "openssl/ssl.h"),
                             ("nameserver/store/sqlite_engine.cpp", "sqlite3.h"), ("nsc/main.cpp", "CLI/CLI.hpp"),
                             ("nameserver/options/options.cpp", "CLI/CLI.hpp"), ("tests/unit/loop_test.cpp", "uv.h")]:
            with self.subTest(header=header):
                self.check_include(path, f"#include <{header}>", [])

    def test_no_clock_or_log_left_of_loop(self):
        self.check_include("protocol/rpc/call.h", "#include <chrono>",
                           ["protocol/rpc/call.h:2: <chrono> is not allowed in protocol/rpc"])
        self.check_include("protocol/wire/framer.h", '#include "protocol/base/log.h"',
                           ['protocol/wire/framer.h:2: "protocol/base/log.h" is not allowed in protocol/wire'])

    def test_an_include_that_does_not_resolve(self):
        self.check_include("protocol/base/check.h", '#include "bytes.h"',
                           ['protocol/base/check.h:2: "bytes.h" does not exist (includes are written from the root)'])

    def test_a_room_that_is_not_in_the_table(self):
        for path in ["protocol/extra/x.h", "extra/x.h", "protocol/x.h", "nameserver/extra/x.h"]:
            with self.subTest(path=path):
                found = self.complaints(layers, {path: HEADER})
                self.assertEqual(len(found), 1)
                self.assertIn("is not in the table", found[0])

    def test_public_headers_belong_to_their_room(self):
        public = {"client-lib/include/hearth/proxy.h": HEADER, "protocol/value/include/hearth/value.h": HEADER}
        self.assertEqual(self.complaints(layers, {**public, "nsc/main.cpp": "#include <hearth/proxy.h>\n"}), [])
        self.assertEqual(self.complaints(layers, {**public, "protocol/rpc/call.h": "#include <hearth/value.h>\n"}), [])
        self.assertEqual(self.complaints(layers, {**public, "protocol/rpc/call.h": '#include "hearth/proxy.h"\n'}),
                         ['protocol/rpc/call.h:1: "hearth/proxy.h" is not allowed in protocol/rpc'])
        self.assertEqual(self.complaints(layers, {**public, "protocol/base/check.h": "#include <hearth/value.h>\n"}),
                         ["protocol/base/check.h:1: <hearth/value.h> is not allowed in protocol/base"])

    def test_examples_include_public_headers_only(self):
        path = "client-lib/examples/visitor.cpp"
        files = {"client-lib/include/hearth/proxy.h": HEADER, "client-lib/src/socket.h": HEADER}
        self.assertEqual(self.complaints(layers, {**files, path: "#include <hearth/proxy.h>\n"}), [])
        self.assertEqual(self.complaints(layers, {**files, path: '#include "client-lib/src/socket.h"\n'}),
                         [path + ':1: "client-lib/src/socket.h" is not allowed in client-lib/examples'])

    def test_public_headers_include_what_everybody_has(self):
        path = "client-lib/include/hearth/proxy.h"
        for line in ["#include <vector>", "#include <tl/expected.hpp>", "#include <hearth/value.h>"]:
            with self.subTest(line=line):
                self.check_include(path, line, [])
        for line in ['#include "protocol/base/bytes.h"', "#include <fmt/format.h>", "#include <uv.h>", "#include <poll.h>",
                     '#include "hearth/value.h"']:
            with self.subTest(line=line):
                files = {"protocol/value/include/hearth/value.h": HEADER, **self.BELOW, path: line + "\n"}
                shown = line.removeprefix("#include ")
                self.assertEqual(self.complaints(layers, files),
                                 [f"{path}:1: {shown} is not allowed in the public headers of client-lib"])


class TextTest(TreeTest):
    def check_line(self, path, line, expected):
        start = HEADER if path.endswith(".h") else ""
        found = self.complaints(text, {path: start + line})
        number = 2 if start else 1
        self.assertEqual(found, [f"{path}:{number}: {why}" for why in expected])

    def test_clean_files(self):
        self.check_line("nsc/main.cpp", "int main() { static_assert(true); }\n", [])
        self.check_line("README.md", "Plain text, and a\ttab where tabs may be.\n", [])
        self.check_line("empty.txt", "", [])

    def test_line_ends_and_blanks(self):
        self.check_line("README.md", "text", ["no newline at the end of the file"])
        self.check_line("README.md", "text\r\n", ["carriage return"])
        self.check_line("README.md", "text \n", ["trailing blanks"])
        self.check_line("nsc/main.cpp", "\tint a;\n", ["tab"])
        self.check_line("tests/x.py", "\tpass\n", ["tab"])

    def test_what_is_not_text(self):
        self.assertEqual(self.complaints(text, {"a.txt": b"\xff\n"}), ["a.txt:1: not UTF-8"])
        self.assertEqual(self.complaints(text, {"a.bin": b"\0\r\n \n"}), [])

    def test_left_to_do(self):
        for word in ["TODO(" + "now)", "FIX" + "ME", "XX" + "X", "HA" + "CK"]:
            with self.subTest(word=word):
                self.check_line("nsc/main.cpp", f"// {word}: later\n", ["left to do now"])
        self.check_line("nsc/main.cpp", 'const char* name = "x-XXXXXX";\n', [])

    def test_paths_of_a_machine(self):
        self.check_line("dev", "cd /" + "home/someone/hearth\n", ["path of a developer's machine"])
        self.check_line("dev", "cd /usr/share /var/lib/hearth $root/work/x\n", [])

    def test_assert(self):
        self.check_line("nsc/main.cpp", "#include <cassert>\n", ["assert; HEARTH_CHECK is protocol/base/check.h"])
        self.check_line("nsc/main.cpp", "  assert(ok);\n", ["assert; HEARTH_CHECK is protocol/base/check.h"])
        self.check_line("nsc/main.cpp", "  static_assert(ok);  // never assert(ok)\n", [])

    def test_captures_and_the_default_loop(self):
        capture = ["[=] captures more than one sees; name it"]
        self.check_line("nsc/main.cpp", "  call([=] { run(); });\n", capture)
        self.check_line("nsc/main.cpp", "  call([=, this] { run(); });\n", capture)
        self.check_line("nsc/main.cpp", "  uv_run(uv_default_" + "loop());\n", ["uv_default_loop; main owns the one loop"])

    def test_tests_that_do_not_count(self):
        self.check_line("tests/a_test.cpp", 'TEST_CASE("x" * doctest::' + "skip()) {}\n", ["test that does not count"])
        self.check_line("tests/a.py", "@unittest." + "skip\n", ["test that does not count"])
        self.check_line("tests/a.py", "self.skip" + "Test('x')\n", ["test that does not count"])

    def test_pragma_once(self):
        self.assertEqual(self.complaints(text, {"a.h": "struct A;\n"}), ["a.h:1: no #pragma once"])

    def test_other_peoples_files_are_left_alone(self):
        for path in ["build/gcc/a.txt", ".git", ".git/a.txt", "tests/__pycache__/a.txt", "tests/vectors/a.jsonl"]:
            with self.subTest(path=path):
                self.assertEqual(self.complaints(text, {path: "no newline"}), [])
        self.assertNotEqual(self.complaints(text, {".ci/run": "no newline"}), [])


class BuiltTest(TreeTest):
    def test_a_listed_source(self):
        files = {"nsc/meson.build": "files('main.cpp')\n", "nsc/main.cpp": ""}
        self.assertEqual(self.complaints(built, files), [])

    def test_a_source_that_nobody_lists(self):
        files = {"nsc/meson.build": "files('main.cpp')\n", "nsc/in.cpp": ""}
        self.assertEqual(self.complaints(built, files), ["nsc/in.cpp:1: not named in nsc/meson.build"])

    def test_a_test_that_nobody_lists(self):
        files = {"tests/meson.build": "files('unit/a_test.cpp')\n", "tests/unit/a_test.cpp": "",
                 "tests/unit/b_test.cpp": "", "tests/interop/c_test.py": ""}
        self.assertEqual(self.complaints(built, files), ["tests/interop/c_test.py:1: not named in tests/meson.build",
                                                         "tests/unit/b_test.cpp:1: not named in tests/meson.build"])

    def test_a_folder_without_a_list(self):
        self.assertEqual(self.complaints(built, {"nsc/main.cpp": ""}), ["nsc/main.cpp:1: not named in any meson.build"])


if __name__ == "__main__":
    unittest.main()
