"""Completion and the manual page say what the commands' own help says: completion_test.py TAMROI"""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
EVERYWHERE = {"--help", "-h", "--version", "--url", "--token", "--json"}


def said(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def commands():
    """Each command of the overview: its words."""
    overview = said("--help")
    found = re.findall(r"(?m)^  ((?:[a-z]+ )?[a-z]+)  +\S", overview[:overview.index("Options of every command")])
    assert len(found) > 10, overview
    return [name.split() for name in found]


def options(words):
    """The options of a command by its help."""
    page = said(*words, "--help")
    return set(re.findall(r"(?m)^ {2,6}(?:-\w, )?(--[a-z-]+)", page)) | {"-h"}


class Bash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.script = said("completion", "bash")

    def completed(self, *words, folder="."):
        """What bash offers for the last word."""
        ask = f"{self.script}\nCOMP_WORDS=(tamroi \"$@\") COMP_CWORD=$#\n" \
              "compopt() { :; }\n_tamroi\nprintf '%s\\n' \"${COMPREPLY[@]}\""
        done = subprocess.run(["bash", "-u", "-c", ask, "bash", *words], capture_output=True, text=True, check=True, timeout=60, cwd=folder)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split("\n")) - {""}

    def test_every_command_is_offered_word_by_word(self):
        self.assertEqual(self.completed(""), {words[0] for words in commands()})
        self.assertEqual(self.completed("re"), {"results", "rejected"})
        for first in {words[0] for words in commands() if len(words) == 2}:
            self.assertEqual(self.completed(first, ""), {words[1] for words in commands() if words[0] == first})

    def test_every_option_of_every_command_is_offered(self):
        for words in commands():
            self.assertEqual(self.completed(*words, "-"), options(words), words)
            self.assertEqual(self.completed("--url", "http://x", "--json", *words, "-"), options(words), words)
        self.assertEqual(self.completed("-"), EVERYWHERE)

    def test_values_are_words_files_or_nothing(self):
        self.assertEqual(self.completed("completion", ""), {"bash", "zsh", "fish"})
        self.assertIn("auditor", self.completed("account", "grant", "a", "--role", ""))
        self.assertEqual(self.completed("account", "grant", "a", "--role", "aud"), {"auditor"})
        self.assertEqual(self.completed("results", "24", "--round", ""), set())
        self.assertEqual(self.completed("results", ""), set())
        # As bash parts an address.
        self.assertEqual(self.completed("--url", "http", ":", "//x", ":", "80", "completion", "b"), {"bash"})

    def test_files_are_offered_with_their_spaces(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "of may.json").touch()
            (Path(folder) / "inner").mkdir()
            self.assertEqual(self.completed("submit", "", folder=folder), {"of may.json", "inner"})
            self.assertEqual(self.completed("submit", "of may.json", "of", folder=folder), {"of may.json"})
            self.assertEqual(self.completed("control", "", folder=folder), {"of may.json", "inner"})
            self.assertEqual(self.completed("catalogue", "check", "", folder=folder), {"inner"})
            self.assertEqual(self.completed("catalogue", "check", "--against", "", folder=folder), {"inner"})


class OtherShells(unittest.TestCase):
    def test_every_option_stands_in_the_script(self):
        zsh, fish = said("completion", "zsh"), said("completion", "fish")
        for words in commands():
            body = re.search(rf"(?ms)^_tamroi_{'_'.join(words)}\(\) {{\n(.*?)^}}", zsh).group(1)
            self.assertEqual(set(re.findall(r"'(--[a-z-]+)", body)), options(words) - EVERYWHERE, words)
            seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in words)
            lines = [line for line in fish.splitlines() if f"-n '{seen}'" in line]
            self.assertEqual({"--" + name for line in lines for name in re.findall(r" -l ([a-z-]+)", line)}, options(words) - EVERYWHERE, words)

    @unittest.skipUnless(shutil.which("fish"), "no fish here")
    def test_fish_offers_commands_options_and_words(self):
        def completed(line):
            done = subprocess.run(["fish", "--no-config", "-c", f"source -; complete -C '{line}'"],
                                  input=said("completion", "fish"), capture_output=True, text=True, check=True, timeout=60)
            return {found.split("\t")[0] for found in done.stdout.splitlines()}
        self.assertEqual(completed("tamroi "), {words[0] for words in commands()})
        self.assertEqual(completed("tamroi account "), {"grant", "revoke", "rotate", "list"})
        self.assertLessEqual({"--round", "--revision", "--url"}, completed("tamroi results 24 --"))
        self.assertNotIn("--limit", completed("tamroi results 24 --"))
        self.assertIn("auditor", completed("tamroi account grant x --role "))
        self.assertEqual(completed("tamroi completion "), {"bash", "zsh", "fish"})

    def test_the_shells_that_are_here_take_it(self):
        for shell, check in (("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])):
            if shutil.which(shell):
                done = subprocess.run([shell, *check, "/dev/stdin"], input=said("completion", shell), capture_output=True, text=True,
                                      check=False, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


class Manual(unittest.TestCase):
    def test_it_holds_every_command_and_option(self):
        page = said("manual").replace("\\-", "-")
        for words in commands():
            section = page[page.index(f'.SS "tamroi {" ".join(words)} '):]
            section = section[:section.index("\n.S", 1)]
            self.assertEqual(set(re.findall(r'(?m)^\.BI? "(?:-\w, )?(--[a-z-]+)', section)), options(words) - EVERYWHERE, words)
        for variable in ("TAMROI_URL", "TAMROI_TOKEN", "NO_COLOR"):
            self.assertIn(f'.B "{variable}"', page)

    def test_roff_has_nothing_to_warn_of(self):
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=said("manual"), capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(done.stderr, "")
        shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
        self.assertIn("tamroi account grant ACCOUNT --role ROLE [options]", shown)
        self.assertLessEqual(max(map(len, shown.splitlines())), 80)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
