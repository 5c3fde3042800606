#!/usr/bin/python3
"""bash, zsh and fish complete nsc's command line: commands, options, and names from a running name server."""

import os
import pty
import re
import select
import shlex
import subprocess

import support

FOLDER = os.path.join(support.HERE, "..", "..", "nsc", "completion")
NAMES = ("example.red", "example.blue", "class:green", "two words", "it's")


def child_environment(home):
    """nsc is found by its name; no setting of the caller's is."""
    path = os.path.dirname(support.required_path("NSC")) + ":/usr/bin:/bin"
    return support.clean_environment(home, {"PATH": path, "TERM": "dumb"})


class Completion:
    """The tests; the classes below run them in one shell each, by candidates(line): what the last word of the
    line can become."""

    @classmethod
    def setUpClass(cls):
        cls.directory = support.make_directory(cls.addClassCleanup)
        cls.server = support.Server(cls.directory, "-u", os.path.join(cls.directory, "ns"))
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()
        with cls.server.locate() as ns:
            for name in NAMES:
                ns.register(name, "PYRO:o@h:1", metadata=["tag --> tag"])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_completes(self, line, *expected):
        """The names come from a server that may be slow for once, and then there are none."""
        seen = []

        def ask():
            seen[:] = self.candidates(line)
            return set(seen) == set(expected)
        self.assertTrue(support.wait_until(ask), "%r becomes %s" % (line, seen))

    @property
    def here(self):
        return "-n localhost -p %d" % self.server.port

    def test_commands(self):
        self.assert_completes("nsc loo", "lookup")
        self.assert_completes("nsc -n localhost --json conf", "confirm-autoclean")
        self.assert_completes("nsc --port 1 doc", "doctor")

    def test_options(self):
        self.assert_completes("nsc --uni", "--unixsocket")
        self.assert_completes("nsc list --js", "--json")
        self.assert_completes("nsc import --on-conflict r", "replace")

    def test_names(self):
        self.assert_completes("nsc %s lookup example.r" % self.here, "example.red")
        self.assert_completes("nsc %s setmeta example.bl" % self.here, "example.blue")
        self.assert_completes("nsc remove --host=localhost --port=%d example.r" % self.server.port, "example.red")
        self.assert_completes("nsc -u %s/ns list example.r" % self.directory, "example.red")

    def test_names_with_colons_blanks_and_quotes(self):
        self.assert_completes("nsc %s lookup two" % self.here, r"two\ words")
        self.assert_completes("nsc %s lookup it" % self.here, r"it\'s")

    def test_files(self):
        folder = os.path.join(self.directory, "files")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "names.db"), "w", encoding="utf-8"):
            pass
        for command in ("backup", "export", "import", "--on-conflict skip import"):
            self.assert_completes("nsc %s %s %s/na" % (self.here, command, folder), folder + "/names.db")

    def test_nothing_where_no_name_belongs(self):
        for arguments in ("ping", "register", "lookup example.red", "listmatching"):
            self.assertEqual(self.candidates("nsc %s %s example.r" % (self.here, arguments)), [])

    def test_silent_without_a_server(self):
        self.assertEqual(self.candidates("nsc -n localhost -p 1 lookup example.r"), [])

    def test_every_command_is_known(self):
        with open(self.file, encoding="utf-8") as file:
            text = file.read()
        for command in commands():
            self.assertRegex(text, r"(?<![\w-])%s(?![\w-])" % command)


def commands():
    """As nsc's own help lists them."""
    _, text, _ = support.run([support.required_path("NSC"), "--help"], "/")
    table = text.partition("Commands:\n")[2].partition("\n\n")[0]
    return [line.split()[0] for line in table.splitlines()]


class BashTest(Completion, support.unittest.TestCase):
    file = FOLDER + "/nsc.bash"

    def candidates(self, line):
        # As readline does it: words are also broken at what COMP_WORDBREAKS has.
        words = [word for word in re.split(r"([:=]+)|((?<!\\)\s+)", line) if word and not word.isspace()]
        if line.endswith(" "):
            words.append("")
        script = """
            . /usr/share/bash-completion/bash_completion
            . %s
            COMP_LINE=%s COMP_POINT=%d COMP_CWORD=%d COMP_WORDS=(%s)
            _nsc nsc
            printf '%%s\\n' "${COMPREPLY[@]}"
        """ % (self.file, shlex.quote(line), len(line), len(words) - 1, " ".join(map(shlex.quote, words)))
        done = subprocess.run(["bash", "--norc", "-c", script], env=child_environment(self.directory),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", timeout=support.SAFETY_S)
        self.assertEqual(done.stderr, "")
        return done.stdout.split("\n")[:-1] if done.stdout != "\n" else []

    def test_what_stands_before_a_colon_is_there_already(self):
        self.assert_completes("nsc %s lookup class:gr" % self.here, "green")
        self.assert_completes("nsc %s lookup class:x" % self.here)

    def test_inside_quotes(self):
        self.assert_completes('nsc %s lookup "two' % self.here, "two words")


class FishTest(Completion, support.unittest.TestCase):
    file = FOLDER + "/nsc.fish"

    def candidates(self, line):
        script = "set fish_complete_path %s; complete --do-complete=%s" % (FOLDER, shlex.quote(line))
        done = subprocess.run(["fish", "--no-config", "-c", script], env=child_environment(self.directory),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", timeout=support.SAFETY_S)
        self.assertEqual(done.stderr, "")
        return [each.split("\t")[0] for each in done.stdout.splitlines()]

    def test_names_with_colons_blanks_and_quotes(self):
        # What fish prints here is not quoted yet.
        self.assert_completes("nsc %s lookup two" % self.here, "two words")
        self.assert_completes("nsc %s lookup it" % self.here, "it's")
        self.assert_completes("nsc %s lookup class:g" % self.here, "class:green")

    def test_syntax(self):
        subprocess.run(["fish", "--no-execute", self.file], check=True)


class ZshTest(Completion, support.unittest.TestCase):
    """Types into an interactive zsh. What completes in one way is in the line then."""

    file = FOLDER + "/_nsc"
    START = """
        unsetopt zle_bracketed_paste prompt_cr prompt_sp beep; PROMPT='' RPROMPT=''
        fpath=(%s $fpath); autoload -Uz compinit; compinit -D -u
        show() { print -r -- "LINE<$BUFFER>"; BUFFER=''; }; zle -N show; bindkey '^T' show
        print READY
    """

    def setUp(self):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve("/usr/bin/zsh", ["zsh", "-f", "-i", "-o", "no_list_beep"], child_environment(self.directory))
        self.addCleanup(self.end)
        self.heard = ""
        self.type(" ".join(line.strip() + ";" for line in (self.START % FOLDER).strip().splitlines()) + "\n")
        self.wait_for(r"\nREADY")

    def end(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, pattern):
        while not (found := re.search(pattern, self.heard)):
            ready, _, _ = select.select([self.terminal], [], [], support.SAFETY_S)
            if not ready:
                raise AssertionError("zsh says only %r" % self.heard)
            self.heard += os.read(self.terminal, 65536).decode("utf-8", "replace")
        self.heard = self.heard[found.end():]
        return found.group(1) if found.groups() else None

    def candidates(self, line):
        self.type(line + "\t\x14")
        completed = self.wait_for(r"LINE<([^>\n]*)>")
        start = line.rindex(" ") + 1
        if line.startswith(completed.rstrip()) and not completed.endswith(" "):
            return []
        return [completed[start:].rstrip(" =")]

    def test_names_with_colons_blanks_and_quotes(self):
        super().test_names_with_colons_blanks_and_quotes()
        self.assert_completes("nsc %s lookup class:g" % self.here, "class:green")

    def test_syntax(self):
        subprocess.run(["zsh", "-n", self.file], check=True)


if __name__ == "__main__":
    support.main()
