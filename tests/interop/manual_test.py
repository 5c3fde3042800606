#!/usr/bin/python3
"""The manual pages say what the programs do: no option, variable, setting or default of hearthd is missing, invented or outdated,
and man has nothing to complain about."""

import os
import re
import subprocess
from pathlib import Path

import support

SOURCES = Path(support.HERE).parent.parent
PROGRAM_PAGE = SOURCES / "nameserver/hearthd.8.scd"
SETTINGS_PAGE = SOURCES / "nameserver/hearthd.conf.5.scd"
PAGES = sorted(page for folder in ("nameserver", "nsc") for page in (SOURCES / folder).glob("*.scd"))

# "-n, --host HOST" in --help, "*-n*, *--host* _HOST_" in the page.
OPTION = re.compile(r"(?:-(\w), )?--([a-z-]+)(?: ([A-Z=]+))?(?:  .*)?")
VARIABLE = re.compile(r"PYRO_[A-Z_]+")
# A line of --print-config, and a head in the page, "*port* = 9090".
SETTING = re.compile(r"([a-z0-9-]+) = ?(.*?)\s*(?: # .*)?$")
DOCUMENTED_SETTING = re.compile(r"\*([a-z0-9-]+)\* = ?(.*)$")


def sections(page):
    """{title: text} of the page's main sections."""
    parts = re.split(r"(?m)^# (.*)\n", page.read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2]))


def options(lines):
    return {match.groups() for line in lines if (match := OPTION.fullmatch(line))}


def settings(pattern, text):
    """{key: default} of the lines that have a key."""
    return dict(match.groups() for line in text.splitlines() if (match := pattern.match(line)))


class HearthdPages(support.DirectoryCase):
    def hearthd(self, *arguments):
        status, output, trouble = support.run([support.required_path("HEARTHD"), *arguments], self.directory)
        self.assertEqual((status, trouble), (0, ""))
        return output

    def test_options(self):
        offered = options(line.strip() for line in self.hearthd("--help").splitlines())
        described = options(re.sub(r"[*_]", "", line) for line in sections(PROGRAM_PAGE)["OPTIONS"].splitlines())
        self.assertGreater(len(offered), 20)
        self.assertEqual(described, offered)

    def test_variables(self):
        honoured = set(VARIABLE.findall(self.hearthd("--help")))
        heads = [line for line in sections(PROGRAM_PAGE)["ENVIRONMENT"].splitlines() if line.startswith("*PYRO_")]
        self.assertGreater(len(honoured), 10)
        self.assertEqual(set(VARIABLE.findall(" ".join(heads))), honoured | {"PYRO_SSL"})
        self.assertEqual(set(VARIABLE.findall(sections(SETTINGS_PAGE)["SETTINGS"])), honoured)

    def test_settings_and_limits_with_their_defaults(self):
        main, limits = self.hearthd("--config=", "--print-config").split("[limits]")
        for title, printed in (("SETTINGS", main), ("LIMITS", limits)):
            defaults = settings(SETTING, printed)
            with self.subTest(title):
                self.assertGreater(len(defaults), 20)
                self.assertEqual(settings(DOCUMENTED_SETTING, sections(SETTINGS_PAGE)[title]), defaults)


class EveryPage(support.DirectoryCase):
    def test_man_does_not_complain(self):
        self.assertIn(PROGRAM_PAGE, PAGES)
        environment = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80")
        for page in PAGES:
            with self.subTest(page.name):
                made = self.path(page.stem)
                with open(page, encoding="utf-8") as source, open(made, "w", encoding="utf-8") as target:
                    subprocess.run(["scdoc"], stdin=source, stdout=target, check=True)
                shown = subprocess.run(["man", "--warnings=w", "--local-file", "--pager=cat", made], stdin=subprocess.DEVNULL,
                                       capture_output=True, encoding="utf-8", env=environment, check=False)
                self.assertEqual((shown.returncode, shown.stderr), (0, ""))
                self.assertIn("NAME", shown.stdout)


if __name__ == "__main__":
    support.main()
