#!/usr/bin/python3
"""Checks what a compiler does not: line ends, blanks, and words that must not reach the main branch.

    tests/lint/text.py [ROOT]

A new rule is one line: in TEXT_RULES if it is about every byte, in CODE_RULES if C++ comments may say it.
"""

import re
import sys
from pathlib import Path

CPP = {".h", ".hpp", ".cpp", ".cc", ".c"}
PYTHON = {".py"}
EVERY = None

# Words are spelled in two halves where this file, or a search of the tree, would otherwise find the rule itself.
LEFTOVERS = rf"TODO\(now{''}\)|\b(FIX{''}ME|XX{''}X|HA{''}CK)\b"
UNCOUNTED_CPP = rf"\b(doctest::sk{''}ip|may_fa{''}il|should_fa{''}il|expected_fail{''}ures)\b"
UNCOUNTED_PYTHON = rf"unittest\.sk{''}ip|\bskipT{''}est\(|\bexpectedFail{''}ure\b"

# (suffixes of the files, what must not occur in a line, what to say)
TEXT_RULES = [
    (EVERY, r"\r", "carriage return"),
    (EVERY, r"[ \t]+\r?$", "trailing blanks"),
    (CPP | PYTHON, r"\t", "tab"),
    (EVERY, LEFTOVERS, "left to do now"),
    (EVERY, r"(?<![\w.$])/(home|Users|root|work)/\w", "path of a developer's machine"),
]
CODE_RULES = [
    (CPP, r"#\s*include\s*<(cassert|assert\.h)>|(?<![\w.:>])assert\(", "assert; HEARTH_CHECK is protocol/base/check.h"),
    (CPP, r"\[=\s*[\],]", "[=] captures more than one sees; name it"),
    (CPP, r"\buv_default_loop\b", "uv_default_loop; main owns the one loop"),
    (CPP, UNCOUNTED_CPP, "test that does not count"),
    (PYTHON, UNCOUNTED_PYTHON, "test that does not count"),
]

# Recorded bytes stay as they were recorded.
NOT_OURS = ("tests/vectors/",)


def compile_rules(rules, suffix):
    return [(re.compile(pattern), why) for suffixes, pattern, why in rules if suffixes is None or suffix in suffixes]


def check_lines(path, text):
    suffix = Path(path).suffix
    text_rules, code_rules = compile_rules(TEXT_RULES, suffix), compile_rules(CODE_RULES, suffix)
    complaints = []
    for number, line in enumerate(text.split("\n"), start=1):
        code = re.sub(r"//.*", "", line) if suffix in CPP else line
        found = [why for pattern, why in text_rules if pattern.search(line)]
        found += [why for pattern, why in code_rules if pattern.search(code)]
        complaints += [f"{path}:{number}: {why}" for why in found]
    return complaints


def check_file(root, path):
    raw = (root / path).read_bytes()
    if b"\0" in raw:
        return []  # not a text
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return [f"{path}:1: not UTF-8"]
    complaints = check_lines(path, text)
    if text and not text.endswith("\n"):
        complaints.append(f"{path}:{len(text.splitlines())}: no newline at the end of the file")
    if Path(path).suffix in {".h", ".hpp"} and "#pragma once\n" not in text:
        complaints.append(f"{path}:1: no #pragma once")
    return complaints


def is_ours(path):
    """Not a build directory, not git's, not an editor's; dot files of the project are."""
    folders = path.parts[:-1]
    hidden = any(folder.startswith(".") and folder != ".ci" for folder in folders)
    built = bool(folders) and folders[0].startswith("build") or "__pycache__" in folders
    gits = path.as_posix() == ".git"  # in a worktree, a file that names the machine's folders
    return not gits and not hidden and not built and not path.as_posix().startswith(NOT_OURS)


def check(root):
    """All complaints about the tree under `root`."""
    root = Path(root)
    files = sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [line for path in files if is_ours(path) for line in check_file(root, path.as_posix())]


if __name__ == "__main__":
    found = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("\n".join(found) or "text: clean")
    sys.exit(1 if found else 0)
