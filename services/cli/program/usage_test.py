"""The program's exit codes and where its words go, as far as no server is needed: usage_test.py TAMROI"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
ROOT = Path(__file__).resolve().parents[3]
ROUND = ROOT / "schemas" / "catalogue" / "2565-2"


def run(*arguments, given="", **environment):
    """Runs the program with these arguments and nothing of the caller's settings."""
    return subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, text=True, timeout=60, check=False,
                          env={"PATH": os.environ["PATH"], **environment})


class Usage(unittest.TestCase):
    def wrong(self, *arguments, why, **environment):
        done = run(*arguments, **environment)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertIn(why, done.stderr)

    def test_what_cannot_be_meant_is_wrong_usage(self):
        self.wrong(why="Usage: tamroi")
        self.wrong("frobnicate", why="frobnicate")
        self.wrong("results", why="UNIT is required")
        self.wrong("results", "24", "--speed", why="--speed")
        self.wrong("explain", "24", "six", why="INDICATOR")
        self.wrong("results", "24", "--url", "https://x", why="http://host:port")
        self.wrong("results", "24", why="http://host:port", TAMROI_URL="here")
        self.wrong("results", "24", why="token", TAMROI_TOKEN="two words")
        self.wrong("control", "x.json", "--time", "tomorrow", why="2022-08-20T10:00:00+07:00")
        self.wrong("account", "grant", "a", "--role", "king", why="--role")
        self.wrong("account", "grant", "a", "--role", "district_officer", why="--unit is required")
        self.wrong("account", "rotate", "a", "--expires", "soon", why="2022-09-30")
        self.wrong("account", why="tamroi account --help")
        self.wrong("control", why="FILE")
        self.wrong("control", "x.json", "--id", "x", why="FILE")
        self.wrong("facts", "24", "--live", "--withdrawn", why="--withdrawn")
        self.wrong("submit", "/nowhere.json", why="/nowhere.json cannot be read")
        self.wrong("submit", str(ROOT), why="is a folder")
        self.wrong("catalogue", "check", "/nowhere", why="/nowhere")

    def test_help_is_done(self):
        for arguments in ((), ("submit",), ("catalogue", "check")):
            done = run(*arguments, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Usage: tamroi", done.stdout)

    def test_a_server_that_is_not_there_is_not_reached(self):
        # Bound, so that nobody else listens there, and not listening.
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{bound.getsockname()[1]}"
            for arguments in (("results", "24"), ("history", "24", "7"), ("watch",), ("watch", "--json"), ("account", "list"),
                              ("account", "revoke", "a"), ("submit", "-"), ("control", "-")):
                done = run(*arguments, "--url", url, given="{}")
                self.assertEqual((done.returncode, done.stdout), (3, ""), done)
                self.assertIn(url, done.stderr)

    def test_a_catalogue_is_checked_without_a_server(self):
        self.assertEqual(run("catalogue", "check", ROUND).returncode, 0)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROUND, folder, dirs_exist_ok=True)
            shutil.copy(ROOT / "schemas" / "org" / "org-units.csv", Path(folder) / "units.csv")
            with open(Path(folder) / "words.yaml", "a", encoding="utf-8") as words:
                words.write("bogus: 1\n")
            done = run("catalogue", "check", folder)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stdout, rf"(?m)^{folder}/words\.yaml:\d+: .*bogus")
            done = run("--json", "catalogue", "check", folder)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(json.loads(done.stdout)["valid"], False)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
