"""The log as others see it: followed by a mirror, signed by the steward alone, and never by one whose ledger is not what was signed."""
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import journal
from mirror import Mirror, Receipt
from refusals import NOW, ROUND, control, submission
from servers import SERVER, Installation, run, started, until

ORIGIN = "kpi.example.go.th/test"


class Log(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-log-")))

    def made(self, name="at", **log):
        return Installation.made(self.folder / name, simulated=True, log={"origin": ORIGIN, "interval": "100 ms", **log})

    def serve(self, installation, *flags):
        return self.enterContext(started(installation, *flags))

    def open_round(self, server):
        answer = server.client("ministry_officer").post("/v1/controls", control("round_opened", round=ROUND, revision=1), wait=60, at=NOW)
        self.assertEqual(answer.status, 200, answer)

    def submit(self, server, count, unit="2401"):
        lines = "\n".join(json.dumps(submission(unit)) for _ in range(count)).encode()
        answer = server.client("province_officer").request("POST", "/v1/submissions", lines, {"Content-Type": "application/x-ndjson"})
        self.assertEqual([json.loads(line)["status"] for line in answer.body.splitlines()], [202] * count)
        server.rested()

    def signed(self, server):
        """Waits until a checkpoint covers the whole ledger, and gives it."""
        def whole():
            log = server.readiness()["log"]
            return log.get("signed") == log["entries"] and log
        until(whole, "all of the ledger is signed")
        return Mirror(server.client()).checkpoint()

    def refuses(self, server, *words):
        def said():
            why = server.readiness()["log"].get("trouble", "")
            return all(word in why for word in words) and why
        until(said, f"it says why it does not sign: {words}")
        until(lambda: server.readiness()["status"] == 200, "what is wrong with the log keeps nobody from submitting")


class Mirrored(Log):
    def test_the_log_can_be_followed_from_outside_and_is_the_same_after_every_restart_and_rebuild(self):
        installation = self.made()
        server = self.serve(installation)
        self.assertNotIn("trouble", server.readiness()["log"])
        mirror = Mirror(server.client())
        self.open_round(server)
        sizes = set()
        for count in (1, 2, 300, 299, 1, 50):
            self.submit(server, count)
            self.signed(server)
            sizes.add(mirror.follow().size)
        self.assertEqual(len(sizes), 6)
        checkpoint = mirror.checkpoint()
        self.assertEqual(checkpoint.origin, ORIGIN)
        self.assertEqual(checkpoint.signers(), [ORIGIN])
        self.assertGreater(checkpoint.size, 2 * 256)
        server.stop()
        self.assertEqual([row["leaf"] for row in journal.dumped(installation.data / "journal")["ledger"]], [leaf.hex() for leaf in mirror.leaves])
        for again in ("as it was", "folded again", "built anew"):
            with self.subTest(again):
                if again == "folded again":
                    installation.forget_read_model()
                server = self.serve(installation)
                if again == "built anew":
                    self.assertEqual(run(SERVER, "rebuild", "--config", installation.config).returncode, 0)
                server.rested()
                until(lambda: server.client().get("/v1/log/checkpoint").body == checkpoint.note, "the same checkpoint")
                Mirror(server.client()).follow()
                done = run(SERVER, "check", "--config", installation.config)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.submit(server, 3)
                self.signed(server)
                checkpoint = Mirror(server.client()).follow()
                self.assertEqual(server.stop(), 0)

    def test_only_what_a_checkpoint_covers_is_shown_and_nothing_else_is_a_tile(self):
        server = self.serve(self.made())
        self.open_round(server)
        size = self.signed(server).size
        client = server.client()
        self.assertLess(size, 256)
        self.assertEqual(client.get(f"/v1/log/tile/0/000.p/{size}").status, 200)
        for path in (f"0/000.p/{size + 1}", "0/000", "0/001.p/1", "1/000.p/1", "0/000.p/0", "0/0", "0/000.p/01", "0/x000/001", "0", "9/000", "entries/000",
                     f"entries/000.p/{size + 1}", "data/000.p/1", "0/000.p/1/1"):
            with self.subTest(path):
                self.assertEqual(client.get(f"/v1/log/tile/{path}").status, 404)


class Receipts(Log):
    def test_whoever_sent_something_gets_the_proof_that_it_is_in_the_log(self):
        installation = self.made(interval="60 min")  # but at the start, nothing is signed
        server = self.serve(installation)
        self.open_round(server)
        officer, bodies = server.client("province_officer"), [submission() for _ in range(30)]
        for body in bodies:
            self.assertEqual(officer.post("/v1/submissions", body, wait=60).json["verdict"], "accepted")
        server.rested()
        path = f"/v1/submissions/{bodies[7]['id']}/receipt"
        early = officer.get(path)
        self.assertIn(early.status, (404, 503), early)
        self.assertIn("checkpoint", early.json["problems"][0]["why"])
        self.assertEqual(server.stop(), 0)
        with started(installation) as server:  # and signs what there is
            self.signed(server)
            officer = server.client("province_officer")
            receipts = [Receipt(officer.get(f"/v1/submissions/{body['id']}/receipt").json) for body in bodies]
            for body, receipt in zip(bodies, receipts):
                self.assertTrue(receipt.is_proved())
                self.assertIn(json.dumps(body).encode(), receipt.record)
            self.assertEqual(len({receipt.index for receipt in receipts}), len(bodies))
            self.assertFalse(any(setattr(receipts[0], name, getattr(receipts[1], name)) or receipts[0].is_proved() for name in ("record", "outcome", "leaf")))
            self.assertEqual(server.client("district_officer").get(path).status, 200)
            self.assertEqual(server.client("operator").get(path).status, 403)
            self.assertEqual(server.client().get(path).status, 401)
            self.assertEqual(officer.get(f"/v1/submissions/{submission()['id']}/receipt").status, 404)


class Unsigned(Log):
    def test_without_a_key_the_log_is_kept_and_not_signed(self):
        installation = Installation.made(self.folder / "at", simulated=True)
        server = self.serve(installation)
        self.open_round(server)
        server.rested()
        self.refuses(server, "no key")
        self.assertEqual(server.client().get("/v1/log/checkpoint").status, 404)
        self.assertEqual(server.client().get("/v1/log/tile/0/000.p/1").status, 404)

    def test_a_key_that_others_can_read_refuses_the_start(self):
        installation = self.made()
        key = installation.data / "log.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        shown = run(SERVER, "log-key", "--config", installation.config)
        self.assertEqual(shown.returncode, 0)
        self.assertTrue(shown.stdout.decode().startswith(ORIGIN + "+"), shown)
        key.chmod(0o640)
        done = run(SERVER, "--config", installation.config)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr.decode())


class Forked(Log):
    def prepared(self):
        """An installation as it was, and as it went on: the same key, and checkpoints of what came later."""
        installation = self.made()
        with started(installation) as server:
            self.open_round(server)
            self.signed(server)
            self.assertEqual(server.stop(), 0)
        before = installation.copy(self.folder / "before")
        with started(installation) as server:
            self.submit(server, 20)
            self.signed(server)
            self.assertEqual(server.stop(), 0)
        return before, installation

    def bring_back(self, before, installation):
        """The journal of then, and what the key was used for since."""
        for name in ("journal", "readmodel", "heads.json"):
            there = installation.data / name
            shutil.rmtree(there) if there.is_dir() else there.unlink()
        for name in ("journal", "heads.json"):
            there = before.data / name
            (shutil.copytree if there.is_dir() else shutil.copy)(there, installation.data / name)

    def test_a_ledger_that_was_rolled_back_is_not_signed_nor_what_it_becomes(self):
        before, installation = self.prepared()
        self.bring_back(before, installation)
        server = self.serve(installation)
        server.rested()
        known = Mirror(server.client()).checkpoint()
        self.refuses(server, "rolled back")
        self.assertEqual(server.metrics()["tamroi_log_refused"], 1)
        self.submit(server, 25, unit="2402")
        self.refuses(server, "evidence")
        evidence = list((installation.data / "evidence").glob("*.txt"))
        self.assertEqual(len(evidence), 1)
        said = evidence[0].read_text(encoding="utf-8")
        self.assertIn("the ledger is another", said)
        self.assertIn(f"----\n{ORIGIN}\n", said)
        self.assertEqual(server.metrics()["tamroi_log_contradictions"], 1)
        self.assertEqual(Mirror(server.client()).checkpoint().note, known.note)

    def test_a_checkpoint_of_another_tree_under_the_same_key_is_kept_and_ends_the_signing(self):
        before, installation = self.prepared()
        (before.data / next(before.data.glob("log.key.*.signed")).name).unlink()
        with started(before) as other:
            self.submit(other, 30, unit="2402")
            forged = self.signed(other)
            self.assertEqual(other.stop(), 0)
        for size, note in (("larger", forged.note), ("none", b"no note")):
            journal.appended(installation.data / "journal", "checkpoints", note)
        server = self.serve(installation)
        server.rested()
        known = Mirror(server.client()).checkpoint()
        self.assertLess(known.size, forged.size)
        self.refuses(server, "checkpoint of", str(forged.size))
        self.submit(server, 20)
        self.refuses(server, "evidence")
        self.assertEqual(Mirror(server.client()).checkpoint().note, known.note)
        self.assertEqual(server.stop(), 0)
        with started(installation) as server:
            self.refuses(server, "evidence")


if __name__ == "__main__":
    unittest.main()
