"""A server that follows one province answers for it, says of others that it does not follow them, and never is the steward."""
import tempfile
import unittest
from pathlib import Path

import kafka
import snapshot
from fault_load import OFFICERS, Book, prepared
from refusals import ROUND, submission
from servers import SERVER, run, started, until

NOT_FOLLOWED = (503, [("not_followed", "")])


class Subset(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-subset-")))
        source = prepared(cls.folder / "source")
        with started(source) as server:
            assert Book(1, many=8, entries=20).send_all(server, 30)
            assert server.rested().stop() == 0
        cluster, prefix = kafka.Cluster.shared(), kafka.new_prefix()
        cls.addClassCleanup(lambda: cluster.delete_topics(prefix))
        cls.whole = cluster.moved(source, cls.folder / "whole", prefix)
        cls.own = cluster.installation(cls.folder / "own", prefix, simulated=True, streams=[24])
        cls.own.data.mkdir()
        for name in ("clock", "tokens.json"):
            (cls.own.data / name).write_bytes((source.data / name).read_bytes())

    def setUp(self):
        self.server = self.enterContext(started(self.own))
        until(lambda: self.server.readiness()["ready"], "the server is ready")

    def refused(self, answer):
        return (answer.status, [(problem["code"], problem["where"]) for problem in answer.json["problems"]])

    def paths(self, unit):
        about = f"/v1/rounds/{ROUND}/units/{unit}"
        return [f"{about}/results", f"{about}/indicators/6", f"{about}/indicators/6/history", f"{about}/facts", f"{about}/levels?indicator=6"]

    def test_its_own_units_are_as_on_a_server_that_follows_all(self):
        with started(self.whole) as whole:
            self.assertEqual(whole.rested().readiness()["steward"], True)
            wanted = snapshot.taken(whole.client("auditor"), ["24", "2401", "2402"])
            self.assertEqual(snapshot.differences(wanted, snapshot.taken(self.server.client("auditor"), ["24", "2401", "2402"]))[:2], [])

    def test_others_are_not_followed(self):
        client = self.server.client("auditor")
        for unit in ("10", "1001", "R4", "R1", "TH"):
            for path in self.paths(unit)[:1 if len(unit) < 4 and not unit.isdigit() else None]:
                answer = client.get(path)
                self.assertEqual(self.refused(answer), NOT_FOLLOWED, path)
                self.assertIsNotNone(answer.headers["Retry-After"])
        mine = Book(1, many=8, entries=20).bodies
        there = next(body["id"] for body in mine if body["unit"].startswith("10"))
        here = next(body["id"] for body in mine if body["unit"].startswith("24"))
        self.assertEqual(client.get(f"/v1/submissions/{here}").status, 200)
        for path in (f"/v1/submissions/{there}", f"/v1/submissions/{there}?unit=1001", f"/v1/submissions/{there}?position=10:0",
                     f"{self.paths('2401')[0]}?after=10:0", "/v1/feed", "/v1/feed?unit=TH", "/v1/feed?unit=1001"):
            self.assertEqual(self.refused(client.get(path)), NOT_FOLLOWED, path)
        self.assertEqual(client.get(f"/v1/submissions/{there}?unit=2401").status, 404)
        self.assertEqual(client.get("/v1/units/1001").status, 200)

    def test_it_takes_its_own_submissions_and_no_others(self):
        answer = self.server.client(token=OFFICERS["1001"]).post("/v1/submissions", submission("1001"))
        self.assertEqual(self.refused(answer), NOT_FOLLOWED)
        body = submission("2401")
        answer = self.server.client(token=OFFICERS["2401"]).post("/v1/submissions", body, wait=30)
        self.assertIn(answer.status, (200, 422), answer)

    def test_it_is_never_the_steward_and_does_not_want_to_be(self):
        self.assertFalse(self.server.readiness()["steward"])
        self.assertEqual(self.server.metrics()["tamroi_steward"], 0)
        self.assertEqual(self.server.said("lease taken"), [])
        self.assertEqual(self.server.stop(), 0)
        for command in ("rebuild", "check"):
            done = run(SERVER, command, "--config", self.own.config)
            self.assertEqual(done.returncode, 0, done)
        self.assertIn(" 2 streams, ", done.stdout.decode())

    def test_it_builds_its_own_in_bulk(self):
        self.assertEqual(self.server.stop(), 0)
        self.own.forget_read_model()
        self.own.settings["projection"] = {"bulk_records": 1}
        self.own.stay_at(0)
        with started(self.own) as server:
            until(lambda: server.readiness()["ready"], "the server is ready")
            until(lambda: len(server.said("caught up in bulk")) == 1, "it says that it built in bulk")
            self.assertEqual(server.client("auditor").get(self.paths("2401")[0]).status, 200)


if __name__ == "__main__":
    unittest.main()
