"""A second version of the fold takes over: what was published before stands, what differs appears as changes at the control
that activates it, and a program of the first version stops there. The second version is tests/next_fold's: a level counts
only as far as its evidence is there."""
import json
import tempfile
import unittest
from pathlib import Path

import snapshot
from refusals import control, submission
from servers import PROGRAMS, Installation, Server, run, started, until

UNITS = ["24", "2401", "2404"]
ROUND = "2565-2"
NEXT = PROGRAMS / "tamroi-server-next"


def results(server):
    """(unit, indicator) → (level, evidenced level)."""
    found = {}
    client = server.client("auditor")
    for unit in UNITS:
        answer = client.get(f"/v1/rounds/{ROUND}/units/{unit}/results")
        assert answer.status == 200, answer
        for each in answer.json["indicators"]:
            found[unit, each["indicator"]] = (each["level"], each["evidenced_level"])
    return found


def histories(server):
    return {(unit, n): [change for _, body in snapshot.all_pages(server.client("auditor"), f"/v1/rounds/{ROUND}/units/{unit}/indicators/{n}/history", "changes")
                        for change in json.loads(body)["changes"]]
            for unit in UNITS for n in snapshot.INDICATORS}


class NextFold(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-next-")))
        self.installation = Installation.made(folder, simulated=True, limits={"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}})
        lines = folder / "sample.ndjson"
        self.assertEqual(run(PROGRAMS / "tamroi", "sample", "--province", "24", "--scale", "0.02", "--to", lines).returncode, 0)
        with started(self.installation) as server:
            done = run(PROGRAMS / "tamroi", "--url", f"http://127.0.0.1:{server.port}", "load", lines, "--tokens", self.installation.data / "tokens.json")
            self.assertEqual(done.returncode, 0, done)
            server.rested()
            self.before, self.told_before = results(server), histories(server)
            self.assertEqual(server.stop(), 0)
        # Otherwise nothing would change.
        self.assertTrue(any(level != evidenced for level, evidenced in self.before.values()), self.before)

    def maintain(self, program, *command, status=0):
        done = run(program, *command, "--config", self.installation.config)
        self.assertEqual(done.returncode, status, done)
        return (done.stdout + done.stderr).decode()

    def activate(self):
        """The first version takes the control, copies it, and stops in every province."""
        with started(self.installation) as server:
            server.rested()
            answer = server.client("operator").post("/v1/controls", control("fold_activated", fold_version=2))
            self.assertIn(answer.status, (200, 202), answer)
            readiness = until(lambda: len((found := server.readiness())["stopped"]) == 77 and found, "every province stops")
            self.assertEqual(readiness["status"], 503)
            self.assertTrue(all("version 2 of the fold counts" in stopped["why"] for stopped in readiness["stopped"]), readiness)
            self.assertTrue(all("record_sha256" not in stopped for stopped in readiness["stopped"]), "a quarantine is not what helps")
            self.assertEqual(server.stop(), 0)

    def test_the_next_version_takes_over_at_its_control(self):
        said = self.maintain(NEXT, "rebuild")
        self.assertIn("differ", said)
        with Server(self.installation, command=(NEXT,)).listening() as server:
            until(lambda: server.readiness()["fold"] == {"version": 2, "counts": 1}, "it says what counts")
            self.assertEqual(server.readiness()["status"], 503)
            self.assertEqual(server.client("auditor").get(f"/v1/rounds/{ROUND}/units/24/results").status, 503)
            self.assertEqual(server.stop(), 0)
        self.activate()
        with Server(self.installation, command=(NEXT,)).listening() as server:
            server.rested()
            after, told = results(server), histories(server)
            self.assertEqual(after, {key: (evidenced, evidenced) for key, (_, evidenced) in self.before.items()})
            for key, changes in told.items():
                level, evidenced = self.before[key]
                was = self.told_before[key]
                self.assertEqual(changes[len(changes) - len(was):], was, "what was published stays")
                new = changes[:len(changes) - len(was)]
                self.assertEqual(len(new), int(level != evidenced), (key, new))
                if new:
                    self.assertEqual((new[0]["before"]["level"], new[0]["after"]["level"]), (level, evidenced))
                    self.assertEqual(new[0]["cause"]["actor"]["role"], "operator")
            self.assertEqual(server.client("province_officer").post("/v1/submissions", submission("2401"), wait=30).status, 200)
            server.rested()
            self.assertIn("All is as it should be", self.maintain(NEXT, "check"))
            self.assertIn("none is another", self.maintain(NEXT, "rebuild"))
            self.assertEqual(results(server).keys(), after.keys())
            self.assertEqual(server.stop(), 0)
        # A program of the first version says why it does not go on.
        with started(self.installation) as server:
            until(lambda: server.readiness()["stopped"], "it stops")
            self.assertEqual(server.readiness()["status"], 503)


if __name__ == "__main__":
    unittest.main()
