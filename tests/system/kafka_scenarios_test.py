"""Scenarios of tests/scenarios, played against a real server whose journal is in Kafka.

TAMROI_SCENARIOS says how many are played, TAMROI_SEED which: unless told, more than half of them, others each time.
"""
import os
import random
import unittest
from contextlib import ExitStack
from threading import Lock

import kafka
from scenarios_test import Scenarios


COUNT = int(os.environ.get("TAMROI_SCENARIOS", "300"))
SEED = int(os.environ.get("TAMROI_SEED", random.randrange(10**6)))
SCENARIOS_MAX = 60  # of a cluster


class Turn:
    """A cluster, and how many may still begin or are to end there."""

    def __init__(self):
        self._open = ExitStack()
        self.cluster = self._open.enter_context(kafka.in_memory())
        self.to_begin = self.to_end = SCENARIOS_MAX

    def close(self):
        self._open.close()


class InKafka(Scenarios):
    """Each has 80 partitions, more in all than a broker maps, and one that deletes topics all the time may end of itself:
    so none is deleted, and a new cluster takes over now and then."""

    def setUp(self):
        super().setUp()
        self.lock, self.turn = Lock(), None

    def chosen(self, scenarios):
        print(f"seed {SEED}", flush=True)
        return random.Random(SEED).sample(scenarios, min(COUNT, len(scenarios)))

    def begun(self, folder):
        with self.lock:
            if self.turn is None or self.turn.to_begin == 0:
                self.turn = Turn()
                self.addCleanup(self.turn.close)
            turn = self.turn
            turn.to_begin -= 1
        installation = turn.cluster.moved(self.first_use.copy(folder), folder / "kafka")
        installation.turn = turn
        return installation

    def ended(self, installation):
        with self.lock:
            installation.turn.to_end -= 1
            over = installation.turn.to_end == 0
        if over:
            installation.turn.close()


del Scenarios  # they are played elsewhere

if __name__ == "__main__":
    unittest.main()
