"""What the tests of bad input share: a server with an open round, and what must hold of every refusal."""
import hashlib
import json
import tempfile
import unittest
import uuid
from pathlib import Path

import journal
from servers import Installation, started
from wire import Client

ROUND = "2565-2"
NOW = "2022-10-02T03:00:00Z"  # of the simulated clock when the tests begin; Bangkok has the same day


def submission(unit="2401", entries=None, **members):
    """A body that would be accepted, but for what is given."""
    return {"id": str(uuid.uuid4()), "unit": unit, "round": ROUND, "reason": "-",
            "entries": [record()] if entries is None else entries, **members}


def record(**values):
    return {"op": "record", "fact": str(uuid.uuid4()), "type": "publicity", "occurred_on": "2022-09-01",
            "values": {"indicator": 6, "channel": "radio", "url": "https://example.org/", **values}}


def control(kind, **members):
    return {"id": str(uuid.uuid4()), "type": kind, "reason": "-", **members}


class Refusals(unittest.TestCase):
    """Every test leaves the journal as it was; SENDS_ANYTHING says that a class does append, and looks at results alone."""
    SENDS_ANYTHING = False
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-refusals-"))
        cls.installation = Installation.made(Path(cls.folder), simulated=True)
        cls.server = cls.enterClassContext(started(cls.installation))
        cls.client = {role: cls.server.client(role) for role in cls.installation.tokens}
        for client in cls.client.values():
            cls.addClassCleanup(client.close)
        cls.control("ministry_officer", control("round_opened", round=ROUND, revision=1), at=NOW)
        cls.client["other_district"] = cls.account("other-district", "district_officer", "1001")
        cls.officer = cls.client["province_officer"]
        cls.server.rested()

    @classmethod
    def control(cls, role, body, at=None):
        answer = cls.client[role].post("/v1/controls", body, wait=30, at=at)
        assert answer.status == 200, answer

    @classmethod
    def account(cls, name, role, unit, **members):
        """A client that speaks for a new account."""
        token = f"token of {name}"
        digest = hashlib.sha256(token.encode()).hexdigest()
        cls.control("operator", control("account_granted", account=name, role=role, unit=unit, token_sha256=digest, **members))
        client = Client(cls.server.port, token)
        cls.addClassCleanup(client.close)
        return client

    def setUp(self):
        self.before = self.standing()

    def tearDown(self):
        self.assertEqual(self.standing(), self.before, "something changed")

    def standing(self):
        """What must not change: how many records there are, and the figures that follow from them."""
        auditor = self.client["auditor"]
        shown = [json.loads(auditor.get(f"/v1/rounds/{ROUND}/units/{unit}/results").body) for unit in ("2401", "24", "TH")]
        figures = [{key: results[key] for key in ("score", "indicators", "version", "revision") if key in results} for results in shown]
        return figures if self.SENDS_ANYTHING else (figures, [results["as_of"]["positions"] for results in shown], self.taken())

    def taken(self):
        """How many records were appended on request."""
        lines = self.server.client().get("/metrics").body.decode().splitlines()
        return [line for line in lines if line.startswith(("tamroi_submissions_total", "tamroi_controls_total"))]

    def check_refused(self, answer, status, *problems):
        """A clear error: its status, and each problem with code and pointer."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertTrue(answer.headers["request-id"])
        self.assertEqual(int(answer.headers["content-length"]), len(answer.body))
        self.assertEqual((answer.json["status"], answer.json["type"]), (status, "about:blank"))
        self.assertEqual(answer.problems, list(problems), answer)
        for problem in answer.json["problems"]:
            self.assertRegex(problem["why"], r"^[A-Z].*\.$")
        if status in (429, 503):
            self.assertRegex(answer.headers["retry-after"], r"^[1-9][0-9]*$")

    @classmethod
    def tearDownClass(cls):
        """The server was never in trouble, and its journal is sound."""
        cls.server.rested()
        assert cls.server.stop() == 0
        assert not [said for said in map(json.loads, cls.server.lines) if said["severity"] == "error"], cls.server.lines
        wrong = journal.problems_at_rest(journal.dumped(cls.installation.data / "journal"))
        assert not wrong, wrong
