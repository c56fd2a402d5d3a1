"""tamroi submit against the real server, which is killed meanwhile."""
import json
import os
import subprocess
import tempfile
import threading
import unittest
import uuid
from pathlib import Path

from load import ROUND
from servers import PROGRAMS, Installation, started

PROGRAM = PROGRAMS / "tamroi"
UNIT = "2401"


def submission(version, facts=1, day="2022-04-05"):
    """One that the server takes only as the next one of its unit."""
    entries = [{"op": "record", "fact": str(uuid.uuid4()), "type": "publicity", "occurred_on": day,
                "values": {"indicator": 6, "channel": "radio", "url": "https://example.org/"}} for _ in range(facts)]
    return {"id": str(uuid.uuid4()), "unit": UNIT, "round": ROUND, "expects": version, "entries": entries}


def as_lines(submissions):
    return "".join(json.dumps(one) + "\n" for one in submissions)


class Submit(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-submit-")))
        self.installation = Installation.made(self.folder / "at")
        self.server = started(self.installation)
        self.addCleanup(lambda: self.server.kill())
        self.installation.stay_at(self.server.port)
        opened = {"id": str(uuid.uuid4()), "type": "round_opened", "round": ROUND, "revision": 1, "reason": "It begins"}
        self.run_program("control", "-", role="ministry_officer", given=json.dumps(opened))

    def environment(self, role="district_officer"):
        return {"PATH": os.environ["PATH"], "TAMROI_URL": f"http://127.0.0.1:{self.server.port}",
                "TAMROI_TOKEN": self.installation.tokens[role]}

    def run_program(self, *arguments, role="district_officer", given="", expected=0):
        done = subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, text=True, timeout=120, check=False,
                              env=self.environment(role))
        self.assertEqual(done.returncode, expected, done)
        return done

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def restart(self):
        self.server.kill()
        self.server = started(self.installation)

    def version(self):
        return json.loads(self.run_program("results", UNIT, "--json").stdout)["version"]

    def test_killed_meanwhile_it_goes_on_and_everything_is_there_once_in_order(self):
        count = 20_000
        submissions = [submission(version) for version in range(count)]
        path = self.file("many.ndjson", as_lines(submissions))
        with subprocess.Popen([PROGRAM, "submit", "--json", path], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self.environment()) as submitting:
            answers, kills = [], []
            for line in submitting.stdout:
                answers.append(json.loads(line))
                if len(answers) in (count // 20, count // 3):
                    kills.append(threading.Thread(target=self.restart))
                    kills[-1].start()
            for kill in kills:
                kill.join()
            errors = submitting.stderr.read()
        self.assertEqual(submitting.returncode, 0, errors)
        self.assertIn("could not be reached", errors)
        self.assertEqual([(answer["id"], answer["verdict"]) for answer in answers], [(one["id"], "accepted") for one in submissions])
        self.assertEqual(self.version(), count)

    def test_each_problem_is_named_with_its_file_and_line(self):
        submissions = [submission(version) for version in range(300)]
        submissions[200]["entries"][0]["occurred_on"] = "2022-02-30"
        for one in submissions[201:]:
            one["expects"] -= 1
        lines = as_lines(submissions).splitlines(keepends=True)
        lines.insert(7, "{\"id\": 7\n")
        path = self.file("many.ndjson", "".join(lines))
        done = self.run_program("submit", path, expected=1)
        places = [line.split(" ")[0:2] for line in done.stdout.splitlines() if line.startswith(str(path))]
        self.assertEqual(places, [[f"{path}:8:", "malformed:"], [f"{path}:202:", "bad_value"]])
        self.assertIn("299 accepted, 1 rejected, 1 refused", done.stdout)

    def test_more_than_the_server_takes_at_once_is_sent_in_parts(self):
        submissions = [submission(version, facts=4800) for version in range(18)]
        text = as_lines(submissions)
        self.assertGreater(len(text), 16 << 20)
        self.assertIn("18 accepted", self.run_program("submit", self.file("big.ndjson", text)).stdout)
        self.assertEqual(self.version(), 18)

    def test_lines_are_sent_as_they_are_written(self):
        with subprocess.Popen([PROGRAM, "submit", "--json", "-"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env=self.environment()) as submitting:
            for version in range(3):
                one = submission(version)
                submitting.stdin.write(as_lines([one]))
                submitting.stdin.flush()
                self.assertEqual(json.loads(submitting.stdout.readline())["id"], one["id"])
            submitting.stdin.close()
            self.assertEqual(submitting.wait(timeout=60), 0)


if __name__ == "__main__":
    unittest.main()
