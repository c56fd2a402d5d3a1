"""Scenarios of tests/scenarios, played against a real server whose journal is in Kafka.

Each has topics of its own, which takes the broker a second: a part of them is played, another each time. TAMROI_SCENARIOS says
how many, TAMROI_SEED which.
"""
import os
import random
import unittest

import kafka
from scenarios_test import Scenarios

COUNT = int(os.environ.get("TAMROI_SCENARIOS", "60"))
SEED = int(os.environ.get("TAMROI_SEED", random.randrange(10**6)))


class InKafka(Scenarios):
    def chosen(self, scenarios):
        print(f"seed {SEED}", flush=True)
        return random.Random(SEED).sample(scenarios, min(COUNT, len(scenarios)))

    def begun(self, folder):
        """The first use, its journal copied into topics of its own; the read model is as good for them."""
        embedded = self.first_use.copy(folder)
        prefix = kafka.new_prefix()
        installation = kafka.Cluster.shared().installation(folder / "kafka", prefix, **embedded.settings)
        installation.data = embedded.data
        done = kafka.copy_journal(embedded, installation)
        assert done.returncode == 0, done
        installation.prefix = prefix
        return installation

    def ended(self, installation):
        kafka.Cluster.shared().delete_topics(installation.prefix)


del Scenarios  # they are played elsewhere

if __name__ == "__main__":
    unittest.main()
