"""The configuration, the roles and the limits of a server, as an operator meets them."""
import tempfile
import unittest
import uuid
from pathlib import Path

import yaml

from servers import ROOT, SERVER, Installation, run, started

UNIT = "/v1/units/24"


def opening():
    return {"id": str(uuid.uuid4()), "type": "round_opened", "round": "2565-2", "revision": 1, "reason": "It begins."}


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def serve(self, *flags, **settings):
        server = started(Installation.made(self.folder, **settings), *flags)
        self.enterContext(server)
        return server

    def enterContext(self, context):
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()


class Configuration(InAFolder):
    def test_all_mistakes_are_told_at_once(self):
        config = self.folder / "tamroi.yaml"
        config.write_text("port: -1\nlimits: {connections: many}\n", encoding="utf-8")
        ended = run(SERVER, "--config", config)
        self.assertEqual(ended.returncode, 1)
        told = ended.stderr.decode().splitlines()
        self.assertEqual(told[0], f"{config}:")
        self.assertEqual([line.split(": ")[:2] for line in told[1:]],
                         [["  line 1", "port"], ["  line 2", "limits.connections"], ["  line 1", "data"]])

    def test_the_sample_serves(self):
        sample = yaml.safe_load((ROOT / "deploy/tamroi.yaml").read_text(encoding="utf-8"))
        elsewhere = {name: value for name, value in sample.items() if name not in ("data", "catalogue", "port")}
        server = self.serve(**elsewhere)
        self.assertEqual(server.client("auditor").get(UNIT).status, 200)


    def test_a_page_is_no_longer_than_it_may_be(self):
        """However many rows are asked for, and all of them are found by following the cursors."""
        operator = self.serve(limits={"page_rows": 2}, projection={"batch_records": 1}).client("operator")
        whole, query = [], "limit=1000"
        while query:
            page = operator.get(f"/v1/accounts?{query}").json
            self.assertLessEqual(len(page["accounts"]), 2)
            whole += [each["account"] for each in page["accounts"]]
            query = f"limit=1000&cursor={page['next_cursor']}" if "next_cursor" in page else None
        self.assertGreater(len(whole), 2)
        self.assertEqual(len(set(whole)), len(whole))


class Roles(InAFolder):
    def test_a_role_is_one_of_three(self):
        self.assertNotEqual(run(SERVER, "--roles=portal", "--config", "/dev/null").returncode, 0)

    def test_all_by_name_are_all(self):
        server = self.serve("--roles=gateway,query,steward")
        self.assertEqual(server.client("auditor").get(UNIT).status, 200)
        self.assertEqual(server.client("ministry_officer").post("/v1/controls", opening(), wait=30).status, 200)

    def test_without_the_gateway_nothing_is_taken(self):
        server = self.serve("--roles=query,steward")
        self.assertEqual(server.client("auditor").get(UNIT).status, 200)
        self.assertEqual(server.client("ministry_officer").post("/v1/controls", opening()).status, 404)

    def test_without_query_nothing_is_read_and_without_the_steward_nothing_is_copied(self):
        server = self.serve("--roles=gateway")
        for path in (UNIT, "/v1/feed"):
            self.assertEqual(server.client("auditor").get(path).status, 404)
        self.assertEqual(server.client("ministry_officer").post("/v1/controls", opening(), wait=1).status, 202)


class Limits(InAFolder):
    def test_who_asks_too_fast_is_told_when_to_come_again(self):
        server = self.serve(limits={"rate_of_account": {"per_second": 0.01, "burst": 3}, "rate_of_address": {"per_second": 0.01, "burst": 40}})
        client = server.client("auditor")
        self.assertEqual([client.get(UNIT).status for _ in range(4)], [200, 200, 200, 429])
        refused = client.get(UNIT)
        self.assertEqual(refused.problems, [("too_many_requests", "")])
        self.assertGreater(int(refused.headers["Retry-After"]), 60)
        self.assertEqual(server.client("operator").get(UNIT).status, 200)
        of_nobody = [server.client().get("/healthz").status for _ in range(40)]
        self.assertEqual(sorted(set(of_nobody)), [200, 429])
        self.assertEqual(server.client("operator").get(UNIT).status, 429)

    def test_below_the_reserve_of_the_disk_nothing_is_taken_but_all_is_read(self):
        server = self.serve(disk={"reserve_bytes": "1048576 GiB"})
        refused = server.client("ministry_officer").post("/v1/controls", opening())
        self.assertEqual((refused.status, refused.problems, refused.headers["Retry-After"]), (503, [("unavailable", "")], "60"))
        self.assertEqual(server.client("auditor").get(UNIT).status, 200)


if __name__ == "__main__":
    unittest.main()
