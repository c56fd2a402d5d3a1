"""The README's half an hour does what it says: its commands are run against a fresh deploy/start, its outputs compared.

half_an_hour_test.py --write puts the outputs of today into the README.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass, field
from pathlib import Path

from servers import ROOT, until
from wire import Client

README = ROOT / "README.md"
WITHIN = 120  # seconds for a start or a command on a machine that has a lot else to do
AT_REST = 1.0  # seconds without a change, after which nothing more comes
END_OF_OUTPUT = "--end-of-output-of-that-command--"


@dataclass
class Block:
    """A fenced block: commands with what each printed, or what the watching terminal printed meanwhile."""
    kind: str  # sh: commands whose output says nothing
    lines: list = field(default_factory=list)

    def commands(self):
        """Each command and the lines that it printed."""
        found = []
        for line in self.lines:
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
        return found


def section():
    """The README before the half hour, itself in lines, and after it."""
    before, rest = README.read_text(encoding="utf-8").split("## Half an hour with it\n")
    end = rest.index("\n## ")
    return before + "## Half an hour with it\n", rest[:end].split("\n"), rest[end:]


def parts(lines):
    """The section as texts and Blocks, in order."""
    found, block = [], None
    for line in lines:
        if block is not None and line == "```":
            found.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
        elif match := re.fullmatch(r"```(sh|console)", line):
            block = Block(match.group(1))
        else:
            found.append(line)
    assert block is None, "a block has no end"
    return found


def written(found):
    lines = []
    for part in found:
        lines += [f"```{part.kind}", *part.lines, "```"] if isinstance(part, Block) else [part]
    return "\n".join(lines)


def as_compared(lines):
    """A simulated clock runs on, so times of day differ from run to run."""
    return [re.sub(r"\d\d:\d\d:\d\d", "HH:MM:SS", line) for line in lines]


class Shell:
    """One that lives on from command to command, as a person's does."""

    def __init__(self, environment):
        self.child = subprocess.Popen(["bash", "--norc"], cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command):
        """The lines that it prints."""
        self.child.stdin.write(f"{command}\necho; echo '{END_OF_OUTPUT}'\n")
        self.child.stdin.flush()
        lines = []
        for line in self.child.stdout:
            if line.rstrip("\n") == END_OF_OUTPUT:
                return lines[:-1] if lines[-1] == "" else lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(f"the shell ended in {command}: {lines}")

    def end(self):
        self.child.stdin.close()
        self.child.wait(timeout=WITHIN)
        self.child.stdout.close()


class Watching:
    """The third terminal: what it showed, from one look to the next."""

    def __init__(self, shell, command):
        self.shell = shell
        self.seen = 0
        self.process = int(shell.run(f"{command} >third-terminal 2>&1 & echo $!")[-1])
        self.file = Path(shell.run("pwd")[0]) / "third-terminal"

    def look(self):
        """What is new, once something is and nothing more comes."""
        deadline = time.monotonic() + WITHIN
        lines, changed = [], time.monotonic()
        while not lines or time.monotonic() - changed < AT_REST:
            assert time.monotonic() < deadline, "nothing happened in the third terminal"
            # The shell makes the file after it has said which process it is.
            now = self.file.read_text(encoding="utf-8").splitlines()[self.seen:] if self.file.exists() else []
            if now != lines:
                lines, changed = now, time.monotonic()
            time.sleep(0.05)
        self.seen += len(lines)
        return lines

    def end(self):
        os.kill(self.process, signal.SIGTERM)


class Start:
    """deploy/start, as at the very first time."""

    def __init__(self, home):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        kept = ("PATH", "CCACHE_DIR", "LANG")
        self.environment = {"HOME": str(home), "TAMROI_URL": f"http://127.0.0.1:{port}", **{name: os.environ[name] for name in kept if name in os.environ}}
        self.child = subprocess.Popen([ROOT / "deploy/start", "--port", str(port)], env=self.environment, text=True, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
        self.said = []
        for line in self.child.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C stops it"):
                break
        else:
            raise AssertionError("deploy/start ended: " + "".join(self.said))
        # Whoever watches from now on is not to see the last of the sample, as a person would not.
        client = Client(port)
        until(lambda: client.get("/readyz").json["idle"], "the sample is published")
        client.close()
        time.sleep(AT_REST)

    def end(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.communicate(timeout=WITHIN)


def played(found, shell):
    """The same parts, with what is printed today."""
    third, out = None, []
    for part in found:
        if not isinstance(part, Block):
            out.append(part)
            continue
        now = Block(part.kind, [])
        if part.kind == "sh":
            printed = shell.run("\n".join(part.lines))
            assert printed == [], f"{part.lines[0]}: {printed}"
            now.lines = part.lines
        elif not part.lines or not part.lines[0].startswith("$ "):
            now.lines = third.look()
        else:
            for command, _ in part.commands():
                now.lines.append(f"$ {command}")
                if command.startswith("tamroi watch"):
                    third = Watching(shell, command)
                    now.lines += third.look()
                else:
                    now.lines += shell.run(command)
        out.append(now)
    third.end()
    return out


def play(found):
    home = Path(tempfile.mkdtemp(prefix="tamroi-half-an-hour-"))
    try:
        start = Start(home)
        try:
            shell = Shell(start.environment)
            try:
                return played(found, shell)
            finally:
                shell.end()
        finally:
            start.end()
    finally:
        shutil.rmtree(home)


class HalfAnHour(unittest.TestCase):
    maxDiff = None

    def test_the_readme_says_what_happens(self):
        _, lines, _ = section()
        found = parts(lines)
        self.assertEqual(written(found).split("\n"), lines)
        for wanted, actual in zip(found, play(found), strict=True):
            if isinstance(wanted, Block):
                self.assertEqual(as_compared(actual.lines), as_compared(wanted.lines), "to refresh it: half_an_hour_test.py --write")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        head, body, tail = section()
        README.write_text(head + written(play(parts(body))) + tail, encoding="utf-8")
    else:
        unittest.main()
