"""Brokers that are away, or hang: nobody is told anything wrong, reads go on, and once they are back all goes on by itself."""
import re
import tempfile
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fault_load
import journal
import kafka
import snapshot
from servers import Installation, started, until

UNITS = ["2401", "24", "10", "TH"]
ANSWER_AFTER, BACK_AFTER = 5, 10  # seconds: deadlines.append, and at most
BUSY = 10                         # seconds that a machine may take besides
GIVEN_UP_WITHIN = 90              # seconds until Kafka's client gives a record up


class Outage(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-outage-")))
        self.cluster = self.enterContext(kafka.in_memory())
        self.installation = self.cluster.moved(fault_load.prepared(self.folder / "embedded"), self.folder / "server")
        self.book = fault_load.Book(1, many=40, entries=3)

    def test_a_broker_that_hangs(self):
        """For so long that what was sent is given up."""
        self.check_outage(self.cluster.pause, self.cluster.go_on, until_given_up=True)

    def test_a_broker_that_is_killed(self):
        self.check_outage(self.cluster.kill, self.cluster.start)

    def check_outage(self, away, back, until_given_up=False):
        with started(self.installation) as server:
            self.send(server, self.book.bodies[:6])
            self.assertEqual(len(self.book.acknowledged), 6, self.book.refusals)
            before = self.read(server.rested())
            away()
            try:
                self.check_meanwhile(server, before)
                self.check_says_how_far_behind(server)
                deadline = time.monotonic() + GIVEN_UP_WITHIN
                while until_given_up and server.metrics()["tamroi_journal_failures_total"] == 0:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(1)
            finally:
                back()
            began = time.monotonic()
            until(lambda: self.send(server, self.book.bodies[-1:]) and self.book.bodies[-1]["id"] in self.book.acknowledged, "it takes submissions again")
            took = time.monotonic() - began
            self.assertLess(took, BACK_AFTER)
            server.rested()
            self.check_says_nothing_any_more(server)
            streams = self.stored("after the outage")
            self.assertEqual(self.book.problems(streams), [])
            there = {row["record"]["id"] for name in ("24", "10") for row in streams[name]}
            print(f"{dict(self.book.refusals)}; of {len(self.book.perhaps)} that may be stored {len(self.book.perhaps & there)} are; "
                  f"taken again after {took:.1f} s", flush=True)
            self.assertTrue(self.book.send_all(server, 30))
            self.assertEqual(self.book.repeat(server).status, 202)
            self.assertEqual(fault_load.verdicts(fault_load.shown(server, self.book), self.book), {"accepted"})
            self.assertEqual(server.stop(), 0)
        self.check_once(self.stored("at the end"))

    def check_meanwhile(self, server, before):
        """What is sent gets an answer, be it late, while everything can be read."""
        with ThreadPoolExecutor() as beside:
            sending = beside.submit(self.send, server, self.book.bodies[6:30])
            reads = 0
            while not sending.done():
                self.assertEqual(snapshot.differences(before, self.read(server)), [])
                reads += 1
                time.sleep(0.5)
            self.assertLess(sending.result(), ANSWER_AFTER + BUSY)
            self.assertGreater(sending.result(), ANSWER_AFTER - 1)
        self.assertGreater(reads, 3)
        self.assertEqual(len(self.book.acknowledged), 6)
        self.assertEqual(self.book.refusals.total(), 24)
        self.assertGreater(len(self.book.perhaps), 0, self.book.refusals)

    def check_says_how_far_behind(self, server):
        """What others may have sent since is not known here."""
        told = until(lambda: server.readiness() if server.readiness()["behind"]["seconds"] >= 4 else None, "it says that it hears nothing")
        self.assertEqual((told["ready"], told["behind"]["records"]), (True, 0), told)
        answer = server.client("auditor").get("/v1/rounds/2565-2/units/24/results")
        self.assertEqual(answer.status, 200)
        seconds = int(re.fullmatch(r"records=0, seconds=(\d+)", answer.headers["Tamroi-Behind"])[1])
        self.assertGreaterEqual(seconds, 4)
        figures = server.metrics()
        self.assertGreaterEqual(figures["tamroi_kafka_unheard_seconds"], 3)
        self.assertEqual(figures["tamroi_appends_given_up_total"], 24)
        self.assertEqual(figures["tamroi_journal_queue_records"], 24 if figures["tamroi_journal_failures_total"] == 0 else 0)

    def check_says_nothing_any_more(self, server):
        until(lambda: server.readiness()["behind"] == {"records": 0, "seconds": 0}, "it hears again")
        self.assertNotIn("Tamroi-Behind", server.client("auditor").get("/v1/rounds/2565-2/units/24/results").headers)
        figures = until(lambda: (told := server.metrics())["tamroi_kafka_unheard_seconds"] == 0 and told, "the metrics say so")
        self.assertGreaterEqual(figures["tamroi_kafka_reconnects_total"], 1)
        self.assertGreater(figures['tamroi_kafka_errors_total{kind="connection"}'] + figures['tamroi_kafka_errors_total{kind="timeout"}'], 0)
        self.assertEqual(figures["tamroi_kafka_brokers"], 1)
        self.assertEqual(figures["tamroi_kafka_partitions_without_leader"], 0)

    def send(self, server, bodies):
        """All at once; how long it took until the last was answered."""
        began = time.monotonic()
        post = lambda body: server.client(token=fault_load.OFFICERS[body["unit"]]).post("/v1/submissions", body, headers={"Connection": "close"})
        with ThreadPoolExecutor(len(bodies)) as senders:
            for body, answer in zip(bodies, senders.map(post, bodies)):
                self.book.hear(body["id"], answer)
        return time.monotonic() - began

    def read(self, server):
        return snapshot.taken(server.client("auditor"), UNITS)

    def stored(self, name):
        """What is in Kafka, copied from there."""
        archive = Installation(self.folder / name, simulated=True)
        done = kafka.copy_journal(self.installation, archive)
        self.assertEqual(done.returncode, 0, done)
        return journal.dumped(archive.data / "journal")

    def check_once(self, streams):
        self.assertEqual(journal.problems_at_rest(streams), [])
        self.assertEqual(self.book.problems(streams), [])
        counting = journal.ledger_by_record(streams)
        outcomes = Counter((streams[name][offset]["record"]["id"], row["outcome"]["verdict"]) for (name, offset), row in counting.items())
        self.assertEqual([outcomes[body["id"], journal.ACCEPTED] for body in self.book.bodies], [1] * len(self.book.bodies))
        self.assertEqual([key for key, verdict in outcomes if verdict == journal.REJECTED], [])


if __name__ == "__main__":
    unittest.main()
