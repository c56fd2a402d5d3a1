"""An auditor who has tamroi-verify alone: an export, a receipt and a log of a real server, as they are and damaged."""
import json
import random
import shutil
import unittest

from log_test import Log, ORIGIN
from refusals import record, submission
from servers import PROGRAMS, ROOT, SERVER, run, until

VERIFY = PROGRAMS / "tamroi-verify"
TAMROI = PROGRAMS / "tamroi"
DAMAGES = 25


def verify(*command):
    ran = run(VERIFY, *command)
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


class Verified(Log):
    def setUp(self):
        super().setUp()
        self.installation = self.made()
        self.server = self.serve(self.installation)
        self.open_round(self.server)
        self.submit(self.server, 300)
        self.signed(self.server)
        self.url = f"http://127.0.0.1:{self.server.port}"
        shown = run(SERVER, "log-key", "--config", self.installation.config)
        self.key = shown.stdout.decode().strip().splitlines()[-1]
        self.assertTrue(self.key.startswith(ORIGIN + "+"), shown)

    def kept_checkpoint(self, name):
        path = self.folder / name
        path.write_bytes(self.server.client().get("/v1/log/checkpoint").body)
        return path

    def export(self, unit, name):
        pack = self.folder / name
        exported = run(TAMROI, "--url", self.url, "--token", self.installation.tokens["auditor"], "export", "--unit", unit, "--to", pack)
        self.assertEqual(exported.returncode, 0, exported)
        return pack

    def test_an_export_is_verified_and_no_damaged_one(self):
        earlier = self.kept_checkpoint("earlier")
        self.submit(self.server, 20)
        self.signed(self.server)
        pack = self.export("24", "pack")
        code, said, _ = verify("pack", pack, "--key", self.key, "--since", earlier)
        self.assertEqual(code, 0, said)
        self.assertTrue(said.endswith("verified: pack of 24\n"), said)
        self.assertEqual(verify("pack", pack, "--key", self.key.replace(ORIGIN, "another"))[0], 2)
        self.assertEqual(verify("pack", pack)[0], 2)
        self.assertEqual(verify("pack", self.folder / "nowhere", "--key", self.key)[0], 3)
        seed = random.SystemRandom().getrandbits(32)
        print(f"seed {seed}", flush=True)
        chance = random.Random(seed)
        for _ in range(DAMAGES):
            damaged = self.folder / "damaged"
            shutil.copytree(pack, damaged)
            path = chance.choice(sorted(path for path in damaged.rglob("*") if path.is_file() and path.stat().st_size > 0))
            data = bytearray(path.read_bytes())
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            code, said, _ = verify("pack", damaged, "--key", self.key)
            self.assertEqual(code, 1, f"{path} byte {at}: {said}")
            self.assertTrue(said.startswith("refused: "), said)
            shutil.rmtree(damaged)

    def test_a_draft_moves_the_same_out_of_a_pack_as_at_the_server(self):
        found = [{"type": "target_household", "values": {"household": f"h-{n}", "dimensions": ["income"], "source": "missed"}} for n in (1, 2)]
        verified = {"type": "household_verified", "values": {"household": "h-1", "logbook_reference": "1/2565"}}
        body = submission(entries=[{**record(), **each} for each in (*found, verified)])
        taken = self.server.client("province_officer").post("/v1/submissions", body, wait=60)
        self.assertEqual(taken.status, 200, taken)
        self.server.rested()
        self.signed(self.server)
        pack = self.export("24", "of-a-draft")
        draft = self.folder / "draft"
        shutil.copytree(ROOT / "schemas/catalogue/2565-2", draft)
        shutil.copy(ROOT / "schemas/org/org-units.csv", draft / "units.csv")
        rules = draft / "indicator-6.yaml"
        for expected, text in ((False, rules.read_text()), (True, rules.read_text().replace("at_least: 100 %", "at_least: 1 %"))):
            rules.write_text(text)
            asked = [TAMROI, "whatif", "--catalogue", draft, "--json", "--unit", "24"]
            served = run(*asked, "--url", self.url, "--token", self.installation.tokens["auditor"])
            packed = run(*asked, "--from", pack)
            self.assertEqual((served.returncode, packed.returncode), (0, 0), (served, packed))
            told = json.loads(packed.stdout)
            self.assertEqual(told["moves"], json.loads(served.stdout)["moves"])
            self.assertEqual(told["moves"] != [], expected, told)

    def test_a_receipt_is_verified_and_no_damaged_one(self):
        sent = submission("2402")
        client = self.server.client("province_officer")
        self.assertEqual(client.post("/v1/submissions", sent, wait=60).status, 200)
        receipt = self.folder / "receipt"

        def given():
            answer = client.get(f"/v1/submissions/{sent['id']}/receipt")
            return answer.status == 200 and answer
        answer = until(given, "a checkpoint covers it")
        receipt.write_bytes(answer.body)
        code, said, _ = verify("receipt", receipt, "--key", self.key)
        self.assertEqual(code, 0, said)
        self.assertIn("verdict: accepted", said)
        receipt.write_bytes(answer.body.replace(b'"record": "', b'"record": "AAAA', 1))
        self.assertEqual(verify("receipt", receipt, "--key", self.key)[0], 1)

    def test_a_log_is_verified_from_its_address_and_its_checkpoints_continue_one_another(self):
        older = self.kept_checkpoint("older")
        self.submit(self.server, 40)
        self.signed(self.server)
        newer = self.kept_checkpoint("newer")
        address = self.url + "/v1/log"
        code, said, why = verify("log", address, "--key", self.key, "--since", older)
        self.assertEqual(code, 0, said + why)
        self.assertTrue(said.endswith("verified: log\n"), said)
        code, said, why = verify("consistency", older, newer, "--log", address, "--key", self.key)
        self.assertEqual(code, 0, said + why)
        code, said, _ = verify("consistency", newer, older, "--log", address, "--key", self.key)
        self.assertEqual(code, 1)
        self.assertIn("rolled back", said)
        self.assertEqual(verify("checkpoint", newer, "--key", self.key)[0], 0)
        policy = self.folder / "policy"
        policy.write_text(f"log {self.key}\nwitness w witness.example.go.th/w1+dcd8af48+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X\nquorum w\n", encoding="utf-8")
        self.assertEqual(verify("checkpoint", newer, "--policy", policy)[0], 1)


if __name__ == "__main__":
    unittest.main()
