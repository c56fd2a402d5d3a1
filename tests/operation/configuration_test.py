#!/usr/bin/env python3
"""The server's configuration, roles and limits, as an operator meets them."""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import uuid

from running import ROOT, Server

PROGRAM = sys.argv.pop(1)
OPENING = {"id": str(uuid.uuid4()), "type": "round_opened", "round": "2565-2", "revision": 1, "reason": "Opening."}


class Configuration(unittest.TestCase):
    def test_all_mistakes_are_told_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "tamroi.yaml"
            config.write_text("port: -1\nlimits: {connections: many}\n")
            ended = subprocess.run([PROGRAM, "--config", config], capture_output=True, text=True, check=False)
            self.assertEqual(ended.returncode, 1)
            self.assertEqual(len(ended.stderr.splitlines()), 4, ended.stderr)
            self.assertIn(f"{config}:\n  line 1: port: ", ended.stderr)

    def test_the_sample_serves(self):
        sample = (ROOT / "deploy/tamroi.yaml").read_text()
        moved = [line for line in sample.splitlines() if not line.startswith(("data:", "catalogue:", "port:"))]
        with Server(PROGRAM, "\n".join(moved) + "\n") as server:
            self.assertEqual(server.get("/v1/units/24", "auditor")[0], 200)

    def test_a_role_is_one_of_three(self):
        ended = subprocess.run([PROGRAM, "--roles=portal", "--config", "/dev/null"], capture_output=True, check=False)
        self.assertNotEqual(ended.returncode, 0)


class Roles(unittest.TestCase):
    def test_all_by_name_are_all(self):
        with Server(PROGRAM, "simulated: false\n", roles="gateway,query,steward") as server:
            self.assertEqual(server.get("/v1/units/24", "auditor")[0], 200)
            status, _, answered = server.post("/v1/controls", "ministry_officer", OPENING, {"Prefer": "wait=20"})
            self.assertEqual(status, 200, answered)

    def test_without_the_gateway_nothing_is_taken(self):
        with Server(PROGRAM, roles="query,steward") as server:
            self.assertEqual(server.get("/v1/units/24", "auditor")[0], 200)
            status, _, answered = server.post("/v1/controls", "ministry_officer", OPENING)
            self.assertEqual(status, 404, answered)

    def test_without_query_nothing_is_read_and_without_the_steward_nothing_is_copied(self):
        with Server(PROGRAM, roles="gateway") as server:
            self.assertEqual(server.get("/v1/units/24", "auditor")[0], 404)
            self.assertEqual(server.get("/v1/feed", "auditor")[0], 404)
            status, _, answered = server.post("/v1/controls", "ministry_officer", OPENING, {"Prefer": "wait=1"})
            self.assertEqual(status, 202, answered)


class Limits(unittest.TestCase):
    def test_an_account_and_an_address_that_ask_too_fast_are_told_when_to_come_again(self):
        settings = "limits: {rate_of_account: {per_second: 0.01, burst: 3}, rate_of_address: {per_second: 0.01, burst: 1000}}\n"
        with Server(PROGRAM, settings) as server:
            statuses = [server.get("/v1/units/24", "auditor")[0] for _ in range(4)]
            self.assertEqual(statuses, [200, 200, 200, 429])
            _, headers, body = server.ask("GET", "/v1/units/24", "auditor")
            self.assertGreater(int(headers["Retry-After"]), 60)
            self.assertIn("too_many_requests", body)
            self.assertEqual(server.get("/v1/units/24", "operator")[0], 200)
            for _ in range(1000):
                if server.get("/healthz")[0] == 429:
                    break
            self.assertEqual(server.get("/v1/units/24", "operator")[0], 429)

    def test_below_the_reserve_of_the_disk_nothing_is_taken_but_all_is_read(self):
        with Server(PROGRAM, "disk: {reserve_bytes: 1048576 GiB}\n") as server:
            status, headers, answered = server.post("/v1/controls", "ministry_officer", OPENING)
            self.assertEqual((status, headers["Retry-After"]), (503, "60"), answered)
            self.assertEqual(server.get("/v1/units/24", "auditor")[0], 200)


if __name__ == "__main__":
    unittest.main()
