"""Writes of the read model fail while the journal's do not: what is sent is taken, nothing wrong is shown, and when the
fault ends the server opens the read model anew by itself and has caught up, without a restart."""
import os
import random
import tempfile
import unittest
from pathlib import Path

import fault_load
import journal
import snapshot
from faults_test import Strace
from refusals import ROUND
from servers import SERVER, run, started, until

LOGS = range(1, 300)  # the numbers that its logs may have meanwhile
SOON = 30             # seconds, for a load that nothing holds up


def failing_writes(server, trace, fault):
    """Each write to a log of the read model's meets the fault within the block."""
    paths = [word for n in LOGS for word in ("-P", str(server.installation.read_model / f"{n:06}.log"))]
    return Strace(server, trace, *paths, "-e", "trace=write", "-e", f"inject=write:{fault}")


class ReadModelFailure(unittest.TestCase):
    def setUp(self):
        seed = int(os.environ.get("TAMROI_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}", flush=True)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-failure-")))
        self.installation = fault_load.prepared(self.folder / "at", memory={})
        self.book = fault_load.Book(seed, many=12)

    def failing(self, server, fault):
        return failing_writes(server, self.folder / "trace", fault)

    def send(self, server, end):
        """The first bodies, as far as they were not sent before."""
        bodies, self.book.bodies = self.book.bodies, self.book.bodies[:end]
        self.assertTrue(self.book.send_all(server, SOON))
        self.book.bodies = bodies

    def shown(self, server):
        """path → what is answered there about some units."""
        client, about = server.client("auditor"), f"/v1/rounds/{ROUND}/units"
        paths = [f"{about}/{unit}/results" for unit in fault_load.UNITS]
        paths += [f"{about}/2401{rest}" for rest in ("/facts", "/indicators/7", "/indicators/7/history")]
        return {path: client.get(path) for path in paths}

    def check_recovered(self, server):
        self.assertNotIn("read_model", server.rested().readiness())
        self.assertIsNone(server.ended(), "it was started again")
        self.assertEqual(server.metrics()["tamroi_readmodel_open"], 1)
        shown = fault_load.shown(server, self.book)
        self.assertEqual(fault_load.verdicts(shown, self.book), {"accepted"})
        done = run(SERVER, "check", "--config", self.installation.config)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(server.stop(), 0)
        streams = journal.dumped(self.installation.data / "journal")
        self.assertEqual((self.book.problems(streams) + journal.problems_at_rest(streams))[:5], [])
        self.assertEqual(snapshot.differences(shown, fault_load.fresh(self.installation, self.book))[:3], [])

    def test_a_disk_that_fails_for_a_while(self):
        self.fail_for_a_while("EIO")

    def test_a_disk_that_is_full_for_a_while(self):
        self.fail_for_a_while("ENOSPC")

    def fail_for_a_while(self, error):
        with started(self.installation) as server:
            self.send(server, 6)
            shown = self.shown(server.rested())
            with self.failing(server, f"error={error}"):
                self.send(server, 12)
                until(lambda: server.said("read model cannot be opened") or server.metrics()["tamroi_readmodel_failures_total"] > 1, "it is tried again")
                self.check_meanwhile(server, shown)
            self.check_recovered(server)

    def check_meanwhile(self, server, shown):
        until(lambda: "read_model" in server.readiness(), "it says that it failed")
        told = server.readiness()
        self.assertEqual((told["status"], told["ready"], told["idle"]), (503, False, False))
        self.assertIn("read model", told["read_model"])
        self.assertEqual(server.metrics()["tamroi_ready"], 0)
        for path, answer in self.shown(server).items():
            # From memory as before; what has to be read from the disk comes later.
            expected = shown[path].body if answer.status == 200 else None
            self.assertTrue(answer.body == expected if expected else answer.status == 503 and answer.headers["Retry-After"], (path, answer))
            self.assertEqual(answer.status, 200 if path.endswith("results") else 503, (path, answer))

    def test_one_write_that_fails(self):
        with started(self.installation) as server:
            self.send(server, 6)
            server.rested()
            with self.failing(server, "error=EIO:when=3"):
                self.send(server, 12)
                until(lambda: server.said("read model is open again"), "it is opened again")
                server.rested()
            self.check_recovered(server)


if __name__ == "__main__":
    unittest.main()
