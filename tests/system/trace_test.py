"""Two revisions are compared, and a ministry's figure is followed down to its records: what the program shows is what the
routes say, and every step can be asked for again."""
import base64
import hashlib
import json
import tempfile
import unittest
from pathlib import Path

from servers import PROGRAMS, Installation, run, started

TAMROI = PROGRAMS / "tamroi"
UNLIMITED = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}
ROUND = "/v1/rounds/2565-2"
STANDING = ("level", "evidenced_level", "score")


class Trace(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-trace-")))
        history = folder / "sample.ndjson"
        made = run(TAMROI, "sample", "--province", "24", "--scale", "0.03", "--to", history)
        assert made.returncode == 0, made
        installation = Installation.made(folder / "server", simulated=True, **UNLIMITED)
        cls.server = cls.enterClassContext(started(installation))
        cls.tokens = json.loads((installation.data / "tokens.json").read_text())
        loaded = run(TAMROI, "--url", cls.url(), "load", history, "--tokens", installation.data / "tokens.json")
        assert loaded.returncode == 0, loaded
        cls.server.rested()
        cls.auditor = cls.server.client("auditor")

    @classmethod
    def url(cls):
        return f"http://127.0.0.1:{cls.server.port}"

    def shown(self, *command, role="auditor"):
        done = run(TAMROI, "--url", self.url(), "--token", self.tokens[role], *command)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return done.stdout.decode()

    def results(self, unit, revision):
        answer = self.auditor.get(f"{ROUND}/units/{unit}/results?revision={revision}").json
        return {one["indicator"]: {name: one[name] for name in STANDING} for one in answer["indicators"]}

    def test_each_result_that_differs_is_named_with_what_makes_the_difference(self):
        compared = json.loads(self.shown("compare", "24", "--revision", "1", "--revision", "2", "--json"))
        units = ["24"] + self.auditor.get("/v1/units/24").json["children"]
        expected = {}
        for unit in units:
            before, after = self.results(unit, 1), self.results(unit, 2)
            expected.update({(unit, number): (before[number], after[number]) for number in before
                             if before[number] != after[number]})
        found = {(one["unit"], one["indicator"]): (one["before"], one["after"]) for one in compared["differences"]}
        self.assertEqual(found, expected)
        self.assertEqual(compared["compared"], len(units))
        moved = [one for one in compared["differences"] if one["before"]["level"] != one["after"]["level"]]
        self.assertGreater(len(moved), 0, compared)
        for one in moved:
            levels = one["before"]["level"], one["after"]["level"]
            lower = 1 + levels.index(min(levels))
            self.assertGreater(len(one["criteria"]), 0, one)
            explained = self.auditor.get(f"{ROUND}/units/{one['unit']}/indicators/{one['indicator']}?revision={lower}").json
            level = explained["levels"][min(levels)]
            self.assertEqual([(why["measure"], why["needs"]) for why in one["criteria"]],
                             [(c["measure"], c["needs"]) for c in level["criteria"] if not c["met"]], one)
            self.assertTrue(all(why["revision"] == lower for why in one["criteria"]), one)
        text = self.shown("compare", "24", "--revision", "1", "--revision", "2")
        self.assertIn(f"{len({one['unit'] for one in compared['differences']})} of {len(units)} districts and provinces", text)
        for one in moved:
            self.assertIn(one["criteria"][0]["source"], text.replace("\n", " "))

    def test_a_revision_differs_from_itself_in_nothing(self):
        same = json.loads(self.shown("compare", "TH", "--revision", "2", "--revision", "2", "--json"))
        levels = [unit["level"] for unit in self.auditor.get("/v1/units").json["units"]]
        all_that_stand = levels.count("district") + levels.count("province")
        self.assertEqual((same["differences"], same["compared"]), ([], all_that_stand))
        self.assertIn("0 of 12", self.shown("compare", "24", "--revision", "2", "--revision", "2"))

    def test_a_ministrys_figure_leads_to_its_records(self):
        traced = json.loads(self.shown("trace", "TH", "6", "--limit", "1", "--json"))
        self.assertEqual([len(unit) for unit in self.units_down(traced)], [2, 2, 2, 4])
        traced = json.loads(self.shown("trace", "24", "6", "--limit", "1", "--json"))
        steps, records = [traced], []
        while steps:
            step = steps.pop()
            steps += step.get("below", [])
            if "path" not in step or "answer" not in step:
                continue
            asked = self.auditor.get(step["path"]).json
            if step["path"].startswith("/v1/streams/"):
                self.assertEqual(step["answer"], asked["records"][0])
                records.append(step["answer"])
            else:
                self.assertEqual(step["answer"]["measures"], asked["measures"])
        self.assertGreater(len(records), 3)
        for record in records:
            self.assertEqual(hashlib.sha256(base64.b64decode(record["bytes"])).hexdigest(), record["sha256"])
        self.assertEqual([len(unit) for unit in self.units_down(traced)], [2, 4])

    @staticmethod
    def units_down(step):
        units = []
        while "/indicators/" in step.get("path", ""):
            units.append(step["path"].split("/")[5])
            step = step.get("below", [{}])[0]
        return units

    def test_a_record_is_told_with_who_why_when_and_its_hash(self):
        text = self.shown("trace", "2401", "6", "--measure", "households_verified", "--limit", "1")
        self.assertIn("GET /v1/rounds/2565-2/units/2401/indicators/6", text)
        self.assertRegex(text, r"facts of the type target_household")
        self.assertNotIn("visits_kept", text.split("what changed it last")[0])
        self.assertRegex(text, r"submission [0-9a-f-]{36} by \S+, district_officer of 2401, recorded at 2022-")
        self.assertRegex(text, r"SHA-256 [0-9a-f]{64}")
        # Who may not read records sees all but them.
        officer = self.shown("trace", "2401", "6", "--limit", "1", role="province_officer")
        self.assertIn("for auditors", officer)
        self.assertNotIn("SHA-256", officer)

    def test_a_unit_that_is_none_is_refused(self):
        for command in (["compare", "9999", "--revision", "1", "--revision", "2"], ["trace", "9999", "6"]):
            done = run(TAMROI, "--url", self.url(), "--token", self.tokens["auditor"], *command)
            self.assertEqual((done.returncode, done.stdout), (1, b""), done)
            self.assertIn(b"not_found", done.stderr)
        once = run(TAMROI, "--url", self.url(), "--token", self.tokens["auditor"], "compare", "24", "--revision", "1")
        self.assertEqual(once.returncode, 2, once)


if __name__ == "__main__":
    unittest.main()
