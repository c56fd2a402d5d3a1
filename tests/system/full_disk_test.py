"""A disk that fills up. Below the reserve nothing is taken and everything can be read; without a reserve what is taken is
safe all the same; with room again it goes on by itself."""
import http.client
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import fault_load
import journal
import snapshot
from faults_test import ASSERTION
from servers import started, until

MIB = 1 << 20


class FullDisk(unittest.TestCase):
    """On a small file system of its own; not smaller, since RocksDB goes on only where a whole buffer (64 MiB) is free."""

    def setUp(self):
        self.disk = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-full-disk-")))
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tamroi", self.disk], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"no file system can be mounted here: {done.stderr}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.filler = self.disk / "filler"

    def fill(self, left):
        """Until about so many bytes are free."""
        free = self.free()
        with self.filler.open("ab") as file:
            while free > left:
                file.write(bytes(min(free - left, MIB)))
                file.flush()
                free = self.free()

    def free(self):
        return int(subprocess.run(["stat", "-f", "-c", "%a", self.disk], capture_output=True, check=True).stdout) * 4096

    def check_after(self, installation, book, shown):
        streams = journal.dumped(installation.data / "journal")
        self.assertEqual((book.problems(streams) + journal.problems_at_rest(streams))[:5], [])
        self.assertEqual(snapshot.differences(shown, fault_load.fresh(installation, book))[:3], [])

    def test_below_the_reserve(self):
        installation, book = fault_load.prepared(self.disk / "at", disk={"reserve_bytes": 24 * MIB}), fault_load.Book(1, many=6)
        with started(installation) as server:
            late = book.bodies[3:]
            del book.bodies[3:]
            self.assertTrue(book.send_all(server, 20))
            before = fault_load.shown(server, book)
            book.bodies += late
            self.fill(16 * MIB)
            until(lambda: book.repeat(server).status == 503, "it refuses")
            taken, appended = len(book.acknowledged), self.appended(server)
            for _ in range(3):
                self.assertTrue(book.send(server))
            self.assertEqual((len(book.acknowledged), self.appended(server)), (taken, appended), "something was written")
            self.assertEqual(taken, 3)
            self.assertEqual(set(book.refusals), {fault_load.FULL_DISK})
            del book.bodies[3:]
            self.assertEqual(snapshot.differences(self.without_repeats(before), self.without_repeats(fault_load.shown(server, book))), [])
            book.bodies += late
            self.filler.unlink()
            self.assertTrue(book.send_all(server, 20), "it does not go on by itself")
            shown = fault_load.shown(server, book)
            self.assertEqual(server.stop(), 0)
        self.check_after(installation, book, shown)

    @staticmethod
    def appended(server):
        """How many submissions went to the journal since its start."""
        return server.metrics()['tamroi_journal_appended_records_total{kind="province"}']

    def without_repeats(self, shown):
        """What does not name the last position, which may be that of a repeat."""
        return {path: re.sub(r'"as_of":\{"positions":\{[^}]*\}[^}]*\}', "", str(answer)) for path, answer in shown.items()
                if re.search("/history|/facts|/submissions", path)}

    def test_without_a_reserve(self):
        for seed, left in enumerate([0, 300_000, 1_000_000, 3_000_000]):
            with self.subTest(left=left):
                # What RocksDB gives back in that moment may leave room for everything.
                self.assertTrue(any(self.fill_up(10 * seed + again, left) for again in range(4)), "the disk was not full")

    def fill_up(self, seed, left):
        """Whether it became full."""
        self.filler.unlink(missing_ok=True)
        subprocess.run(["rm", "-rf", *self.disk.glob("at-*")], check=True)
        installation = fault_load.prepared(self.disk / f"at-{seed}")
        book = fault_load.Book(seed, many=40)
        with started(installation) as server:
            server.rested()
            self.fill(left)
            book.send_all(server, 2)
            if not book.open:
                return False
            print(left, len(book.acknowledged), dict(book.refusals), flush=True)
            self.filler.unlink()
            shown = self.goes_on(server, book)
        if shown is None:
            # By RocksDB, see faults_test; whatever ended it, nothing is lost.
            self.assertTrue(any(ASSERTION in line for line in server.lines), server.lines[-10:])
            with started(installation) as server:
                shown = self.goes_on(server, book)
        self.check_after(installation, book, shown)
        return True

    def goes_on(self, server, book):
        """What it then shows; nothing if it ended."""
        try:
            taken = book.send_all(server, 30)
            self.assertTrue(taken or server.ended() is not None, "it does not go on by itself")
            shown = fault_load.shown(server, book)
        except (OSError, http.client.HTTPException):
            until(lambda: server.ended() is not None, "it ends")
            return None
        self.assertEqual(server.stop(), 0)
        return shown


if __name__ == "__main__":
    unittest.main()
