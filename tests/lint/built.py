#!/usr/bin/python3
"""Checks that no source and no test was forgotten: every .cpp and every interop test is named in a meson.build.

    tests/lint/built.py [ROOT]

The lists are explicit, so a file that nobody lists would be a test that silently never runs.
"""

import sys
from pathlib import Path

PATTERNS = ["protocol/**/*.cpp", "nameserver/**/*.cpp", "client-lib/**/*.cpp", "nsc/**/*.cpp", "tests/**/*.cpp",
            "tests/**/*_test.py"]


def list_of(root, path):
    """The nearest meson.build at or above a file."""
    return next((folder / "meson.build" for folder in path.parents if (folder / "meson.build").is_file()), None)


def check(root):
    """All complaints about the tree under `root`."""
    root = Path(root).resolve()
    complaints = []
    for path in sorted({path for pattern in PATTERNS for path in root.glob(pattern)}):
        meson = list_of(root, path)
        if meson is None or f"'{path.relative_to(meson.parent).as_posix()}'" not in meson.read_text(encoding="utf-8"):
            where = meson.relative_to(root).as_posix() if meson else "any meson.build"
            complaints.append(f"{path.relative_to(root).as_posix()}:1: not named in {where}")
    return complaints


if __name__ == "__main__":
    found = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("\n".join(found) or "built: every source and test is in a meson.build")
    sys.exit(1 if found else 0)
