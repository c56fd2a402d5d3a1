"""A sample is made and loaded by the real programs: what becomes of it is what it means, and a cut load goes on."""
import json
import tempfile
import unittest
from pathlib import Path

from servers import PROGRAMS, Installation, run, started

TAMROI = PROGRAMS / "tamroi"
UNLIMITED = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}


def sample(*wish):
    return run(TAMROI, "sample", *wish)


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-sample-")))
        cls.file = cls.folder / "sample.ndjson"
        made = sample("--province", "24", "--scale", "0.03", "--to", cls.file)
        assert made.returncode == 0, made
        cls.lines = cls.file.read_bytes().splitlines(keepends=True)
        cls.installation = Installation.made(cls.folder / "server", simulated=True, **UNLIMITED)

    def load(self, server, *more, given=b""):
        url = f"http://127.0.0.1:{server.port}"
        tokens = self.installation.data / "tokens.json"
        return run(TAMROI, "--url", url, "load", *more, "--tokens", tokens, "--check", given=given)

    def test_a_load_that_was_cut_goes_on(self):
        cut = len(self.lines) // 3
        meant = sum(b'"meant":"rejected"' in line for line in self.lines)
        self.assertGreater(meant, 0)
        with started(self.installation) as server:
            first = self.load(server, "-", given=b"".join(self.lines[:cut]))
            self.assertEqual((first.returncode, first.stderr), (0, b""), first)
        with started(self.installation) as server:
            server.rested()
            rest = self.load(server, self.file)
            self.assertEqual((rest.returncode, rest.stderr), (0, b""), rest)
            self.assertIn(f"{len(self.lines)} lines sent", rest.stdout.decode())
            self.assertRegex(rest.stdout.decode(), r"; [1-9]\d* of them were there already")
            officer = server.client("province_officer")
            levels = officer.get("/v1/rounds/2565-2/units/24/levels?indicator=6").json["levels"]
            self.assertTrue(all(level["districts"]["count"] > 0 for level in levels), levels)
            taken = server.readiness()
            again = self.load(server, self.file)
            self.assertEqual(again.returncode, 0, again)
            self.assertIn("0 were rejected", again.stdout.decode())
            self.assertEqual(server.readiness()["time"][:10], taken["time"][:10])
            results = officer.get("/v1/rounds/2565-2/units/24/results").json
            self.assertEqual(results["as_of"]["recorded_at"][:16], "2022-10-05T11:00")

    def test_the_same_seed_gives_the_same_bytes(self):
        again = sample("--province", "24", "--scale", "0.03")
        self.assertEqual(again.stdout, b"".join(self.lines))
        other = sample("--province", "24", "--scale", "0.03", "--seed", "2")
        self.assertNotEqual(other.stdout, again.stdout)
        for line in self.lines:
            json.loads(line)

    def test_what_cannot_be_meant_is_told(self):
        for wish, why in ((("--province", "2401"), "2401 is no province"), ((), "--province CODE or --country"),
                          (("--country", "--scale", "2"), "--scale"), (("--country", "--entire", "99"), "99 is no province"),
                          (("--country", "--description", "none.yaml"), "none.yaml cannot be read")):
            told = sample(*wish)
            self.assertEqual(told.returncode, 2, told)
            self.assertIn(why, told.stderr.decode())

    def test_a_server_on_the_real_clock_takes_no_history(self):
        real = Installation.made(self.folder / "real")
        with started(real) as server:
            told = run(TAMROI, "--url", f"http://127.0.0.1:{server.port}", "load", self.file, "--tokens", real.data / "tokens.json")
            self.assertEqual(told.returncode, 1)
            self.assertIn("simulated clock", told.stderr.decode())


if __name__ == "__main__":
    unittest.main()
