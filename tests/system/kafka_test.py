"""Servers whose journal is in Kafka: many, one journal, the same answers; and what a journal may be that is not theirs."""
import os
import random
import signal
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kafka
import snapshot
from refusals import NOW, ROUND, control, submission
from servers import PROGRAMS, SERVER, Installation, run, started, until

TAMROI = PROGRAMS / "tamroi"
UNLIMITED = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}
UNITS = ("TH", "24", "2401", "2407", "2411")
NO_STEWARD = "--roles=gateway,query"


class InKafka(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-kafka-")))
        self.prefix = kafka.new_prefix()

    def node(self, name, cluster=None, **settings):
        """Not made yet."""
        cluster = cluster or kafka.Cluster.shared()
        return cluster.installation(self.folder / name, self.prefix, simulated=True, **UNLIMITED, **settings)

    def first(self, cluster=None, **settings):
        node = self.node("first", cluster, **settings)
        kafka.make_topics(node)
        self.joined(node)
        return node

    def joined(self, node):
        done = node.init("--simulated")
        self.assertEqual(done.returncode, 0, done)
        return node

    def opened(self, server):
        answer = server.client("ministry_officer").post("/v1/controls", control("round_opened", round=ROUND, revision=1), wait=30, at=NOW)
        self.assertEqual(answer.status, 200, answer)

    def asked(self, server, installation):
        """What it answers, for whoever has a token of the first node."""
        return snapshot.taken(server.client(token=installation.tokens["ministry_officer"]), UNITS)

    def same(self, before, after):
        self.assertGreater(len(before), 40)
        self.assertEqual(snapshot.differences(before, after), [])


class Nodes(InKafka):
    def load(self, server, installation, lines):
        return run(TAMROI, "--url", f"http://127.0.0.1:{server.port}", "load", "-", "--tokens", installation.data / "tokens.json", given=b"".join(lines))

    def test_a_random_history_says_the_same_on_every_node_and_in_a_copy(self):
        seed = random.randrange(10**6)
        print(f"seed {seed}", flush=True)
        lines = run(TAMROI, "sample", "--province", "24", "--scale", "0.02", "--seed", seed).stdout.splitlines(keepends=True)
        first, second = self.first(), self.node("second")
        with started(first) as one:
            self.joined(second)
            self.assertFalse((second.data / "tokens.json").exists())
            with started(second, NO_STEWARD) as two:
                done = self.load(one, first, lines[: len(lines) // 2])
                self.assertEqual(done.returncode, 0, done)
                two.kill()
            with started(second, NO_STEWARD) as two:
                done = self.load(one, first, lines)
                self.assertEqual(done.returncode, 0, done)
                one.rested()
                until(lambda: two.readiness()["ledger"] == one.readiness()["ledger"] and two.readiness()["idle"], "the second node has caught up")
                said = self.asked(one, first)
                self.same(said, self.asked(two, first))
                self.assertEqual(two.stop(), 0)
            self.assertEqual(one.stop(), 0)
        self.check_copy(first, said)
        self.check_backup(first, said)

    def check_copy(self, first, said):
        copy = Installation(self.folder / "copy", simulated=True, **UNLIMITED)
        done = kafka.copy_journal(first, copy)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(run(SERVER, "rebuild", "--config", copy.config).returncode, 0)
        with started(copy) as server:
            self.same(said, self.asked(server.rested(), first))
        again = kafka.copy_journal(first, copy)
        self.assertIn("holds records already", again.stderr.decode())
        checked = run(SERVER, "check", "--config", first.config)
        self.assertIn("All is as it should be", checked.stdout.decode(), checked)

    def check_backup(self, first, said):
        backup = self.folder / "backup"
        done = run(SERVER, "backup", "--to", backup, "--config", first.config)
        self.assertEqual(done.returncode, 0, done)
        self.assertFalse((backup / "journal").exists())
        third = self.node("third")
        done = run(SERVER, "restore", "--from", backup, "--config", third.config)
        self.assertEqual(done.returncode, 0, done)
        with started(third, NO_STEWARD) as server:
            until(lambda: server.readiness()["ready"], "what was restored has caught up")
            self.same(said, self.asked(server, first))

    def test_a_submission_that_is_sent_to_several_nodes_has_one_outcome(self):
        first, second = self.first(), self.node("second")
        with started(first) as one:
            self.opened(one.rested())
            self.joined(second)
            with started(second, NO_STEWARD) as two:
                until(lambda: two.readiness()["ready"], "the second node has caught up")
                body = submission()
                token = first.tokens["province_officer"]
                answers = [server.client(token=token).post("/v1/submissions", body, wait=30) for server in (two, one, two)]
        self.assertEqual([answer.status for answer in answers], [200] * 3, answers)
        self.assertEqual(answers[0].json["verdict"], "accepted")
        self.assertEqual([answer.json["position"] for answer in answers], [answers[0].json["position"]] * 3)


class FirstUses(InKafka):
    def test_of_several_at_the_same_time_one_has_tokens_that_count_and_the_others_say_so(self):
        nodes = [self.node(f"node-{number}") for number in range(4)]
        kafka.make_topics(nodes[0])
        with ThreadPoolExecutor() as beside:
            done = list(beside.map(lambda node: node.init("--simulated"), nodes))
        begun = [node for node in nodes if (node.data / "tokens.json").exists()]
        self.assertEqual(len(begun), 1, done)
        for node, each in zip(nodes, done):
            told = each.stdout.decode() + each.stderr.decode()
            if node is not begun[0]:
                self.assertRegex(told, "Joined a journal|Another init began|beginning of a first use", each)
        for node in nodes:
            if not (node.data / "clock").exists():
                self.joined(node)
        with started(begun[0]) as server:
            self.opened(server.rested())

    def test_one_that_was_interrupted_is_not_joined(self):
        node = self.node("first")
        kafka.make_topics(node)
        kafka.Cluster.shared().change("append", f"{self.prefix}.control", 0, given=b"as far as it came")
        done = node.init("--simulated")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("beginning of a first use", done.stderr.decode())
        self.assertFalse((node.data / "clock").exists())


class NotItsJournal(InKafka):
    def check_refused(self, done, *words):
        self.assertEqual(done.returncode, 1, done)
        for word in words:
            self.assertIn(word, done.stderr.decode())

    def test_what_has_to_be_made_before_is_named(self):
        node = self.node("first")
        self.check_refused(node.init("--simulated"), f"{self.prefix}.submissions: there is no such topic", "tamroi-server topics")
        self.assertIn("77 partitions", kafka.make_topics(node))
        self.assertEqual(kafka.make_topics(node), "All topics are as they should be.\n")
        self.check_refused(run(SERVER, "--config", node.config), "tamroi-server init")
        self.check_refused(node.init(), "`simulated`")
        self.joined(node)
        real = kafka.Cluster.shared().installation(self.folder / "real", self.prefix)
        self.check_refused(real.init(), f"{self.prefix}.control: message.timestamp.before.max.ms is", "must be 60000")
        embedded = Installation(self.folder / "embedded")
        self.check_refused(run(SERVER, "topics", "--config", embedded.config), "kind: kafka")

    def test_brokers_that_are_not_there_are_named(self):
        node = Installation(self.folder / "at", journal={"kind": "kafka", "kafka": {"brokers": "127.0.0.1:1"}})
        self.check_refused(node.init(), "127.0.0.1:1")

    def test_a_log_that_lost_what_it_had_is_never_gone_on_with(self):
        cluster = kafka.Cluster(self.folder / "cluster").start()
        self.addCleanup(cluster.stop)
        first = self.first(cluster)
        with started(first) as server:
            self.opened(server.rested())
            server.rested()
            cluster.stop()
            cluster.forget()
            cluster.start()
            kafka.make_topics(first)
            stopped = until(lambda: server.readiness()["stopped"], "the server notices")
            self.assertRegex(stopped[0]["why"], r"is damaged in Kafka .*(ends at offset 0, but ended at|not there any more)")
            sent = server.client("province_officer").post("/v1/submissions", submission(), wait=1)
            self.assertEqual(sent.status, 503, sent)
            server.kill()
        self.check_refused(run(SERVER, "--config", first.config), "The journal lost records that were durable")

    def test_a_log_that_was_replaced_is_not_taken_for_the_one_before(self):
        """It is as long, has the same catalogue and the same accounts, but with other tokens."""
        cluster = kafka.Cluster(self.folder / "cluster").start()
        self.addCleanup(cluster.stop)
        first = self.first(cluster)
        with started(first) as server:
            server.rested()
            os.kill(server.pid, signal.SIGSTOP)
            try:
                cluster.stop()
                cluster.forget()
                cluster.start()
                another = self.node("another", cluster)
                kafka.make_topics(another)
                self.joined(another)
            finally:
                os.kill(server.pid, signal.SIGCONT)
            stopped = until(lambda: {each["stream"]: each["why"] for each in server.readiness()["stopped"]}.get("control"), "the server notices")
            self.assertRegex(stopped, r"another record at offset \d+ than before")


if __name__ == "__main__":
    unittest.main()
