"""Files of the journal and of the read model that were changed, cut or removed while no server ran: each is named, at the
start or when it is read, and nothing that is shown differs from what was shown before."""
import json
import random
import shutil
import tempfile
import unittest
from pathlib import Path

import fault_load
import snapshot
from servers import SERVER, Server, run, started, until

BLOCK, HEADER = 32768, 7  # of RocksDB's log
FULL, LAST = 1, 4
FLIPS = 8


def logical_ends(log):
    """Where each record of a RocksDB log ends."""
    content, at, ends = log.read_bytes(), 0, []
    while at + HEADER <= len(content):
        if BLOCK - at % BLOCK < HEADER:
            at += BLOCK - at % BLOCK
            continue
        length, kind = int.from_bytes(content[at + 4:at + 6], "little"), content[at + 6]
        if kind == 0:
            break
        at += HEADER + length
        if kind in (FULL, LAST):
            ends.append(at)
    return ends


def cut(file, size):
    with file.open("r+b") as opened:
        opened.truncate(size)


def flip(file, at):
    content = bytearray(file.read_bytes())
    content[at] ^= 0x04
    file.write_bytes(content)


def largest(folder, pattern):
    return max(folder.glob(pattern), key=lambda file: file.stat().st_size)


class Damage(unittest.TestCase):
    """Of two installations that hold the same: one was stopped, so all is in tables, one was killed, so much is in logs."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-damage-")))
        cls.book = fault_load.Book(1, many=8, entries=60)
        cls.stopped = fault_load.prepared(cls.folder / "stopped", memory={})
        cls.shown = {}
        cls.killed = cls.stopped.copy(cls.folder / "killed")
        for installation, end in ((cls.stopped, "stop"), (cls.killed, "kill")):
            with started(installation) as server:
                cls.book.acknowledged.clear()
                assert cls.book.send_all(server, 30)
                cls.shown[installation] = fault_load.shown(server, cls.book)
                heads = installation.data / "heads.json"
                until(lambda: json.loads(heads.read_text())["streams"]["ledger"]["end"] == server.readiness()["ledger"], "the heads are written")
                getattr(server, end)()
            assert fault_load.verdicts(cls.shown[installation], cls.book) == {"accepted"}

    def damaged(self, sound):
        """A copy, to be damaged; what must be shown of it."""
        self.sound = self.shown[sound]
        shutil.rmtree(self.folder / "at", ignore_errors=True)
        return sound.copy(self.folder / "at")

    def check_refused(self, installation, *words):
        done = run(SERVER, "--config", installation.config)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 1, said)
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("listening", said)
        return said

    def check_whole(self, installation):
        with started(installation) as server:
            self.assertEqual(snapshot.differences(self.sound, fault_load.shown(server, self.book)), [])
            self.assertEqual(server.stop(), 0)

    def check_never_as_if_fine(self, installation, *words):
        """It does not start, or shows nothing else than before and says in its log and to whoever asks what cannot be read.
        Whether it said so."""
        with Server(installation) as server:
            try:
                server.listening()
            except AssertionError:
                self.assertEqual(server.ended(), 1, server.lines)
            if server.port is None:
                self.check_words("".join(server.lines), words)
                return True
            until(lambda: server.readiness()["idle"] or server.readiness()["stopped"] or server.said("stream waits"), "it rests or stops")
            now = snapshot.taken(server.client("auditor"), fault_load.UNITS, [f"/v1/submissions/{body['id']}" for body in self.book.bodies])
            different = {path for path in now if now[path] != self.sound[path]}
            unread = {path for path in different if 503 in statuses(now[path])}
            self.assertEqual([(path, now[path], self.sound[path]) for path in sorted(different - unread)][:2], [])
            stopped = server.readiness()["stopped"]
            server.kill()
            said = "".join(server.lines) + json.dumps(stopped)
        if unread or stopped:
            self.check_words(said, words)
        return bool(unread or stopped)

    def check_words(self, said, words):
        for word in words:
            self.assertIn(word, said)


class OfTheJournal(Damage):
    def check_lost(self, installation):
        heads = installation.data / "heads.json"
        said = self.check_refused(installation, "lost records", "stream ", "offset", "Restore a backup", str(heads))
        self.check_refused(installation, "lost records")
        # The loss is accepted, as the sentence says.
        heads.unlink()
        installation.forget_read_model()
        with started(installation) as server:
            self.assertEqual(server.rested().readiness()["status"], 200, said)
            self.assertTrue(server.said("no heads to compare the journal with"))
            self.assertEqual(server.stop(), 0)
        self.assertTrue(heads.exists())

    def log(self, installation):
        return largest(installation.data / "journal", "*.log")

    def test_a_log_that_is_gone(self):
        installation = self.damaged(self.killed)
        self.log(installation).unlink()
        self.check_lost(installation)

    def test_a_log_that_was_cut_between_two_records(self):
        installation = self.damaged(self.killed)
        log = self.log(installation)
        cut(log, logical_ends(log)[-3])
        self.check_lost(installation)

    def test_a_log_that_was_cut_within_its_last_record(self):
        installation = self.damaged(self.killed)
        log = self.log(installation)
        cut(log, logical_ends(log)[-1] - 5)
        self.check_lost(installation)

    def test_a_flipped_bit_of_a_log(self):
        chance = random.Random(2)
        for _ in range(FLIPS):
            installation = self.damaged(self.killed)
            log = self.log(installation)
            flip(log, chance.randrange(logical_ends(log)[-1]))
            self.check_refused(installation, str(installation.data / "journal"), "Restore a backup")

    def test_a_table_that_is_gone(self):
        installation = self.damaged(self.stopped)
        largest(installation.data / "journal", "*.sst").unlink()
        self.check_refused(installation, str(installation.data / "journal"), "is damaged", "Restore a backup")

    def test_a_flipped_bit_of_a_table(self):
        chance, told = random.Random(3), 0
        for n in range(FLIPS):
            installation = self.damaged(self.stopped)
            table = largest(installation.data / "journal", "*.sst")
            flip(table, chance.randrange(table.stat().st_size))
            if n % 2:
                installation.forget_read_model()  # so that all of it is read
            told += self.check_never_as_if_fine(installation, "The journal in", "is damaged", "Restore a backup")
        self.assertGreater(told, FLIPS // 2 - 1)

    def test_the_name_of_its_tables_is_gone(self):
        installation = self.damaged(self.stopped)
        (installation.data / "journal/CURRENT").unlink()
        before = sorted(file.name for file in (installation.data / "journal").glob("*.sst"))
        self.check_refused(installation, "CURRENT is missing")
        self.assertEqual(sorted(file.name for file in (installation.data / "journal").glob("*.sst")), before)

    def test_all_of_it_is_gone(self):
        installation = self.damaged(self.stopped)
        shutil.rmtree(installation.data / "journal")
        self.check_refused(installation, "lost records", "Restore a backup")

    def test_heads_that_cannot_be_read(self):
        installation = self.damaged(self.killed)
        heads = installation.data / "heads.json"
        cut(heads, heads.stat().st_size // 2)
        self.check_refused(installation, str(heads), "cannot be read", "remove that file")
        heads.unlink()
        self.check_whole(installation)


class OfTheReadModel(Damage):
    WORDS = ("The read model in", "is damaged", "remove that directory and start again", "built anew from the journal")

    def check_built_anew(self, installation):
        # Only what the sentence names.
        shutil.rmtree(installation.read_model)
        self.check_whole(installation)

    def test_a_table_that_is_gone(self):
        installation = self.damaged(self.stopped)
        largest(installation.read_model, "*.sst").unlink()
        self.check_refused(installation, f"The read model in {installation.read_model} is damaged", *self.WORDS)
        self.check_built_anew(installation)

    def test_a_flipped_bit_of_a_table(self):
        chance, told = random.Random(4), 0
        for _ in range(FLIPS):
            installation = self.damaged(self.stopped)
            table = largest(installation.read_model, "*.sst")
            flip(table, chance.randrange(table.stat().st_size))
            told += self.check_never_as_if_fine(installation, *self.WORDS)
        self.assertGreater(told, 0)
        self.check_built_anew(installation)

    def test_a_flipped_bit_of_a_log(self):
        installation = self.damaged(self.killed)
        log = largest(installation.read_model, "*.log")
        flip(log, logical_ends(log)[-1] // 2)
        self.check_refused(installation, *self.WORDS)
        done = run(SERVER, "rebuild", "--config", installation.config)
        self.assertEqual(done.returncode, 0, done)
        self.check_whole(installation)

    def test_a_log_that_is_gone_or_cut(self):
        for change in (lambda log: log.unlink(), lambda log: cut(log, logical_ends(log)[-3]), lambda log: cut(log, logical_ends(log)[-1] - 5)):
            installation = self.damaged(self.killed)
            change(largest(installation.read_model, "*.log"))
            self.check_whole(installation)

    def test_one_of_several_logs_is_gone(self):
        """Whichever: families were written to tables at different times. What no family needs is not missed."""
        # All may just have been written to tables when it is killed.
        self.assertTrue(any(self.lost_logs_told(seed) for seed in range(2, 6)))

    def lost_logs_told(self, seed):
        """How many logs were missed, each gone alone. Without the others the answers are those of before."""
        scattered, told = fault_load.prepared(self.folder / f"scattered-{seed}"), 0
        with started(scattered) as server:
            self.assertTrue(fault_load.Book(seed, many=14).send_all(server, 30))
            self.sound = snapshot.taken(server.rested().client("auditor"), fault_load.UNITS)
            server.kill()
        logs = sorted(scattered.read_model.glob("*.log"))
        self.assertGreater(len(logs), 1)
        for log in logs:
            shutil.rmtree(self.folder / "at", ignore_errors=True)
            installation = scattered.copy(self.folder / "at")
            (installation.read_model / log.name).unlink()
            with Server(installation) as server:
                try:
                    server.listening()
                except AssertionError:
                    self.check_words("".join(server.lines), self.WORDS)
                    told += 1
                    continue
                self.assertEqual(snapshot.differences(self.sound, snapshot.taken(server.rested().client("auditor"), fault_load.UNITS)), [])
        return told


def statuses(answer):
    return {page[0] for page in answer} if isinstance(answer, list) else {answer[0]}


if __name__ == "__main__":
    unittest.main()
