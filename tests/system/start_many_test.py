"""deploy/start --kafka, as whoever tries it: through nginx, while a node and a broker die, and once more afterwards.

TAMROI_WITH_SAMPLE=1 has it filled with the sample half-year, which takes a minute or two.
"""
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

from feed_test import visible
from servers import run, until
from start_test import ROLES, Script
from wire import Client

PORTS = 10
SERVED_WITHIN = 60  # seconds after something died, on a machine that has a lot else to do
WITH_SAMPLE = os.environ.get("TAMROI_WITH_SAMPLE") == "1"
TOLD_WITHIN = 400


def free_ports_in_a_row():
    """The first of them, below those that the kernel gives to others."""
    for _ in range(100):
        first = random.randrange(20000, 30000)
        with socket.socket() as peer:
            if all(peer.connect_ex(("127.0.0.1", first + n)) != 0 for n in range(PORTS)):
                return first
    raise AssertionError("no free ports")


class Many(Script):
    def __init__(self, data, port):
        super().__init__(data, "--kafka", *([] if WITH_SAMPLE else ["--empty"]), port=port)
        self.front = self.data / "nginx"

    def __exit__(self, *failure):
        self._child.kill()
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self._ended()
        if any(failure):
            print(self.said)

    def processes(self):
        """Of everything that it began."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.data) in words and int(folder.name) not in (self._child.pid, os.getpid()):
                found.append(int(folder.name))
        return found

    def told(self):
        deadline = time.monotonic() + TOLD_WITHIN
        while "Ctrl-C stops" not in self.said and self._child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self._child.poll() is None and "Ctrl-C stops" in self.said, self.said
        return self

    def arguments(self, path, role, *more):
        return ["curl", "-sS", "--http2", "--max-time", "70", "--cacert", self.front / "certificate.pem",
                "-H", f"Authorization: Bearer {self.tokens[role]}", *more, f"https://127.0.0.1:{self.port}{path}"]

    def ask(self, path, role, *more, given=b""):
        """(status, version of HTTP, body), through nginx."""
        done = run(*self.arguments(path, role, "-w", "\n%{http_code} %{http_version}", *more), given=given, timeout=90)
        assert done.returncode == 0, done
        body, _, last = done.stdout.decode().rpartition("\n")
        status, version = last.split()
        return int(status), version, body

    def post(self, path, role, body):
        status, _, answer = self.ask(path, role, "-H", "Prefer: wait=20", "-H", "Content-Type: application/json", "--data-binary", "@-",
                                     given=json.dumps(body).encode())
        return status, answer

    def answered_by(self):
        """The node that answered last, by nginx's log."""
        line = (self.front / "tamroi.log").read_text(encoding="utf-8").splitlines()[-1]
        return int(line.rpartition(":")[2]) - self.port

    def told_by(self, number, path, token=None):
        """What a node says by itself."""
        client = Client(self.port + number, token)
        answer = client.get(path)
        client.close()
        return answer.json

    def readiness(self):
        """Of each node, nothing of one that does not answer."""
        def of(number):
            try:
                return self.told_by(number, "/readyz")
            except (OSError, http.client.HTTPException):
                return {}
        return [of(number) for number in (1, 2, 3)]

    def kill(self, part):
        os.kill(int((self.data / part / "pid").read_text(encoding="ascii")), signal.SIGKILL)


class StartMany(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-many-"))).resolve()
        self.data = folder / "of whoever's first"
        self.port = free_ports_in_a_row()
        self.sent = []

    def test_what_dies_is_not_missed(self):
        with Many(self.data, self.port) as script:
            script.told()
            self.check_what_it_says(script)
            if not WITH_SAMPLE:
                opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": "2565-2", "revision": 1, "reason": "It begins."}
                self.assertEqual(script.post("/v1/controls", "ministry_officer", opening)[0], 200)
            self.check_feed(script)
            self.check_served_without_a_node(script)
            self.check_served_without_a_broker(script)
            until(lambda: script.said.count("begins anew.") >= 2, "what was killed is back")
            self.check_all_the_same(script)
            self.assertEqual(script.end(signal.SIGINT), 0)
            self.assertEqual(script.processes(), [])
        with Many(self.data, self.port) as script:
            script.told()
            self.check_all_the_same(script)
            self.assertEqual(script.end(signal.SIGTERM), 0)
            self.assertEqual(script.processes(), [])

    def check_what_it_says(self, script):
        self.assertIn(f"Tamroi serves https://127.0.0.1:{self.port} through nginx", script.said)
        self.assertEqual(list(script.tokens), ROLES)
        self.assertEqual((self.data / "tokens.json").stat().st_mode & 0o777, 0o600)
        self.assertEqual(script.ask("/v1/units/24", "auditor")[:2], (200, "2"))
        self.assertEqual(script.ask("/metrics", "auditor")[0], 404)
        done = run("bash", "-euo", "pipefail", "-c", next(line.strip() for line in script.said.splitlines() if "what each node says" in line))
        self.assertEqual(sorted(json.loads(line)[1] for line in done.stdout.splitlines()), [False, False, True], done)

    def send(self, script, refused_at_most=1000):
        """One more, again and again until it is taken; how long that took."""
        body = visible([f"h-{uuid.uuid4()}"], "2401")
        began = time.monotonic()
        while True:
            status, answer = script.post("/v1/submissions", "province_officer", body)
            if status == 200:
                self.sent.append(body["id"])
                return time.monotonic() - began
            self.assertIn(status, (202, 503), answer)
            refused_at_most -= 1
            self.assertGreaterEqual(refused_at_most, 0, answer)
            self.assertLess(time.monotonic() - began, SERVED_WITHIN)

    def check_feed(self, script):
        """Unbuffered: a change comes while the feed goes on."""
        with subprocess.Popen([str(word) for word in script.arguments("/v1/feed?unit=2401", "auditor", "-N")], stdout=subprocess.PIPE) as feed:
            try:
                self.assertEqual(feed.stdout.readline(), b"event: position\n")
                self.send(script)
                change = next(json.loads(line.removeprefix(b"data: ")) for line in feed.stdout if self.sent[-1].encode() in line)
                self.assertEqual(change["unit"], "2401")
                self.assertIsNone(feed.poll())
            finally:
                feed.kill()

    def check_served_without_a_node(self, script):
        self.send(script)
        number = script.answered_by()
        script.kill(f"node-{number}")
        # Not even one is refused: nginx asks the next.
        for _ in range(3):
            self.assertLess(self.send(script, refused_at_most=0), 20)
            self.assertNotEqual(script.answered_by(), number)
        self.assertEqual(script.ask("/v1/units/24", "province_officer")[0], 200)
        script.says(f"node-{number} begins anew.")

    def check_served_without_a_broker(self, script):
        script.kill("kafka/broker-1")
        took = max(self.send(script) for _ in range(3))
        print(f"taken again {took:.1f} s after a broker was killed", flush=True)

    def check_all_the_same(self, script):
        token = script.tokens["auditor"]

        def shown(number):
            paths = [f"/v1/submissions/{each}" for each in self.sent] + ["/v1/rounds/2565-2/units/24/results"]
            return [script.told_by(number, path, token) for path in paths]

        def settled():
            told = script.readiness()
            return (all(each.get("idle") for each in told) and len({each["ledger"] for each in told}) == 1
                    and [each["steward"] for each in told].count(True) == 1)
        until(settled, "all nodes have the same ledger, and one of them is steward")
        first = shown(1)
        self.assertEqual({each["verdict"] for each in first[:-1]}, {"accepted"})
        self.assertEqual((shown(2), shown(3)), (first, first))


if __name__ == "__main__":
    unittest.main()
