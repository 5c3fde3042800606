#!/usr/bin/python3
"""Runs a program under the system call filter of a systemd unit, where no systemd is there to do it.

    under_filter.py UNIT PROGRAM [ARGUMENTS]

What SystemCallFilter= and RestrictAddressFamilies= do not allow fails with SystemCallErrorNumber=, as under systemd."""

import errno
import os
import re
import socket
import subprocess
import sys

import seccomp


def system_call_groups():
    """{"@group": [its members, calls and groups]}"""
    listing = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, encoding="utf-8", check=True).stdout
    groups, members = {}, []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", listing).splitlines():
        word = line.strip()
        if line.startswith("@"):
            members = groups.setdefault(word, [])
        elif word and not word.startswith("#"):
            members.append(word)
    return groups


def expand(words, groups):
    calls = set()
    for word in words:
        calls |= expand(groups[word], groups) if word.startswith("@") else {word}
    return calls


def settings_of(unit, name):
    with open(unit, encoding="utf-8") as lines:
        return [line.partition("=")[2].split() for line in lines if line.startswith(name + "=")]


def allowed_calls(unit):
    """As systemd.exec(5) says: the first line allows, lines with a tilde take back."""
    groups, allowed = system_call_groups(), set()
    for words in settings_of(unit, "SystemCallFilter"):
        if words[0].startswith("~"):
            allowed -= expand([words[0][1:], *words[1:]], groups)
        else:
            allowed |= expand(words, groups)
    return allowed


def confine(unit):
    error_name = settings_of(unit, "SystemCallErrorNumber")[0][0]
    rules = seccomp.SyscallFilter(seccomp.ERRNO(getattr(errno, error_name)))
    for call in allowed_calls(unit) - {"socket"}:
        try:
            rules.add_rule(seccomp.ALLOW, call)
        except RuntimeError:
            pass  # not a call of this architecture
    families = [getattr(socket, family) for words in settings_of(unit, "RestrictAddressFamilies") for family in words]
    for family in families:
        rules.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, family))
    rules.load()


if __name__ == "__main__":
    confine(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])
