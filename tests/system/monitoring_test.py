"""What a server tells of itself, and whether the dashboard, the alerts and the runbook speak of what it tells."""
import json
import re
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

import yaml

import kafka
from promql import Expression, exposed
from servers import ROOT, SERVER, Installation, run, started

MONITORING = ROOT / "deploy/monitoring"
RUNBOOK = ROOT / "deploy/RUNBOOK.md"
OF_PROMETHEUS = {"up"}                      # that it makes itself
LABELS_OF_PROMETHEUS = {"job", "instance"}  # that it adds to all


def alerts():
    document = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


def dashboard_expressions():
    board = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for annotation in board["annotations"]["list"]:
        yield annotation["name"], annotation["expr"]


def expressions():
    return [*((name, rule["expr"]) for name, rule in alerts().items()), *dashboard_expressions()]


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            alone = cls.told(Installation.made(Path(folder) / "alone"))
            shared = cls.told(cls.on_kafka(Path(folder) / "shared"))
        cls.texts = [alone, shared]
        cls.exposed = {}
        for name, labels in [*exposed(alone).items(), *exposed(shared).items()]:
            found = cls.exposed.setdefault(name, {})
            for label, values in labels.items():
                found.setdefault(label, set()).update(values)
        cls.only_on_kafka = exposed(shared).keys() - exposed(alone).keys()
        cls.codes = set(json.loads(run(SERVER, "routes").stdout)["codes"])

    @staticmethod
    def on_kafka(folder):
        installation = kafka.Cluster.shared().installation(folder, kafka.new_prefix())
        kafka.make_topics(installation)
        assert installation.init().returncode == 0
        return installation

    @staticmethod
    def told(installation):
        """What a server tells when all has happened to it that it has figures for."""
        with started(installation) as server:
            opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": "2565-2", "revision": 1, "reason": "It begins."}
            assert server.client("ministry_officer").post("/v1/controls", opening, wait=30).status == 200
            assert server.client("province_officer").post("/v1/submissions", {"id": "no id"}).status == 400
            assert server.client().get("/v1/units").status == 401
            server.rested()
            return server.client().get("/metrics").body.decode()

    def test_names_are_as_prometheus_wants_them(self):
        for text in self.texts:
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
        strangers = [name for name in self.exposed if not name.startswith(("tamroi_", "process_"))]
        self.assertEqual(strangers, [])

    def test_what_is_asked_for_is_told(self):
        self.assertGreater(len(expressions()), 60)
        for where, text in expressions():
            asked = Expression(text)
            for name, labels in asked.series:
                if name in OF_PROMETHEUS:
                    continue
                with self.subTest(where=where, name=name):
                    self.assertIn(name, self.exposed)
                    for label, (sign, value) in labels.items():
                        self.check_label(name, label, sign, value)
            told = {label for name, _ in asked.series for label in self.exposed.get(name, {})} | LABELS_OF_PROMETHEUS
            self.assertLessEqual(set(asked.labels), told, where)

    def test_what_is_of_kafka_alone_says_so(self):
        """Whoever has an embedded journal sees nothing of it, and no alert of it fires there."""
        self.assertGreater(len(self.only_on_kafka), 5)
        self.assertEqual([name for name in self.only_on_kafka if not name.startswith("tamroi_kafka_")], [])

    def check_label(self, name, label, sign, value):
        if label in LABELS_OF_PROMETHEUS:
            return
        self.assertIn(label, self.exposed[name])
        if label == "code":
            self.assertIn(value, self.codes)
        elif label == "status":
            self.assertRegex(value, "^[2345]xx$")
        elif sign == "=~":
            self.assertTrue(any(re.fullmatch(value, each) for each in self.routes()), value)
        else:
            self.assertIn(value, self.exposed[name][label] | self.routes())

    @staticmethod
    def routes():
        return {route["path"] for route in json.loads(run(SERVER, "routes").stdout)["routes"]}

    def test_what_is_told_is_shown(self):
        """A metric that no panel and no alert asks for is seen by nobody."""
        asked = {re.sub("_(bucket|sum|count)$", "", name) for _, text in expressions() for name, _ in Expression(text).series}
        told = {re.sub("_(bucket|sum|count)$", "", name) for name in self.exposed}
        of_interest_elsewhere = {"tamroi_build_info", "tamroi_submissions_total", "tamroi_controls_total", "tamroi_ledger_entries_total"}
        self.assertEqual(told - asked - of_interest_elsewhere, set())

    def test_every_alert_has_its_page(self):
        pages = re.findall(r"^### (Tamroi\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(sorted(pages), sorted(alerts()))

    def test_every_alert_fires_when_it_should(self):
        tests = Path(__file__).with_name("alerts_test.yml")
        fired = subprocess.run(["promtool", "test", "rules", tests], capture_output=True, text=True, check=False)
        self.assertEqual(fired.returncode, 0, fired.stdout + fired.stderr)
        expected = {each["alertname"] for test in yaml.safe_load(tests.read_text(encoding="utf-8"))["tests"]
                    for each in test["alert_rule_test"] if each.get("exp_alerts")}
        self.assertEqual(sorted(expected), sorted(alerts()))

    def test_the_files_are_sound(self):
        for check in (["rules", MONITORING / "alerts.yml"], ["config", MONITORING / "prometheus.yml"]):
            checked = run("promtool", "check", *check)
            self.assertEqual(checked.returncode, 0, checked)


if __name__ == "__main__":
    unittest.main()
