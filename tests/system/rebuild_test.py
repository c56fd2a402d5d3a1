"""The read model is built anew, rolled back, checked and backed up while the server is under load; then what was forged is found."""
import json
import shutil
import tempfile
import threading
import unittest
import uuid
from collections import Counter
from pathlib import Path

import fault_load
import journal
import snapshot
from aftermath import UNITS, Aftermath
from feed_reader import FeedReader
from feed_test import everything
from load import ROUND
from refusals import submission
from servers import PROGRAMS, SERVER, Installation, run, started

FORGE = PROGRAMS / "tamroi-forge"
FAMILIES = ["facts", "latest", "submissions", "records", "history", "changes", "ledger", "digests"]
TURNS = ["rebuild", "check", "rollback", "rebuild", "rebuild", "rollback", "rollback"]


def command(installation, *words):
    return run(SERVER, words[0], "--config", installation.config, *words[1:])


class Onlooker(threading.Thread):
    """Reads the results of all units again and again: each is answered, and never goes back."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.enough = threading.Event()
        self.answers = 0
        self.wrong = []
        self._newest = {}  # unit → stream → offset

    def run(self):
        try:
            while not self.enough.is_set():
                for unit in UNITS:
                    self.look(unit)
        except Exception as failure:  # told by the test
            self.wrong.append(repr(failure))
            raise

    def look(self, unit):
        about = f"/v1/rounds/{ROUND}/units/{unit}"
        # A region and the ministry have results only.
        for path in ("/results", "/facts?limit=3", "/indicators/6/history?limit=2") if unit[0].isdigit() else ("/results",):
            answer = self.client.get(about + path)
            self.answers += 1
            if answer.status != 200:
                self.wrong.append(f"{about}{path}: {answer}")
            elif path == "/results":
                self.check_newer(unit, answer.json["as_of"]["positions"])

    def check_newer(self, unit, positions):
        before = self._newest.get(unit, {})
        self.wrong += [f"{unit}: {stream} went from {offset} back to {positions.get(stream)}" for stream, offset in before.items()
                       if positions.get(stream, -1) < offset]
        self._newest[unit] = positions


class WhileItServes(Aftermath):
    def test_nobody_notices(self):
        self.begin(breath=0.01)
        with started(self.installation) as server:
            self.address.move(server.rested().port)
            onlookers = [Onlooker(server.client("ministry_officer")) for _ in range(2)]
            fed = FeedReader(server.port, self.installation.tokens["auditor"], cursor="0.0").open()
            reader = threading.Thread(target=lambda: fed.read(lambda r: over(r), within=100))
            end = []
            over = lambda r: end and tuple(map(int, r.cursor.split("."))) >= end[0]
            for thread in (*onlookers, reader):
                thread.start()
            self.take_turns()
            for onlooker in onlookers:
                onlooker.enough.set()
                onlooker.join()
            self.send_the_rest()
            shown = self.shown(server.rested())
            all_changes = everything(server)
            end.append(tuple(map(int, all_changes[-1][0].split("."))))
            reader.join()
            self.assertTrue(all_changes == fed.changes, f"{len(fed.changes)} changes of the feed are not the {len(all_changes)}")
            self.check_clean()
            self.assertEqual(server.stop(), 0)
        for onlooker in onlookers:
            self.assertEqual(onlooker.wrong[:3], [])
        print(f"{sum(onlooker.answers for onlooker in onlookers)} answers read, {len(all_changes)} changes", flush=True)
        heard = sum((sender.heard for sender in self.senders), Counter())
        self.assertEqual([status for status in heard if status == 0 or status >= 500], [], heard)
        self.check_clean()
        streams = journal.dumped(self.installation.data / "journal")
        self.assertEqual(journal.problems_at_rest(streams)[:10], [])
        self.check_acknowledged(streams, shown)
        self.check_figures(streams, shown)
        self.check_fresh_fold(streams, shown)

    def take_turns(self):
        for n, turn in enumerate(TURNS):
            done = command(self.installation, *(["rebuild", "--rollback"] if turn == "rollback" else [turn]))
            self.assertEqual(done.returncode, 0, (turn, done))
            before = sum(len(sender.sent) for sender in self.senders)
            if n == 2:
                self.back_up()
            self.senders[0].enough.wait(0.3)
            self.assertGreater(sum(len(sender.sent) for sender in self.senders), before, "nobody sends any more")

    def back_up(self):
        """What was acknowledged before it is in it; another server makes all of it out of it."""
        acknowledged = {position for sender in self.senders for sent in list(sender.sent) for position in list(sent.positions)}
        backup = self.folder / "backup"
        done = command(self.installation, "backup", "--to", backup)
        self.assertEqual(done.returncode, 0, done)
        again = command(self.installation, "backup", "--to", backup)
        self.assertEqual((again.returncode, b"is there already" in again.stderr), (1, True), again)
        other = Installation(self.folder / "other")
        done = command(other, "restore", "--from", backup)
        self.assertEqual(done.returncode, 0, done)
        again = command(other, "restore", "--from", backup)
        self.assertEqual((again.returncode, b"is not empty" in again.stderr), (1, True), again)
        self.assertEqual(command(other, "check").returncode, 0)
        with started(other) as server:
            server.rested()
            self.assertEqual(command(other, "check").returncode, 0)
            self.assertEqual(server.stop(), 0)
        streams = journal.dumped(other.data / "journal")
        self.assertEqual(journal.problems_at_rest(streams)[:3], [])
        self.assertEqual([(stream, offset) for stream, offset in acknowledged if offset >= len(streams[stream])], [])
        self.assertGreater(len(acknowledged), 10)

    def check_clean(self):
        done = command(self.installation, "check")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(b"All is as it should be: 78 streams", done.stdout)


def entry(kind, **values):
    return {"op": "record", "fact": str(uuid.uuid4()), "type": kind, "occurred_on": "2022-09-01", "values": values}


class Forged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-forged-")))
        cls.book = fault_load.Book(1, many=4, entries=20)
        cls.sound = fault_load.prepared(cls.folder / "sound", memory={})
        with started(cls.sound) as server:
            assert cls.book.send_all(server, 30)
            household = {"household": "h-1"}
            entries = [entry("target_household", **household, source="tpmap", dimensions=["income"]), entry("household_outcome", **household, outcome="survival")]
            answer = server.client(token="officer-24").post("/v1/submissions", submission(entries=entries), wait=30)
            assert answer.status == 200 and answer.json["changes"], answer
            cls.shown = fault_load.shown(server, cls.book)
            assert server.stop() == 0
        assert fault_load.verdicts(cls.shown, cls.book) == {"accepted"}
        cls.streams = journal.dumped(cls.sound.data / "journal")

    def setUp(self):
        shutil.rmtree(self.folder / "at", ignore_errors=True)
        self.installation = self.sound.copy(self.folder / "at")

    def forge(self, *words):
        done = run(FORGE, *words)
        self.assertEqual(done.returncode, 0, done)

    def position(self):
        """Of a submission of the province 24, not the last."""
        return next(row["offset"] for row in self.streams["24"] if row["record"]["kind"] == 1)

    def check_found(self, what, *words):
        done = command(self.installation, what)
        self.assertEqual(done.returncode, 1, done)
        for word in words:
            self.assertIn(word, done.stderr.decode())

    def test_a_forged_entry_of_the_ledger(self):
        offset = self.position()
        index = journal.ledger_by_record(self.streams)["24", offset]["offset"]
        self.forge("entry", self.installation.data / "journal", index)
        words = (f"24:{offset}: the verdict is accepted, published is rejected (the ledger's entry {index})",)
        self.check_found("rebuild", *words)
        with started(self.installation) as server:
            server.rested()
            self.check_found("rebuild", *words)
            self.check_found("check", *words)
            self.check_served(server, offset)
            self.assertEqual(len(server.said("command failed")), 2)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(self.installation.read_model.name, "1")
        with started(self.installation) as server:
            self.check_served(server, offset)

    def check_served(self, server, forged):
        """All but that one outcome, which is at no place any more."""
        shown = fault_load.shown(server, self.book)
        different = [path for path in shown if shown[path] != self.shown[path]]
        self.assertEqual([shown[path][0] for path in different], [503], different)
        self.assertEqual(json.loads(self.shown[different[0]][1])["position"], {"stream": "24", "offset": forged})
        self.assertIn("is not what was published of 24:", "".join(said["why"] for said in server.said("cannot be read")))

    def test_a_changed_record(self):
        offset = self.position()
        self.forge("record", self.installation.data / "journal", "24", offset)
        words = (f"24:{offset}: the record is not the one that the ledger's entry ",)
        self.check_found("check", *words)
        self.check_found("rebuild", *words)

    def test_a_changed_row(self):
        """Of whichever family. What is wrong is put right by a rebuild."""
        for family in FAMILIES:
            with self.subTest(family):
                self.setUp()
                self.forge("row", self.installation.read_model, family)
                self.check_found("check", "the read model has another" if family != "records" else "control:0: stored bytes are damaged")
        self.assertEqual(command(self.installation, "rebuild").returncode, 0)
        for installation in (self.installation, self.sound):
            self.assertIn("All is as it should be", command(installation, "check").stdout.decode())

    def test_nothing_that_is_there_is_overwritten(self):
        full = Installation(self.folder / "full")
        full.data.mkdir()
        (full.data / "notes").write_text(json.dumps("mine"), encoding="utf-8")
        backup = self.folder / "backup"
        self.assertEqual(command(self.installation, "backup", "--to", backup).returncode, 0)
        refused = command(full, "restore", "--from", backup)
        self.assertEqual((refused.returncode, b"is not empty" in refused.stderr), (1, True), refused)
        self.assertEqual([file.name for file in full.data.iterdir()], ["notes"])
        files = sorted(file.name for file in backup.rglob("*"))
        refused = command(self.installation, "backup", "--to", backup)
        self.assertEqual((refused.returncode, b"is there already" in refused.stderr), (1, True), refused)
        self.assertEqual(sorted(file.name for file in backup.rglob("*")), files)


if __name__ == "__main__":
    unittest.main()
