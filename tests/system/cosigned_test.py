"""Witnesses of other institutions: what they cosign, what the log does without them, and that a second history is found."""
import shutil
import subprocess
import unittest

from log_test import ORIGIN, Log
from mirror import Mirror, Receipt
from refusals import submission
from servers import PROGRAMS, SERVER, run, started, until

WITNESS = PROGRAMS / "tamroi-witness"


class Witness:
    """Of an institution of its own; where it listens stays the same."""

    def __init__(self, folder, name, log_key):
        folder.mkdir()
        self.folder, self.name, self.log_key, self.port = folder, name, log_key, 0
        made = run(WITNESS, "key", "--name", name, "--to", folder / "key")
        assert made.returncode == 0, made
        self.key = made.stdout.decode().split()[0]
        self.start()

    def start(self):
        self.child = subprocess.Popen([WITNESS, "run", "--key", self.folder / "key", "--state", self.folder / "state", "--log", self.log_key,
                                       "--port", str(self.port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.child.stdout.readline().strip()
        self.port = int(self.url.rpartition(":")[2])

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


class Cosigned(Log):
    def made_with_witnesses(self):
        installation = self.made()
        key = run(SERVER, "log-key", "--config", installation.config).stdout.decode().strip()
        self.witnesses = [Witness(self.folder / name, f"{name}.example.go.th/1", key) for name in ("one", "two")]
        for witness in self.witnesses:
            self.addCleanup(witness.kill)
        lines = [f"log {key}", *[f"witness {each.folder.name} {each.key} {each.url}" for each in self.witnesses], "group both all one two", "quorum both"]
        (installation.data / "witnesses").write_text("\n".join(lines) + "\n", encoding="utf-8")
        installation.settings["log"]["witnesses"] = "witnesses"
        installation.stay_at(0)  # writes the configuration
        return installation

    def cosigned(self, server):
        """Waits until witnesses have cosigned all of the ledger, and gives what is shown then."""
        def whole():
            log = server.readiness()["log"]
            return log.get("cosigned") == log["entries"]
        until(whole, "witnesses cosign all of the ledger")
        return Mirror(server.client()).checkpoint()

    def names(self):
        return [ORIGIN, *[each.name for each in self.witnesses]]

    def test_checkpoints_are_cosigned_and_where_a_witness_is_away_they_are_later(self):
        server = self.serve(self.made_with_witnesses())
        self.open_round(server)
        self.assertEqual(sorted(self.cosigned(server).signers()), sorted(self.names()))
        body = submission()
        self.assertEqual(server.client("province_officer").post("/v1/submissions", body, wait=60).status, 200)
        path = f"/v1/submissions/{body['id']}/receipt"

        def cosigned_receipt():
            got = server.client("province_officer").get(path)
            receipt = got.status == 200 and Receipt(got.json)
            return receipt and sorted(receipt.checkpoint.signers()) == sorted(self.names()) and receipt
        self.assertTrue(until(cosigned_receipt, "a cosigned checkpoint covers it").is_proved())
        self.witnesses[1].kill()
        self.submit(server, 5)
        self.assertIn(self.witnesses[0].name, until(lambda: (one := self.signed(server)) and len(one.signers()) > 1 and one, "one still cosigns").signers())
        log = server.readiness()["log"]
        self.assertLess(log["cosigned"], log["signed"])
        self.witnesses[1].start()
        self.assertEqual(sorted(self.cosigned(server).signers()), sorted(self.names()))
        Mirror(server.client()).follow()
        self.assertNotIn("trouble", server.readiness()["log"])

    def test_a_second_history_under_the_same_key_is_found_by_the_witnesses(self):
        """Nothing else remembers the first one: all of the data directory was brought back."""
        installation = self.made_with_witnesses()
        with started(installation) as server:
            self.open_round(server)
            self.cosigned(server)
            self.assertEqual(server.stop(), 0)
        before = installation.copy(self.folder / "before")
        with started(installation) as server:
            self.submit(server, 20)
            known = self.cosigned(server)
            self.assertEqual(server.stop(), 0)
        server = self.serve(before)
        self.refuses(server, "rolled back", str(known.size))
        self.submit(server, 30, unit="2402")
        self.refuses(server, "evidence")
        evidence, = (before.data / "evidence").glob("*.txt")
        self.assertIn(known.note.decode().partition("\n\n")[0], evidence.read_text(encoding="utf-8"))
        self.assertLess(Mirror(server.client()).checkpoint().size, known.size)

    def test_after_a_restore_nothing_is_signed_until_witnesses_have_told(self):
        installation = self.made_with_witnesses()
        with started(installation) as server:
            self.open_round(server)
            self.cosigned(server)
            self.assertEqual(run(SERVER, "backup", "--config", installation.config, "--to", self.folder / "backup").returncode, 0)
            self.assertEqual(server.stop(), 0)
        tokens = (installation.data / "tokens.json").read_bytes()
        shutil.rmtree(installation.data)
        self.assertEqual(run(SERVER, "restore", "--config", installation.config, "--from", self.folder / "backup").returncode, 0)
        self.assertTrue((installation.data / "restored").exists())
        (installation.data / "tokens.json").write_bytes(tokens)
        self.witnesses[0].kill()
        server = self.serve(installation)
        self.refuses(server, "backup was restored")
        self.witnesses[0].start()
        until(lambda: not (installation.data / "restored").exists(), "what was not known is known")
        self.submit(server, 5)
        self.cosigned(server)
        self.assertNotIn("trouble", server.readiness()["log"])


if __name__ == "__main__":
    unittest.main()
