"""Many nodes on one journal in Kafka, and senders that send to any of them; what must be there afterwards on each."""
import json
import os
import random
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import journal
import network
import snapshot
import wire
from aftermath import UNITS, Aftermath
from cluster import ANSWER_WITHIN, AnyNode, Node, Probe, embedded_copy, steward_of
from kafka import Cluster, shared_version
from servers import SERVER, run, until

PROBED = "1101"  # nobody else submits there
NODES = 3


class Replicas(Aftermath):
    BROKERS = 1
    CUTS = False

    def setUp(self):
        self.seed = int(os.environ.get("TAMROI_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {self.seed}", flush=True)
        self.chance = random.Random(self.seed)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-cluster-")))
        self.network = self.own_network()
        self.brokers = Cluster(self.folder / "kafka", self.network)
        if self.network:
            self.brokers.lay_out(self.BROKERS)
        self.addCleanup(self.brokers.stop)
        self.brokers.start("--brokers", self.BROKERS, "--version", shared_version())
        self.nodes = [Node(n, self.folder, self.brokers, self.network) for n in range(1, NODES + 1)]
        self.installation = self.nodes[0].installation  # whose tokens count
        # Until every broker has heard of the topics that one has made.
        until(lambda: run(SERVER, "topics", "--config", self.installation.config).returncode == 0, "the topics are as they should be")
        for node in self.nodes:
            self.addCleanup(node.end)
            node.make().start()
        self.address = AnyNode(self.nodes, self.chance)
        self.addCleanup(self.address.end)
        self.pauses = []

    def own_network(self):
        """Where each is a host that can be cut off: only with CUTS, and where it is permitted."""
        if not self.CUTS:
            return None
        found, why = network.made()
        if found is None:
            self.tell(no_cuts=f"network namespaces are not permitted here: {why}")
        else:
            self.addCleanup(found.end)
        return found

    def begin_everywhere(self, breath):
        tokens = self.open_round(self.nodes[0].server.rested(), PROBED)
        self.wait_until_all_rest()  # before that a node may not know who they are
        self.probe = Probe(tokens[PROBED], self.seed + 20, PROBED)
        self.addCleanup(setattr, wire, "ANSWER_WITHIN", wire.ANSWER_WITHIN)
        wire.ANSWER_WITHIN = ANSWER_WITHIN
        self.begin_to_send(tokens, breath)
        self.senders.append(self.probe)
        self.wait_until_served(time.monotonic())

    def wait_until_served(self, since):
        """Seconds until each node takes submissions again, and until each has seen the ledger grow by what comes then."""
        with ThreadPoolExecutor(1) as one:
            # What is published behind this had to be taken after the end of the fault.
            written = one.submit(self.wait_until_taken, since)
            before = [until(lambda node=node: node.readiness().get("ledger"), f"{node.name} answers") for node in self.nodes]
            writes = written.result()
        for node, entries in zip(self.nodes, before):
            until(lambda node=node, entries=entries: node.readiness().get("ledger", 0) > entries, f"{node.name} sees the ledger grow")
        return {"writes": writes, "ledger": round(time.monotonic() - since, 2)}

    def wait_until_taken(self, since):
        for node in self.nodes:
            self.probe.taken_by(node)
        return round(time.monotonic() - since, 2)

    def only_steward(self, *but):
        """Waits until one node, none of those, is the steward."""
        def found():
            node = steward_of([node for node in self.nodes if node not in but])
            return node if node not in but else None
        return until(found, "there is one steward")

    def send_the_rest(self):
        """The probe is no thread."""
        threads = [sender for sender in self.senders if sender is not self.probe]
        for sender in threads:
            sender.enough.set()
        for sender in threads:
            sender.join()
        self.check_no_surprise()

    def check_all(self):
        """Everything lost is sent once more; then all replicas say the same, and it is what was acknowledged."""
        self.send_the_rest()
        self.wait_until_all_rest()
        token = self.installation.tokens["ministry_officer"]
        paths = [f"{sent.path}/{sent.id}" for sender in self.senders for sent in sender.sent]
        shown = [snapshot.taken(node.server.client(token=token), UNITS, paths) for node in self.nodes]
        self.assertGreater(len(shown[0]), len(UNITS) * 5 + len(paths) - 1)
        for other, node in zip(shown[1:], self.nodes[1:]):
            self.assertEqual(snapshot.differences(shown[0], other)[:3], [], node.name)
        for node in self.nodes:
            self.assertEqual(node.server.stop(), 0, node.name)
        for node in self.nodes:
            # Results, digests and every row, against a fold of the whole journal.
            done = run(SERVER, "check", "--config", node.installation.config)
            self.assertEqual((done.returncode, b"All is as it should be" in done.stdout), (0, True), f"{node.name}: {done}")
        streams = journal.dumped(embedded_copy(self.nodes[0], self.folder / "copy"))
        self.assertEqual(journal.problems_at_rest(streams, repeats=True)[:10], [])
        self.check_acknowledged(streams, shown[0])
        self.check_figures(streams, shown[0])
        return streams

    def wait_until_all_rest(self):
        """A node that is behind may think that it rests: all have seen the same, twice."""
        def rest():
            told = [node.readiness() for node in self.nodes]
            return all(each.get("idle") for each in told) and len({each["ledger"] for each in told}) == 1
        for _ in range(2):
            until(rest, f"all nodes come to rest: {[node.readiness() for node in self.nodes]}")
        self.assertEqual([node.readiness()["stopped"] for node in self.nodes], [[]] * len(self.nodes))

    def repeats_in(self, streams):
        """How many entries of the ledger a second steward wrote again, and how many copies."""
        counting = journal.ledger_by_record(streams)
        skipped = sum(row["outcome"]["verdict"] == journal.SKIPPED for row in counting.values())
        return {"entries": len(streams["ledger"]) - len(counting), "copies": skipped}

    def tell(self, **figures):
        print(json.dumps(figures), flush=True)


del Aftermath  # it has tests of its own elsewhere

if __name__ == "__main__":
    unittest.main()
