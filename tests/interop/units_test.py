#!/usr/bin/python3
"""The systemd units: systemd reads them without a complaint, and the service is exposed to little."""

import os
import re
import subprocess

import support

ANALYZE = "/usr/bin/systemd-analyze"
EXPOSURE_MAX = 15  # in tenths, as --threshold counts


class Units(support.DirectoryCase):
    def setUp(self):
        super().setUp()
        self.units = support.required_path("HEARTHD_UNITS")

    def read(self, name):
        with open(os.path.join(self.units, name), encoding="utf-8") as unit:
            return unit.read()

    def place(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as unit:
            unit.write(text)
        return self.path(name)

    def service_here(self):
        """The service as installed, but for the place of the program."""
        text, count = re.subn("(?m)^ExecStart=.*/hearthd$", "ExecStart=" + support.required_path("HEARTHD"),
                              self.read("hearthd.service"))
        self.assertEqual(count, 1)
        return self.place("hearthd.service", text)

    def analyze(self, *arguments):
        done = subprocess.run([ANALYZE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", timeout=support.SAFETY_S, check=False)
        return done.returncode, done.stdout

    def test_they_are_valid(self):
        units = (self.service_here(), self.place("hearthd.socket", self.read("hearthd.socket")))
        # The manual pages that Documentation= names are installed with the units, not before.
        self.assertEqual(self.analyze("verify", "--man=no", *units), (0, ""))

    def test_this_would_notice_a_mistake(self):
        broken = self.place("hearthd.service", self.read("hearthd.service").replace("Type=notify", "Typo=notify"))
        self.assertNotEqual(self.analyze("verify", "--man=no", broken), (0, ""))

    def test_the_exposure_is_bounded(self):
        security = ("security", "--offline=true", "--no-pager")
        status, report = self.analyze(*security, "--threshold=%d" % EXPOSURE_MAX, self.service_here())
        self.assertEqual(status, 0, report)
        status, report = self.analyze(*security, "--threshold=1", self.service_here())
        self.assertNotEqual(status, 0, report)

    def test_nothing_listens_beyond_this_machine_unless_asked_to(self):
        addresses = re.findall("(?m)^Listen(?:Stream|Datagram)=(.*)$", self.read("hearthd.socket"))
        self.assertEqual([address for address in addresses
                          if not address.startswith(("127.0.0.1:", "[::1]:", "/run/"))], [])
        self.assertNotRegex(self.read("hearthd.service"), r"(?m)^ExecStart=.* -")


if __name__ == "__main__":
    support.main()
