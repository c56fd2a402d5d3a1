"""A record that cannot be folded stops its own stream, loudly, and a quarantine that names it lets the stream go on."""
import json
import re
import tempfile
import unittest
from hashlib import sha256
from pathlib import Path

import journal
import snapshot
from refusals import NOW, ROUND, control, record, submission
from servers import Installation, started, until

UNITS = ["2401", "24", "1001", "10", "R4", "TH"]


def protobuf(**fields):
    """A record's bytes (schemas/event/record.proto), whatever it says."""
    numbers = {"format": 1, "kind": 2, "id": 3, "received_at": 4, "actor": 5, "body": 6}
    out = b""
    for name, value in fields.items():
        if isinstance(value, int):
            out += varint(numbers[name] << 3) + varint(value)
        else:
            out += varint(numbers[name] << 3 | 2) + varint(len(value)) + value
    return out


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def sent(body, **fields):
    return protobuf(**{"format": 1, "kind": 1, "id": b"\x01" * 16, "received_at": 1664679600000000, "body": body, **fields})


# Everything that is undecodable (record.md).
POISONS = {
    "nothing": b"", "zeros": b"\0" * 100, "no protobuf": b"\xff" * 50, "text": b"GET / HTTP/1.1\r\n\r\n", "cut": sent(b"{}")[:-1],
    "another format": sent(b"{}", format=2), "no kind": sent(b"{}", kind=0), "an unknown kind": sent(b"{}", kind=99), "a control": sent(b"{}", kind=2),
    "no body": sent(b""), "no JSON": sent(b"{"), "no submission": sent(b'{"id": 1}'), "no utf-8": sent(b'"\xff"'),
    "another stream's": sent(json.dumps(submission("1001")).encode()), "nobody's": sent(json.dumps(submission("TH")).encode()),
    "too large": sent(json.dumps(submission()).encode() + b" " * (1 << 20)),
    "too many entries": sent(json.dumps(submission(entries=[{}] * 10_001)).encode()),
}


class Poisoned(unittest.TestCase):
    def setUp(self):
        """A district of each of two provinces has reported."""
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-poison-"))
        self.installation = Installation.made(Path(folder), simulated=True)
        self.journal = self.installation.data / "journal"
        with started(self.installation) as server:
            self.control(server, "ministry_officer", control("round_opened", round=ROUND, revision=1), at=NOW)
            self.control(server, "operator", control("account_granted", account="officer-10", role="province_officer", unit="10",
                                                     token_sha256=sha256(b"ten").hexdigest()))
            self.assertEqual(self.submit(server, "2401").status, 200)
            self.assertEqual(self.submit(server, "1001").status, 200)
            self.before = self.shown(server.rested())
            self.assertEqual(server.stop(), 0)

    def control(self, server, role, body, at=None, wait=30, status=200):
        answer = server.client(role).post("/v1/controls", body, wait=wait, at=at)
        self.assertEqual(answer.status, status, answer)

    def submit(self, server, unit, wait=30, body=None):
        client = server.client("province_officer") if unit.startswith("24") else server.client(token="ten")
        return client.post("/v1/submissions", body or submission(unit), wait=wait)

    def quarantine(self, server, poison, digest):
        self.control(server, "operator", control("quarantined", stream=poison["stream"], offset=poison["offset"], record_sha256=digest))

    def shown(self, server):
        """Once the server has read what it had."""
        until(lambda: server.client("auditor").get(f"/v1/rounds/{ROUND}/units/TH/results").status != 503, "every province was read")
        return snapshot.taken(server.client("auditor"), UNITS)

    def stopped(self, server):
        """(stream, offset) of each that readiness names, once it names any."""
        readiness = until(lambda: (found := server.readiness())["stopped"] and found, "a stream stops")
        self.assertEqual((readiness["status"], readiness["ready"], readiness["idle"]), (503, False, False))
        for stopped in readiness["stopped"]:
            # What to do stands in the sentence; of a control nothing can be passed over.
            if "record_sha256" in stopped:
                self.assertIn("by a quarantine of this stream, offset and record_sha256", stopped["why"])
            elif stopped["stream"] == "control":
                self.assertIn("a quarantine would stand behind it", stopped["why"])
        return {(stopped["stream"], stopped["offset"]) for stopped in readiness["stopped"]}

    def check_loud(self, server, *positions):
        until(lambda: self.stopped(server) == set(positions), f"exactly {positions} are stopped")
        self.assertEqual({(said["stream"], said["offset"]) for said in server.said("stream stopped")}, set(positions))
        self.assertEqual(self.shown_as_stopped(server), {stream for stream, _ in positions})
        self.assertEqual(server.client().get("/healthz").status, 200)

    def shown_as_stopped(self, server):
        """The streams of which the metrics say so."""
        shown = {name: value for name, value in server.metrics().items() if name.startswith("tamroi_stream_stopped{")}
        self.assertEqual(len(shown), 79)
        return {name.split('"')[1] for name, value in shown.items() if value == 1}

    def check_sound(self):
        streams = journal.dumped(self.journal)
        self.assertEqual(journal.problems_at_rest(streams), [])
        return streams

    def check_fresh_fold(self, shown):
        """From the journal alone follows the same, and nothing is written again."""
        streams = self.check_sound()
        self.installation.forget_read_model()
        with started(self.installation) as server:
            self.assertEqual(snapshot.differences(shown, self.shown(server.rested())), [])
            self.assertEqual(server.stop(), 0)
        self.assertTrue(journal.dumped(self.journal) == streams)

    def test_one_stream_stops_alone_and_goes_on(self):
        poison = journal.appended(self.journal, "24", b"\xff" * 50)
        at = ("24", poison["offset"])
        waiting = submission("2401")
        target = control("target_set", round=ROUND, unit="1001", indicator=7, measure="grade_a", value=3,
                         letter={"number": "1", "issued_on": "2022-08-01"})
        with started(self.installation) as server:
            self.check_loud(server, at)
            # What stands before it is shown as ever.
            self.assertEqual(snapshot.differences(self.before, self.shown(server)), [])
            # Others go on; what concerns the stream is taken, and waits.
            self.assertEqual(self.submit(server, "1001").status, 200)
            self.assertEqual(self.submit(server, "2401", wait=1, body=waiting).status, 202)
            self.control(server, "ministry_officer", target, wait=1, status=202)
            self.check_waits(server, waiting, target, poison)
            self.quarantine(server, poison, "0" * 64)
            self.quarantine(server, {**poison, "offset": poison["offset"] + 1}, poison["sha256"])
            self.assertEqual(self.submit(server, "1001").status, 200)
            self.check_loud(server, at)
            self.assertEqual(server.stop(), 0)
        with started(self.installation) as server:
            self.check_loud(server, at)
            self.check_waits(server, waiting, target, poison)
            self.assertEqual([stopped["record_sha256"] for stopped in server.readiness()["stopped"]], [poison["sha256"]])
            self.quarantine(server, poison, poison["sha256"])
            self.assertEqual(server.rested().readiness()["stopped"], [])
            self.assertEqual(self.shown_as_stopped(server), set())
            self.assertEqual(server.client("auditor").get(f"/v1/submissions/{waiting['id']}").json["verdict"], "accepted")
            self.assertEqual(len(server.client("auditor").get(f"/v1/controls/{target['id']}").json["positions"]), 77)
            shown = self.shown(server)
            self.assertEqual(server.stop(), 0)
        self.check_leaf(poison)
        self.check_fresh_fold(shown)

    def check_waits(self, server, waiting, target, poison):
        auditor = server.client("auditor")
        self.assertEqual(auditor.get(f"/v1/submissions/{waiting['id']}").status, 404)
        told = auditor.get(f"/v1/submissions/{waiting['id']}?position=24:{poison['offset'] + 1}")
        self.assertEqual((told.status, told.json["verdict"]), (200, "pending"))
        self.assertEqual(auditor.get(f"/v1/controls/{target['id']}").json["verdict"], "pending")

    def check_leaf(self, poison):
        """The ledger says of it that nothing can be said."""
        streams = journal.dumped(self.journal)
        entries = journal.ledger_by_record(streams)
        leaf = journal.leaf(entries[poison["stream"], poison["offset"]])
        before = journal.leaf(entries[poison["stream"], poison["offset"] - 1])
        self.assertEqual((leaf.kind, leaf.id, leaf.recorded_at), (0, bytes(16), before.recorded_at))
        self.assertEqual(leaf.record_sha256.hex(), poison["sha256"])
        self.assertEqual(entries[poison["stream"], poison["offset"]]["outcome"]["verdict"], journal.QUARANTINED)

    def test_every_kind(self):
        """Each in a stream of its own, twice in a row."""
        poisons = [journal.appended(self.journal, str(11 + n) if n < 9 else str(21 + n), given)
                   for n, given in enumerate(POISONS.values()) for _ in range(2)]
        first, second = poisons[::2], poisons[1::2]
        with started(self.installation) as server:
            self.check_loud(server, *[(poison["stream"], poison["offset"]) for poison in first])
            self.assertEqual(self.submit(server, "2401").status, 200)
            for poison in first:
                self.quarantine(server, poison, poison["sha256"])
            until(lambda: self.stopped(server) == {(poison["stream"], poison["offset"]) for poison in second}, "the second of each stops it")
            for poison in second:
                self.quarantine(server, poison, poison["sha256"])
            shown = self.shown(server.rested())
            self.assertEqual(server.stop(), 0)
        for poison in poisons:
            self.check_leaf(poison)
        self.check_fresh_fold(shown)

    def test_a_quarantine_of_a_sound_record_is_ignored(self):
        row = next(row for row in journal.dumped(self.journal)["24"] if row["record"]["kind"] == 1)
        with started(self.installation) as server:
            self.quarantine(server, row, row["sha256"])
            self.assertEqual(snapshot.differences(self.before, self.shown(server.rested())), [])
            self.assertEqual(server.stop(), 0)
        self.check_fresh_fold(self.before)

    def test_the_control_stream(self):
        poison = journal.appended(self.journal, "control", b"\xff")
        with started(self.installation) as server:
            self.check_loud(server, ("control", poison["offset"]))
            self.assertEqual(snapshot.differences(self.before, self.shown(server)), [])
            self.assertEqual(self.submit(server, "2401").status, 200)
            self.control(server, "ministry_officer", control("round_closed", round=ROUND), wait=1, status=202)
            self.assertEqual(server.stop(), 0)

    def test_the_ledger(self):
        poison = journal.appended(self.journal, "ledger", b"\xff")
        with started(self.installation) as server:
            self.check_loud(server, ("ledger", poison["offset"]))
            self.assertEqual(snapshot.differences(self.before, self.shown(server)), [])
            self.assertEqual(self.submit(server, "2401").status, 200)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(len(journal.dumped(self.journal)["ledger"]), poison["offset"] + 1, "nothing is published behind what cannot be read")


if __name__ == "__main__":
    unittest.main()
