"""A journal is copied into Kafka and back: the same records, and whoever folds them shows the same, byte for byte."""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import journal
import kafka
import snapshot
from sample_test import UNLIMITED
from servers import PROGRAMS, SERVER, Installation, run, started

TAMROI = PROGRAMS / "tamroi"


def comparable(streams):
    """Kafka keeps a record's time to the millisecond; a submission or control knows its own to the microsecond."""
    return {name: [{**row, "time": row["time"] // 1000} for row in rows] for name, rows in streams.items()}


class Copy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-copy-")))
        cls.embedded = Installation.made(cls.folder / "embedded", simulated=True, limits=UNLIMITED["limits"])
        sample = cls.folder / "sample.ndjson"
        made = run(TAMROI, "sample", "--province", "24", "--scale", "0.05", "--to", sample)
        assert made.returncode == 0, made
        with started(cls.embedded) as server:
            loaded = run(TAMROI, "--url", f"http://127.0.0.1:{server.port}", "load", sample, "--tokens", cls.embedded.data / "tokens.json")
            assert loaded.returncode == 0, loaded
            cls.shown = cls.everything(server.rested())
            assert server.stop() == 0
        cls.streams = journal.dumped(cls.embedded.data / "journal")
        cls.records = sum(map(len, cls.streams.values()))

    def setUp(self):
        self.cluster, self.prefix = kafka.Cluster.shared(), kafka.new_prefix()
        self.addCleanup(lambda: self.cluster.delete_topics(self.prefix))
        self.target = self.cluster.installation(self.folder / self.prefix, self.prefix, simulated=True)

    @classmethod
    def everything(cls, server):
        """Results, explanations, histories, facts; of every submission what became of it."""
        client = server.client("auditor")
        ids = [fact["submission"] for fact in client.pages("/v1/rounds/2565-2/units/24/facts", "facts") if "submission" in fact][:200]
        units = [unit["unit"] for unit in client.get("/v1/units").json["units"] if unit["unit"].startswith("24") or unit["unit"] in ("R4", "TH")]
        assert len(units) > 10
        return snapshot.taken(client, units, [f"/v1/submissions/{key}" for key in ids])

    def check_same(self, installation):
        """An installation that has nothing but a journal folds it, and shows the same."""
        shutil.copy(self.embedded.data / "tokens.json", installation.data)
        with started(installation) as server:
            self.assertEqual(snapshot.differences(self.shown, self.everything(server.rested()))[:2], [])
            self.assertEqual(server.stop(), 0)
        done = run(SERVER, "check", "--config", installation.config)
        self.assertEqual(done.returncode, 0, done)

    def check_copied(self, source, target, found=0):
        done = kafka.copy_journal(source, target)
        self.assertEqual(done.returncode, 0, done)
        told = re.search(r"(\d+) records \((\d+) of them by an interrupted copy\); all are the same", done.stdout.decode())
        self.assertEqual(int(told[1]), self.records)
        self.assertGreaterEqual(int(told[2]), found)
        return int(told[2])

    def archived(self):
        archive = Installation(self.folder / f"archive-{self.prefix}", simulated=True)
        self.check_copied(self.target, archive)
        return archive

    def test_there_and_back_everything_is_the_same(self):
        self.check_copied(self.embedded, self.target)
        self.check_same(self.target)
        archive = self.archived()
        self.assertEqual(comparable(journal.dumped(archive.data / "journal")), comparable(self.streams))
        self.check_same(archive)

    def test_every_replica_has_the_same_results_and_digests(self):
        """However it came to them: folded as it came, in bulk, or from the topics."""
        self.check_copied(self.embedded, self.target)
        shutil.copy(self.embedded.data / "clock", self.target.data)
        replicas = [self.replica("in-bulk", bulk_records=1), self.replica("followed", bulk_records=10**9)]
        for replica, in_bulk in zip(replicas, (1, 0)):
            with started(replica) as server:
                self.assertEqual(snapshot.differences(self.shown, self.everything(server.rested()))[:2], [])
                self.assertEqual(len(server.said("caught up in bulk")), in_bulk)
                self.assertEqual(server.stop(), 0)
            done = run(SERVER, "check", "--config", replica.config)
            self.assertEqual(done.returncode, 0, done)
        digests = [self.digests(installation) for installation in (self.embedded, *replicas)]
        self.assertEqual(len(digests[0]), 77)
        self.assertEqual(digests[1:], digests[:1] * 2)

    def replica(self, name, **projection):
        """Another node on the same topics, with a data directory of its own."""
        replica = self.cluster.installation(self.folder / f"{self.prefix}-{name}", self.prefix, simulated=True, projection=projection)
        replica.data.mkdir()
        for file in ("clock", "tokens.json"):
            shutil.copy(self.embedded.data / file, replica.data)
        return replica

    def digests(self, installation):
        """Of each stream its records, facts and the digest of its results at the end; every outcome was compared with the ledger's."""
        done = run(SERVER, "rebuild", "--config", installation.config)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("none is another", done.stdout.decode())
        return sorted(line for line in done.stderr.decode().splitlines() if re.match(r"\d\d: \d+ records, \d+ facts, results [0-9a-f]{64}$", line))

    def test_what_holds_records_is_no_target(self):
        self.check_copied(self.embedded, self.target)
        for target in (self.target, self.archived()):
            done = kafka.copy_journal(self.embedded, target)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("The target holds records already; a copy needs an empty journal.", done.stderr.decode())

    def test_a_copy_that_was_killed_goes_on(self):
        command = [SERVER, "copy-journal", "--from", self.embedded.config, "--to", self.target.config]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as copying:
            told = copying.stderr.readline()
            copying.kill()
        self.assertIn(b"records, compared", told)
        self.assertTrue((self.target.data / "copy-unfinished").exists())
        found = self.check_copied(self.embedded, self.target, found=1)
        self.assertLess(found, self.records, "it was not killed in the middle")
        self.assertFalse((self.target.data / "copy-unfinished").exists())
        self.check_same(self.target)


if __name__ == "__main__":
    unittest.main()
