"""deploy/start, as whoever comes first uses it. The build must be there already."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from servers import PROGRAMS, ROOT, run, until
from wire import Client

START = ROOT / "deploy/start"
QUICKLY = 30  # seconds until an address is told, on a machine with a lot else to do
ROLES = ["district_officer", "province_officer", "ministry_officer", "auditor", "operator"]


def free_port():
    with socket.socket() as peer:
        peer.bind(("127.0.0.1", 0))
        return peer.getsockname()[1]


class Script:
    """deploy/start as it runs; ended at the end of the block, with everything that it began."""

    def __init__(self, data, *flags, port=None):
        self.port = port or free_port()
        self.data = Path(data)
        self.lines = []
        command = [START, "--data", data, "--port", str(self.port), *flags]
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=lambda: self.lines.extend(self._child.stdout))
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        server = self.server()
        self._child.kill()
        if server:
            os.kill(server, signal.SIGKILL)
        self._ended()
        if any(failure):
            print(self.said)

    @property
    def said(self):
        return "".join(self.lines)

    def server(self):
        """The id of its tamroi-server, if that runs; it outlives the script."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"tamroi-server") and os.fsencode(self.data / "server.yaml") in words and b"init" not in words:
                return int(folder.name)
        return None

    def told(self):
        """Waits until it has told everything."""
        until(lambda: "Ctrl-C stops it" in self.said or self._child.poll() is not None, "the address is told")
        assert self._child.poll() is None, self.said
        return self

    def says(self, words):
        return until(lambda: words in self.said, f"it says: {words}")

    def end(self, number):
        self._child.send_signal(number)
        return self._ended()

    def wait(self):
        return self._ended()

    def _ended(self):
        status = self._child.wait(timeout=60)
        self._reader.join()
        self._child.stdout.close()
        return status

    @property
    def tokens(self):
        return json.loads((self.data / "tokens.json").read_text(encoding="utf-8"))

    def get(self, path, role=None):
        return Client(self.port, self.tokens[role] if role else None).get(path)


class Start(unittest.TestCase):
    def setUp(self):
        # Resolved, since the script names its directory so.
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-start-"))).resolve()
        self.data = self.folder / "of whoever's first"

    def results(self, script):
        answer = script.get("/v1/rounds/2565-2/units/24/results", "auditor")
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_first_use_and_second_use(self):
        with Script(self.data) as script:
            script.told()
            self.check_what_it_says(script)
            self.check_commands(script)
            self.check_refuses_what_is_taken(script)
            first = (script.tokens, self.results(script))
            self.assertTrue(script.get("/readyz").json["simulated"])
            self.assertEqual(script.end(signal.SIGINT), 0)
            self.assertIsNone(script.server())
        began = time.monotonic()
        with Script(self.data) as script:
            script.told()
            self.assertLess(time.monotonic() - began, QUICKLY)
            self.assertNotIn("Filling in", script.said)
            self.assertEqual((script.tokens, self.results(script)), first)
            self.assertEqual(script.end(signal.SIGTERM), 0)

    def check_what_it_says(self, script):
        self.assertIn(f"Tamroi serves http://127.0.0.1:{script.port}, on a simulated clock", script.said)
        self.assertEqual(list(script.tokens), ROLES)
        self.assertEqual((self.data / "tokens.json").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)
        for role, token in script.tokens.items():
            self.assertRegex(script.said, rf"(?m)^ +{role} +{token}$")

    def check_commands(self, script):
        """What it says is worth trying is."""
        worth = [line.strip() for line in script.said.split("Worth trying")[1].splitlines()[1:] if line.startswith("  ")]
        self.assertEqual(len([line for line in worth if str(PROGRAMS / "tamroi") in line]), 6)
        for line in worth:
            if "export" not in line:
                exports = "; ".join(each for each in worth if "export" in each)
                done = run("bash", "-euo", "pipefail", "-c", f"{exports}; {line}")
                self.assertEqual(done.returncode, 0, (line, done))
                self.assertTrue(done.stdout, line)

    def check_refuses_what_is_taken(self, script):
        """Neither a port nor a directory is used twice, and whoever uses it is left alone."""
        done = run(START, "--data", self.folder / "other", "--port", script.port)
        self.assertEqual((done.returncode, f"Port {script.port} is taken" in done.stderr.decode()), (1, True), done)
        done = run(START, "--data", self.data, "--port", free_port())
        self.assertEqual((done.returncode, "in use by another" in done.stderr.decode()), (1, True), done)
        self.assertEqual(script.get("/readyz").status, 200)

    def test_empty(self):
        with Script(self.data, "--empty") as script:
            script.told()
            self.check_empty(script)
            self.assertEqual(script.end(signal.SIGINT), 0)
        # That is settled for good when it is made.
        with Script(self.data) as script:
            self.check_empty(script.told())
            self.assertEqual(script.end(signal.SIGINT), 0)

    def check_empty(self, script):
        self.assertEqual(list(script.tokens), ROLES)
        self.assertFalse(script.get("/readyz").json["simulated"])
        answer = script.get("/v1/rounds/2565-2/units/24/results", "auditor")
        self.assertEqual((answer.status, answer.problems), (404, [("round_not_open", "")]))
        self.assertEqual(script.get("/v1/units/24", "operator").json["rounds"], ["2565-2"])
        self.assertNotIn("simulated", script.said)

    def test_interrupted_first_use(self):
        with Script(self.data) as script:
            script.says("Filling in")
            self.assertEqual(script.end(signal.SIGTERM), 0)
            self.assertNotIn("Tamroi serves", script.said)
        with Script(self.data) as script:
            script.says("Filling in")
            self.assertIn("was interrupted; starting it anew", script.said)
            server = script.server()
            self.assertEqual(script.end(signal.SIGKILL), -signal.SIGKILL)
            done = run(START, "--data", self.data, "--port", free_port())
            self.assertEqual((done.returncode, "in use by another" in done.stderr.decode()), (1, True), done)
            os.kill(server, signal.SIGKILL)
            until(lambda: script.server() is None, "the server is gone")
        with Script(self.data) as script:
            script.told()
            self.assertIn("was interrupted; starting it anew", script.said)
            self.assertGreater(float(self.results(script)["score"]["value"]), 0)
            self.assertEqual(script.end(signal.SIGINT), 0)

    def test_what_it_does_not_understand(self):
        for flags in (["--nonsense"], ["--port", "0"], ["--port", "65536"], ["--port", "x"], ["--data"]):
            done = run(START, *flags)
            self.assertNotEqual(done.returncode, 0, flags)
            self.assertTrue(done.stderr, flags)
        self.data.mkdir()
        (self.data / "letter.txt").write_text("not ours", encoding="utf-8")
        done = run(START, "--data", self.data, "--port", free_port())
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("neither empty nor a data directory", done.stderr.decode())
        self.assertEqual([path.name for path in self.data.iterdir()], ["letter.txt"])


if __name__ == "__main__":
    unittest.main()
