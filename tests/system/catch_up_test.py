"""A server that starts with nothing of a long journal builds its read model in bulk, and says so until it is there."""
import shutil
import tempfile
import unittest
from pathlib import Path

import journal
import snapshot
from refusals import ROUND, submission
from servers import PROGRAMS, SERVER, Installation, Server, run, started, until

TAMROI = PROGRAMS / "tamroi"
UNLIMITED = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}
UNITS = ["2401", "24", "10", "5001", "R4", "TH"]
STREAMS = 77
POISON = b"GET / HTTP/1.1\r\n\r\n"


class CatchUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-catch-up-")))
        cls.made = Installation.made(cls.folder / "made", simulated=True, **UNLIMITED)
        sample = cls.folder / "country.ndjson"
        assert run(TAMROI, "sample", "--country", "--scale", "0.012", "--to", sample).returncode == 0
        with started(cls.made) as server:
            loaded = run(TAMROI, "--url", f"http://127.0.0.1:{server.port}", "load", sample, "--tokens", cls.made.data / "tokens.json")
            assert loaded.returncode == 0, loaded
            cls.shown = cls.everything(server.rested())
            assert server.stop() == 0

    def setUp(self):
        """The journal of a country, and no read model."""
        at = Path(self.enterContext(tempfile.TemporaryDirectory(dir=self.folder)))
        self.installation = Installation(at, simulated=True, **UNLIMITED, projection={"bulk_records": 1}, threads={"projection": 1})
        shutil.copytree(self.made.data, self.installation.data, ignore=shutil.ignore_patterns("readmodel", "*.sock"))

    @staticmethod
    def everything(server):
        return snapshot.taken(server.client("auditor"), UNITS)

    def building(self, server, streams=0):
        """What it says of the build, once so many streams are whole."""
        def found():
            told = server.readiness()
            self.assertFalse(told["ready"], "it was ready before anything was seen of the build")
            building = told.get("catching_up")
            return told if building and building["streams"] >= streams else None
        return until(found, "it builds the read model")

    def check_the_same(self, server):
        self.assertEqual(snapshot.differences(self.shown, self.everything(server.rested()))[:2], [])

    def ended(self, server):
        said, = server.said("caught up in bulk")
        return said

    def test_until_it_is_built_readers_are_refused_and_told_so(self):
        with started(self.installation) as server:
            told = self.building(server)
            self.assertEqual((told["status"], told["ready"], told["idle"], told["stopped"]), (503, False, False, []))
            self.assertEqual(told["catching_up"]["of_streams"], STREAMS)
            self.assertGreater(told["catching_up"]["of_records"], STREAMS)
            answer = server.client("auditor").get(f"/v1/rounds/{ROUND}/units/2401/results")
            self.assertEqual(answer.status, 503, answer)
            self.check_the_same(server)
            self.assertNotIn("catching_up", server.readiness())
            self.assertEqual(self.ended(server)["streams_taken_over"], 0)
            self.assertEqual(server.stop(), 0)
        self.check_clean()
        with started(self.installation) as server:
            self.check_the_same(server)
            self.assertEqual(server.said("catching up in bulk"), [], "it was built again")
            self.assertEqual(server.stop(), 0)

    def check_clean(self):
        done = run(SERVER, "check", "--config", self.installation.config)
        self.assertEqual(done.returncode, 0, done)

    def test_what_is_sent_meanwhile_is_taken_and_follows(self):
        with started(self.installation) as server:
            self.building(server)
            body = submission("2401")
            answer = server.client("district_officer").post("/v1/submissions", body)
            self.assertEqual(answer.status, 202, answer)
            server.rested()
            self.ended(server)
            self.assertIn(server.client("auditor").get(f"/v1/submissions/{body['id']}").json["verdict"], ("accepted", "rejected"))
            self.assertEqual(server.stop(), 0)
        self.check_clean()

    def test_one_that_was_killed_goes_on_where_it_was(self):
        with started(self.installation) as server:
            whole = self.building(server, streams=5)["catching_up"]["streams"]
            server.kill()
        with started(self.installation) as server:
            self.check_the_same(server)
            self.assertGreaterEqual(self.ended(server)["streams_taken_over"], whole)
            self.assertEqual(server.stop(), 0)
        self.check_clean()

    def test_one_that_is_stopped_does_not_wait_for_its_end(self):
        with started(self.installation) as server:
            whole = self.building(server, streams=1)["catching_up"]["streams"]
            self.assertEqual(server.stop(), 0)
            self.assertEqual(len(server.said("catching up was stopped")), 1)
        with started(self.installation) as server:
            self.check_the_same(server)
            self.assertGreaterEqual(self.ended(server)["streams_taken_over"], whole)

    def test_a_command_waits_for_it(self):
        with started(self.installation) as server:
            self.building(server)
            done = run(SERVER, "check", "--config", self.installation.config)
            self.assertEqual(done.returncode, 0, done)
            self.assertIn(b"this waits for its end", done.stderr)
            self.ended(server)

    def test_a_record_that_cannot_be_folded_stops_its_stream_and_no_other(self):
        journal.appended(self.installation.data / "journal", "24", POISON)
        with started(self.installation) as server:
            stopped = until(lambda: server.readiness()["stopped"], "the stream stops")
            self.assertEqual([each["stream"] for each in stopped], ["24"])
            self.assertEqual(len(server.said("catching up in bulk failed; the journal is followed from where the read model is")), 1)
            client = server.client("auditor")
            path = f"/v1/rounds/{ROUND}/units/5001/results"
            until(lambda: client.get(path).status == 200, "another province is served")
            self.assertEqual(client.get(path).body, self.shown[path][1])

    def test_little_is_followed(self):
        self.installation.settings["projection"]["bulk_records"] = 10**6
        self.installation.stay_at(0)
        with started(self.installation) as server:
            self.check_the_same(server)
            self.assertEqual(server.said("catching up in bulk"), [])

    def test_a_read_model_of_another_journal_is_refused(self):
        with started(self.installation) as server:
            server.rested()
            self.assertEqual(server.stop(), 0)
        other = Installation.made(self.installation.folder / "other", simulated=True)
        shutil.rmtree(self.installation.data / "journal")
        shutil.copytree(other.data / "journal", self.installation.data / "journal")
        (self.installation.data / "heads.json").unlink()
        done = run(SERVER, "--config", self.installation.config)
        self.assertEqual(done.returncode, 1, done)
        said = done.stderr.decode()
        self.assertIn("The read model does not follow from this journal: stream control", said)
        self.assertIn(f"remove {self.installation.data / 'readmodel'} and start again", said)
        self.installation.forget_read_model()
        with started(self.installation) as server:
            server.rested()


if __name__ == "__main__":
    unittest.main()
