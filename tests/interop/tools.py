"""Running the two command line tools against a server, and reading what they print."""

import ast
import contextlib
import os
import pty
import re
import subprocess

import support

# A server's own address differs from server to server.
OWN_URI = re.compile(r"PYRO:Pyro\.NameServer@localhost:\d+")
# Behind these words stands the text of the engine that refused the pattern.
REGEX_TROUBLE = re.compile(r"(invalid regex: ).+")


def location(server):
    return ["-n", "localhost", "-p", str(server.port)]


def pyro4_nsc(server, *arguments, typed=""):
    """Debian's pyro4-nsc: its output, with the tags of each metadata list in order."""
    status, output, trouble = support.run([support.PYRO4_NSC, *location(server), *arguments], server.home,
                                          typed=typed)
    if status != 0 or trouble:
        raise AssertionError("pyro4-nsc %s: status %s\n%s" % (" ".join(arguments), status, trouble))
    return REGEX_TROUBLE.sub(r"\1…", OWN_URI.sub("OWN-URI", sorted_tags(output)))


def nsc(server, *arguments, typed="", env=None):
    """Our nsc: (exit status, stdout, stderr)."""
    status, output, trouble = support.run([support.required_path("NSC"), *location(server), *arguments],
                                          server.home,
                                          env=env, typed=typed)
    return status, OWN_URI.sub("OWN-URI", output), trouble


def on_terminal(case, server, *arguments):
    """Our nsc with its stderr on a terminal: the process, and the terminal's other end."""
    ours, theirs = pty.openpty()
    argv = [support.required_path("NSC"), *location(server), *arguments]
    process = subprocess.Popen(argv, env=support.clean_environment(case.directory), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=theirs)
    case.addCleanup(process.stdout.close)
    case.addCleanup(process.wait)
    case.addCleanup(process.kill)
    os.close(theirs)
    terminal = os.fdopen(ours, "rb", buffering=0)
    case.addCleanup(terminal.close)
    return process, terminal


def shown(terminal, until=None):
    """What appears on the terminal, until that is among it or nothing more can come."""
    text = b""
    with contextlib.suppress(OSError):  # how a terminal ends whose other end is closed
        while until is None or until not in text:
            piece = terminal.read(4096)
            if not piece:
                break
            text += piece
    return text


def sorted_tags(output):
    """pyro4-nsc prints the tags in the order of a set, which changes from run to run."""
    def ordered(match):
        return match.group(1) + repr(sorted(ast.literal_eval(match.group(2))))
    return re.sub(r"(metadata: )(\[.*\])", ordered, output)


def listing(title, *entries):
    """What `list` and its relatives print: entries are (name, uri, tags)."""
    lines = ["--------START LIST " + title]
    for name, uri, tags in entries:
        lines.append("%s --> %s" % (name, uri))
        if tags:
            lines.append("    " + metadata_line(tags))
    return "\n".join(lines + ["--------END LIST " + title]) + "\n"


def metadata_line(tags):
    """How our nsc shows tags, whichever dialect the server speaks: as the set that they are, in order."""
    return "metadata: {%s}" % ", ".join(repr(tag) for tag in sorted(tags))
