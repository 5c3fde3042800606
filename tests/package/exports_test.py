#!/usr/bin/python3
"""What the shared libraries export: the names of their public headers, and nothing else.

    /usr/bin/python3 tests/package/exports_test.py LIBRARY NAMESPACE HEADER…

NAMESPACE is mangled, as in symbols.map.in: "6hearth".
"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

# A function, a variable, or what the compiler makes of a class (typeinfo, its name, virtual table).
OURS = re.compile(r"_Z(?:NK?|T[ISV]N)(?P<name>\d.*)")


def names_in(mangled):
    """The identifiers of a nested name: "6hearth5Proxy6invokeEv" has hearth, Proxy and invoke."""
    names = []
    while match := re.match(r"\d+", mangled):
        length = int(match.group())
        names.append(mangled[match.end():match.end() + length])
        mangled = mangled[match.end() + length:]
    return names


def complaints(symbols, namespace, public_words):
    """The symbols that are none of our public ones."""
    found = []
    for symbol in symbols:
        match = OURS.fullmatch(symbol)
        if not match or not match["name"].startswith(namespace):
            found.append("%s: not ours" % symbol)
            continue
        private = [name for name in names_in(match["name"]) if name not in public_words]
        if private:
            found.append("%s: %s is in no public header" % (symbol, ", ".join(private)))
    return found


def unmarked(header):
    """Functions outside of classes, defined elsewhere, that are not marked as public."""
    lines = header.splitlines()
    starts = re.compile(r"(\[\[nodiscard\]\]|void|bool|std::\w+) (?!inline |constexpr |HEARTH_API ).*\(")
    return [line for before, line in zip([""] + lines, lines) if starts.match(line) and not before.startswith("template")]


def exported(library):
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library], check=True,
                             stdout=subprocess.PIPE, encoding="utf-8").stdout
    lines = [line.split() for line in listing.splitlines()]
    return [line[0].partition("@")[0] for line in lines if line[1] != "A"]  # A: the name of the version itself


class Checker(unittest.TestCase):
    WORDS = {"hearth", "Proxy", "invoke", "uv"}

    def test_public_names_pass(self):
        for symbol in ("_ZN6hearth5Proxy6invokeEv", "_ZNK6hearth5Proxy6invokeB5cxx11Ev", "_ZN6hearth5ProxyC2Ev", "_ZTIN6hearth5ProxyE"):
            self.assertEqual(complaints([symbol], "6hearth", self.WORDS), [])

    def test_what_slips_in_is_named(self):
        for symbol in ("_ZN6hearth14BlockingStream5closeEv", "_ZNSt6vectorIiSaIiEE4backEv", "_ZSt11__addressofIN6hearth5ProxyEEPT_RS2_",
                       "_ZN2tl8expectedIivED2Ev", "helper", "_ZTVN6hearth14BlockingStreamE"):
            self.assertEqual(len(complaints([symbol], "6hearth", self.WORDS)), 1, symbol)
        self.assertEqual(len(complaints(["_ZN6hearth5Proxy6invokeEv"], "6hearth2uv", self.WORDS)), 1)


    def test_functions_without_the_mark(self):
        for line in ("[[nodiscard]] Value made(int from);", "void tell(", "std::string text(int number);"):
            self.assertEqual(unmarked("\n%s\n" % line), [line])
        for line in ("[[nodiscard]] HEARTH_API Value made(int from);", "[[nodiscard]] inline bool is(int number) {", "  void member();",
                     "template <class T>\n[[nodiscard]] T made(int from) {"):
            self.assertEqual(unmarked(line), [])


class Exports(unittest.TestCase):
    library = namespace = None
    headers = []

    def test_nothing_but_public_names(self):
        words = set()
        for header in self.headers:
            words |= set(re.findall(r"\w+", Path(header).read_text(encoding="utf-8")))
        symbols = exported(self.library)
        self.assertEqual(complaints(symbols, self.namespace, words), [])
        self.assertGreater(len(symbols), 10)

    def test_every_function_of_the_headers_is_marked(self):
        for header in self.headers:
            self.assertEqual(unmarked(Path(header).read_text(encoding="utf-8")), [], header)


if __name__ == "__main__":
    Exports.library, Exports.namespace, *Exports.headers = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
