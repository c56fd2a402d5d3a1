"""A journal in Kafka that is not as it should be is refused, with a sentence that says what to do."""
import tempfile
import unittest
from hashlib import sha256
from pathlib import Path

import fault_load
import kafka
from refusals import ROUND, control
from servers import SERVER, run, started, until

PARTITION = {"10": 0, "24": 14}


class WithTopics(unittest.TestCase):
    """Every test has topics of its own, with the copy of a journal in them that two provinces wrote."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-kafka-")))
        cls.cluster = kafka.Cluster.shared()
        cls.book = fault_load.Book(1, many=8, entries=20)
        cls.embedded = cls.written("embedded", cls.book)

    @classmethod
    def written(cls, name, book):
        installation = fault_load.prepared(cls.folder / name)
        with started(installation) as server:
            assert book.send_all(server, 30)
            assert server.rested().stop() == 0
        return installation

    def setUp(self):
        self.prefix = kafka.new_prefix()
        self.addCleanup(lambda: self.cluster.delete_topics(self.prefix))

    def new(self, simulated=True):
        """On this test's topics, which are not made yet."""
        return self.cluster.installation(self.folder / self.prefix / "new", self.prefix, simulated=simulated)

    def copied(self, source=None):
        """On this test's topics, with what the source holds."""
        at = self.folder / self.prefix
        return self.cluster.moved((source or self.embedded).copy(at / "source"), at / "server", self.prefix)

    def check_done(self, done):
        self.assertEqual(done.returncode, 0, done)
        return done.stdout.decode()

    def check_refused(self, done, *words):
        said = done.stderr.decode()
        self.assertEqual(done.returncode, 1, done)
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("listening", said)

    def check_not_served(self, installation, *words):
        self.check_refused(run(SERVER, "--config", installation.config), *words)

    def topic(self, name):
        return f"{self.prefix}.{name}"


class Topics(WithTopics):
    def test_they_are_made_once_and_checked_each_time(self):
        fresh = self.new()
        made = self.check_done(run(SERVER, "topics", "--config", fresh.config)).splitlines()
        self.assertEqual(made, [f"{self.topic('submissions')}: made, 77 partitions, 1 replicas", f"{self.topic('control')}: made, 1 partitions, 1 replicas",
                                f"{self.topic('ledger')}: made, 1 partitions, 1 replicas", f"{self.topic('checkpoints')}: made, 1 partitions, 1 replicas",
                                "All topics are as they should be."])
        self.assertEqual(self.check_done(run(SERVER, "topics", "--config", fresh.config)), "All topics are as they should be.\n")

    def test_without_them_nothing_begins(self):
        fresh = self.new()
        for topic in kafka.TOPICS:
            self.check_refused(fresh.init("--simulated"), f"{self.topic(topic)}: there is no such topic. Run `tamroi-server topics` to make it")
        kafka.make_topics(fresh)
        self.check_done(fresh.init("--simulated"))

    def test_a_wrong_setting_is_named(self):
        installation = self.copied()
        for name, setting, wrong, right in (("ledger", "retention.ms", "604800000", "-1"), ("submissions", "cleanup.policy", "compact", "delete")):
            self.cluster.change("set", self.topic(name), setting, wrong)
            sentence = f"{self.topic(name)}: {setting} is {wrong}, and must be {right}. Set it with Kafka's own tool"
            self.check_refused(run(SERVER, "topics", "--config", installation.config), sentence)
            self.check_not_served(installation, sentence)
            self.cluster.change("set", self.topic(name), setting, right)

    def test_a_real_clock_wants_stamps_held_against_the_brokers(self):
        kafka.make_topics(self.new())
        done = run(SERVER, "topics", "--config", self.new(simulated=False).config)
        self.check_refused(done, f"{self.topic('submissions')}: message.timestamp.before.max.ms is 9223372036854775807, and must be 60000")

    def test_a_wrong_number_of_partitions(self):
        installation = self.copied()
        self.cluster.change("partitions", self.topic("submissions"), 78)
        self.check_not_served(installation, "it has 78 partitions, and must have 77", "This program is older than the topic, or the topic is not Tamroi's")
        self.cluster.change("partitions", self.topic("ledger"), 2)
        self.check_refused(run(SERVER, "topics", "--config", installation.config), f"{self.topic('ledger')}: it has 2 partitions, and must have 1")


class Lost(WithTopics):
    def test_a_deleted_topic(self):
        installation = self.copied()
        self.cluster.change("delete", self.topic("ledger"))
        self.check_not_served(installation, f"{self.topic('ledger')}: there is no such topic", "its records are lost: restore the cluster, or copy the journal")

    def test_an_offset_below_the_beginning_of_the_log(self):
        installation = self.copied()
        self.cluster.change("delete-before", self.topic("submissions"), PARTITION["24"], 2)
        self.check_not_served(installation, "Stream 24 is damaged", "its first 2 records are gone", "Find out who deleted them", "copy-journal")

    def test_a_log_that_was_cut(self):
        installation = self.copied()
        self.cluster.delete_topics(self.prefix)
        until(lambda: run(SERVER, "topics", "--config", installation.config).returncode == 0, "the topics are made again")
        sentence = "The journal lost records that were durable: stream "
        self.check_not_served(installation, sentence, "ends at offset 0, but ended at ", "Restore a backup")
        self.check_noticed_without_heads(installation, "ends at offset 0, but was read up to ")

    def test_a_log_that_was_replaced(self):
        # Longer than ours everywhere, so that it is not taken for one that was cut.
        other = self.copied(self.written("other", fault_load.Book(2, many=16, entries=20)))
        ours = self.embedded.copy(self.folder / self.prefix / "ours")
        installation = self.cluster.installation(other.folder / "ours", self.prefix, **ours.settings)
        self.check_not_served(installation, "The journal lost records that were durable: stream ", "has another record at offset ", "Restore a backup")
        self.check_noticed_without_heads(installation, "has another record at offset ")

    def check_noticed_without_heads(self, installation, *words):
        """By what the read model was folded from."""
        data = Path(installation.settings["data"])
        (data / "heads.json").unlink()
        self.check_not_served(installation, "The read model does not follow from this journal: stream ", *words,
                              f"remove {data / 'readmodel'} and start again")


class WhileItServes(WithTopics):
    def stopped(self, server):
        stopped = until(lambda: server.readiness()["stopped"], "a stream stops")
        self.assertEqual(server.readiness()["status"], 503)
        return {one["stream"]: one for one in stopped}

    def check_results(self, server, unit):
        answer = server.client("auditor").get(f"/v1/rounds/{ROUND}/units/{unit}/results")
        self.assertEqual(answer.status, 200, answer)

    def test_a_foreign_record_stops_its_stream_and_no_other_until_it_is_set_aside(self):
        foreign = b"GET / HTTP/1.1\r\n\r\n"
        book = fault_load.Book(3, many=2, entries=1)
        with started(self.copied()) as server:
            server.rested()
            self.cluster.change("append", self.topic("submissions"), PARTITION["24"], given=foreign)
            stopped = self.stopped(server)
            self.assertEqual((list(stopped), stopped["24"]["record_sha256"]), (["24"], sha256(foreign).hexdigest()))
            self.assertIn("undecodable record", stopped["24"]["why"])
            self.check_results(server, "2401")
            self.assertTrue(book.send_all(server, 30))
            until(lambda: self.verdict(server, book.bodies[1]) == "accepted", "the other province goes on")
            aside = control("quarantined", **{name: stopped["24"][name] for name in ("stream", "offset", "record_sha256")})
            answer = server.client("operator").post("/v1/controls", aside, wait=30)
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(server.rested().readiness()["stopped"], [])
            self.assertEqual(self.verdict(server, book.bodies[0]), "accepted")
            self.assertEqual(server.stop(), 0)

    def verdict(self, server, body):
        return server.client("auditor").get(f"/v1/submissions/{body['id']}").json.get("verdict")

    def test_a_deleted_topic_is_missed_and_takes_nothing(self):
        with started(self.copied()) as server:
            server.rested()
            self.cluster.change("delete", self.topic("submissions"))
            until(lambda: len(self.stopped(server)) == 77, "every province is missed")
            stopped = self.stopped(server)
            self.assertIn("the topic or its partition is not there any more. Restore the cluster that has it", stopped["24"]["why"])
            answer = server.client(token=fault_load.OFFICERS["2401"]).post("/v1/submissions", fault_load.Book(4).bodies[0])
            self.assertEqual(answer.status, 503, answer)
            self.check_results(server, "2401")
            server.kill()


if __name__ == "__main__":
    unittest.main()
