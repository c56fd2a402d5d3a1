"""A load for servers whose disk fails: large submissions of two provinces, and a book of what was answered."""
import hashlib
import http.client
import json
import random
import time
import uuid
from collections import Counter

import journal
import snapshot
from refusals import NOW, ROUND, control
from servers import Installation, started

UNITS = ["2401", "24", "1001", "10", "TH"]
OFFICERS = {"2401": "officer-24", "1001": "officer-10"}  # unit → account and token
SMALL = {"memory": {"buffer_bytes": "1 MiB"}}  # tables are written after a few submissions
NOT_STORED = "was not stored"
UNKNOWN = "is not known"
NOT_TAKEN = "takes nothing just now; send"  # before its body was read
NO_ANSWER = "No answer in time"
FULL_DISK = "so nothing is taken"


def prepared(folder, **settings):
    """An installation with an open round and an officer for each unit; small buffers unless other settings are given."""
    installation = Installation.made(folder, simulated=True, **{**SMALL, "disk": {"reserve_bytes": 0}, **settings})
    with started(installation) as server:
        send = lambda role, body: server.client(role).post("/v1/controls", body, wait=30, at=NOW)
        answers = [send("ministry_officer", control("round_opened", round=ROUND, revision=1))]
        for unit, name in OFFICERS.items():
            digest = hashlib.sha256(name.encode()).hexdigest()
            answers.append(send("operator", control("account_granted", account=name, role="district_officer", unit=unit, token_sha256=digest)))
        assert [answer.status for answer in answers] == [200] * len(answers), answers
        assert server.rested().stop() == 0
    return installation


class Book:
    """What was sent and what was answered. Everything is sent again under its id until it is acknowledged."""

    def __init__(self, seed, many=10, entries=150):
        self.chance = random.Random(seed)
        self.bodies = [self.body(list(OFFICERS)[n % 2], entries) for n in range(many)]
        self.acknowledged = {}  # id → its positions
        self.perhaps = set()    # ids sent at least once whose answer was lost or said that nobody knows
        self.refusals = Counter()

    def new_id(self):
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def body(self, unit, entries):
        text = lambda: "".join(chr(self.chance.randrange(0x0E01, 0x0E2F)) for _ in range(400))
        items = [{"op": "record", "fact": self.new_id(), "type": "product", "occurred_on": "2022-09-01",
                  "values": {"work_group": "processing", "kind": "video", "title": text(), "url": "https://example.org/"}} for _ in range(entries)]
        return {"id": self.new_id(), "unit": unit, "round": ROUND, "entries": items}

    @property
    def open(self):
        return [body for body in self.bodies if body["id"] not in self.acknowledged]

    def send(self, server):
        """Each that is not acknowledged yet, once. False where the server is gone."""
        for body in self.open:
            try:
                answer = server.client(token=OFFICERS[body["unit"]]).post("/v1/submissions", body, headers={"Connection": "close"})
            except (OSError, http.client.HTTPException):
                self.perhaps.add(body["id"])
                return False
            self.hear(body["id"], answer)
        return True

    def repeat(self, server):
        """Sends once more what is known to be there."""
        body = next(body for body in self.bodies if body["id"] in self.acknowledged)
        answer = server.client(token=OFFICERS[body["unit"]]).post("/v1/submissions", body)
        self.hear(body["id"], answer)
        return answer

    def hear(self, key, answer):
        if answer.status == 202:
            position = answer.json["position"]
            self.acknowledged.setdefault(key, []).append((position["stream"], position["offset"]))
            return
        assert answer.status == 503 and answer.headers["Retry-After"], answer
        said = answer.body.decode()
        kind = next(each for each in (NOT_STORED, UNKNOWN, NO_ANSWER, NOT_TAKEN, FULL_DISK) if each in said)
        self.refusals[kind] += 1
        if kind in (UNKNOWN, NO_ANSWER):
            self.perhaps.add(key)

    def send_all(self, server, within):
        """Until everything is acknowledged; False where it was not by then, or the server is gone."""
        deadline = time.monotonic() + within
        while self.open and time.monotonic() < deadline:
            if not self.send(server):
                return False
            time.sleep(0.02)
        return not self.open

    def problems(self, streams):
        """What is wrong with a journal after all that: sentences."""
        wrong = journal.problems_under_way(streams)
        digests = {body["id"]: hashlib.sha256(json.dumps(body).encode()).hexdigest() for body in self.bodies}
        stored = Counter()
        for name in ("24", "10"):
            for row in streams[name]:
                record = row["record"]
                if record["kind"] != 1:
                    continue
                stored[record["id"]] += 1
                if record["body_sha256"] != digests[record["id"]]:
                    wrong.append(f"{name}:{row['offset']} is not what was sent")
        for key, positions in self.acknowledged.items():
            at = [streams[name][offset]["record"]["id"] if offset < len(streams[name]) else None for name, offset in positions]
            if at != [key] * len(positions):
                wrong.append(f"{key} was acknowledged at {positions}, where {at} is")
        for key in digests.keys() - self.acknowledged.keys() - self.perhaps:
            if stored[key]:
                wrong.append(f"{key} was said not to be stored, and is")
        return wrong


def shown(server, book):
    """All that is answered about the units, and what became of each submission, once nothing is left to be done."""
    return snapshot.taken(server.rested().client("auditor"), UNITS, [f"/v1/submissions/{body['id']}" for body in book.bodies])


def verdicts(told, book):
    return {json.loads(told[f"/v1/submissions/{body['id']}"][1]).get("verdict") for body in book.bodies}


def fresh(installation, book):
    """The same from the journal alone."""
    installation.forget_read_model()
    with started(installation) as server:
        again = shown(server, book)
        assert server.stop() == 0
    return again
