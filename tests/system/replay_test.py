"""After a kill in the middle of a load the next start folds again what the read model did not have yet, and no more.

TAMROI_SEED repeats a run's choices, as far as threads and a machine's load repeat anything.
"""
import json
import os
import random
import tempfile
import unittest
from pathlib import Path

import fault_load
import journal
from servers import started

KILLS = 4
UNIT = "2401"


class Replay(unittest.TestCase):
    def test_only_the_tail_that_was_not_projected_is_folded_again(self):
        seed = int(os.environ.get("TAMROI_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}", flush=True)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-replay-")))
        # Batches so small that there is a tail.
        installation = fault_load.prepared(folder / "at", memory={}, projection={"batch_records": 1}, threads={"projection": 1})
        replayed = 0
        for kill in range(KILLS):
            book = fault_load.Book(seed + kill, many=100, entries=100)
            replayed += self.check_start(installation, self.load_and_kill(installation, book))
        self.assertGreater(replayed, 0, "it never was in the middle of a load")

    def load_and_kill(self, installation, book):
        """stream → how far it was applied, as it said just before it was killed, with much taken that was not folded yet."""
        lines = "".join(json.dumps(body, ensure_ascii=False) + "\n" for body in book.bodies if body["unit"] == UNIT)
        with started(installation) as server:
            client = server.rested().client(token=fault_load.OFFICERS[UNIT])
            answer = client.post("/v1/submissions", lines.encode(), headers={"Content-Type": "application/x-ndjson"})
            self.assertEqual(answer.status, 200, answer)
            applied = self.applied(server)
            server.kill()
        return applied

    def applied(self, server):
        """stream → how far it is applied: what answers show."""
        answer = server.client("auditor").get("/v1/rounds/2565-2/units/TH/results")
        self.assertEqual(answer.status, 200, answer)
        return {stream: offset + 1 for stream, offset in answer.json["as_of"]["positions"].items()}

    def check_start(self, installation, applied):
        ends = {name: len(rows) for name, rows in journal.dumped(installation.data / "journal").items()}
        with started(installation) as server:
            server.rested()
            told = {line["stream"]: line for line in server.said("replaying")}
            shown = server.metrics()
            self.assertEqual(server.stop(), 0)
        for name, line in told.items():
            self.assertEqual(line["until"], ends[name], line)
            self.assertGreaterEqual(line["from"], applied.get(name, 0), f"{name} was applied further when it was killed")
        tail = sum(line["until"] - line["from"] for line in told.values())
        self.assertEqual(shown["tamroi_projection_replayed_records"], tail)
        # The control stream is folded whole at each start; what the steward wrote since is no replay.
        folded = sum(value for name, value in shown.items() if name.startswith('tamroi_projection_records_total{kind="province"'))
        self.assertEqual(folded, sum(line["until"] - line["from"] for name, line in told.items() if name not in ("control", "ledger")))
        print(f"{tail} records replayed of {sum(ends.values())}", flush=True)
        return tail


if __name__ == "__main__":
    unittest.main()
