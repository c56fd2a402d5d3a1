"""How a server begins and ends: what it needs, what it refuses, and what a stop leaves undone: nothing."""
import json
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

import journal
import snapshot
from refusals import NOW, ROUND, control, submission
from servers import ROOT, SERVER, Installation, Server, run, started, until
from wire import answers, connect, read_to_end

QUICKLY = 10  # seconds, on a machine with a lot else to do


class Life(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-life-")))

    def made(self, simulated=True):
        installation = Installation.made(self.folder / "at", simulated=simulated)
        with started(installation) as server:
            opened = control("round_opened", round=ROUND, revision=1)
            answer = server.client("ministry_officer").post("/v1/controls", opened, wait=30, at=NOW if simulated else None)
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(server.rested().stop(), 0)
        return installation, opened

    def check_says(self, done, *words):
        """It refused with sentences that name what is wrong."""
        self.assertEqual(done.returncode, 1, done)
        said = done.stderr.decode()
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("terminate", said)
        return said


class Beginning(Life):
    def serve(self, installation):
        return run(SERVER, "--config", installation.config)

    def test_a_configuration_tells_all_its_problems(self):
        config = self.folder / "server.yaml"
        config.write_text("port: 70000\nsimulated: yes\nhosts: a\nlog_format: xml\ncolour: red\n", encoding="utf-8")
        for command in ([SERVER], [SERVER, "init"]):
            said = self.check_says(run(*command, "--config", config), str(config), *[f"line {n}: " for n in range(1, 6)], "data: it is required")
            self.assertEqual(len(said.splitlines()), 7)
        self.check_says(run(SERVER, "--config", self.folder / "none.yaml"), "none.yaml")
        config.write_text("data: [", encoding="utf-8")
        self.check_says(run(SERVER, "--config", config), "line 1")
        self.assertEqual(run(SERVER).returncode, 2)

    def test_the_first_use_is_made_once(self):
        installation = Installation(self.folder / "at")
        self.check_says(self.serve(installation), "init")
        self.assertEqual(installation.init().returncode, 0)
        before = (installation.tokens, journal.dumped(installation.data / "journal"))
        self.assertEqual((installation.data / "tokens.json").stat().st_mode & 0o777, 0o600)
        self.check_says(installation.init(), str(installation.data), "already")
        self.check_says(installation.init("--simulated"), str(installation.data), "already")
        self.assertEqual((installation.tokens, journal.dumped(installation.data / "journal")), before)
        self.assertEqual(set(installation.tokens), {"district_officer", "province_officer", "ministry_officer", "auditor", "operator"})
        self.assertTrue(all(len(token) == 64 for token in installation.tokens.values()))

    def test_a_catalogue_with_errors_makes_nothing(self):
        broken = self.folder / "2565-2"
        broken.mkdir()
        for path in (ROOT / "schemas/catalogue/2565-2").glob("*.yaml"):
            text = path.read_text(encoding="utf-8")
            (broken / path.name).write_text(text.replace("revision", "revisoin") if path.name == "round.yaml" else text, encoding="utf-8")
        installation = Installation(self.folder / "at", catalogue=str(broken))
        self.check_says(installation.init(), "round.yaml:")
        self.assertFalse((installation.data / "tokens.json").exists())
        self.assertEqual(Installation(self.folder / "at").init().returncode, 0)

    def test_each_clock_for_itself(self):
        for simulated in (True, False):
            installation = Installation.made(self.folder / str(simulated), simulated=simulated)
            other = Installation(self.folder / str(simulated), simulated=not simulated)
            self.check_says(self.serve(other), str(installation.data), "simulated" if simulated else "real")

    def test_one_server_a_directory_and_a_port(self):
        installation, _ = self.made()
        with started(installation) as server:
            said = self.check_says(self.serve(installation), str(installation.data), f"another process ({server.pid})")
            self.assertEqual(len(said.splitlines()), 1)
            self.check_says(installation.init(), str(installation.data))
            elsewhere = Installation(self.folder / "elsewhere", simulated=True, port=server.port)
            self.assertEqual(elsewhere.init("--simulated").returncode, 0)
            self.check_says(self.serve(elsewhere), "in use")
            self.assertEqual(server.rested().readiness()["status"], 200)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(journal.problems_at_rest(journal.dumped(installation.data / "journal")), [])

    def test_again_is_quick_and_knows_everything(self):
        """At once, and not only after a while: outcomes, figures, tokens."""
        installation, opened = self.made()
        with started(installation) as server:
            sent = submission()
            outcome = server.client("province_officer").post("/v1/submissions", sent, wait=30)
            self.assertEqual(outcome.status, 200)
            shown = snapshot.taken(server.rested().client("auditor"), ["2401", "24", "TH"])
            self.assertEqual(server.stop(), 0)
        for _ in range(5):
            began = time.monotonic()
            with started(installation) as server:
                self.assertLess(time.monotonic() - began, QUICKLY)
                repeated = server.client("ministry_officer").post("/v1/controls", opened, wait=30)
                self.assertEqual((repeated.status, len(repeated.json["positions"])), (200, 77), repeated)
                repeated = server.client("province_officer").post("/v1/submissions", sent, wait=30)
                self.assertEqual((repeated.status, repeated.body), (200, outcome.body))
                server.kill()
        with started(installation) as server:
            again = snapshot.taken(server.rested().client("auditor"), ["2401", "24", "TH"])
        for path in shown:
            if path.endswith("/results"):
                self.assertEqual(json.loads(shown[path][1])["indicators"], json.loads(again[path][1])["indicators"])


class Ending(Life):
    def test_what_is_in_flight_is_answered(self):
        """Whoever has begun to ask is answered; what waits for something that does not come is told so; the rest is closed."""
        installation, _ = self.made()
        told = {}
        with started(installation) as server:
            server.rested()
            officer = server.client("province_officer")
            asked = [("read", lambda: server.client("auditor").get(f"/v1/rounds/{ROUND}/units/24/results?after=24:999999"))]
            threads = [threading.Thread(target=lambda name=name, ask=ask: told.update({name: ask()})) for name, ask in asked]
            for thread in threads:
                thread.start()
            until(lambda: server.metrics()["tamroi_http_requests_in_flight"] >= 2, "it is asked, and this")
            idle = connect(server.port)
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(idle.recv(65536).startswith(b"HTTP/1.1 200 "))
            feed = self.feed(server)
            body = json.dumps(submission()).encode()
            half = connect(server.port)
            half.sendall(f"POST /v1/submissions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {officer.token}\r\nPrefer: wait=30\r\n"
                         f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
            until(lambda: server.metrics()["tamroi_http_connections"] >= 5, "all have come")
            began = time.monotonic()
            stopping = threading.Thread(target=lambda: told.update(status=server.stop()))
            stopping.start()
            self.assertEqual(read_to_end(idle), b"")
            read_to_end(feed)
            half.sendall(body[10:])
            answer = answers(read_to_end(half))[0]
            self.assertEqual((answer.status, answer.json["verdict"]), (200, "accepted"))
            for thread in [*threads, stopping]:
                thread.join()
            self.assertLess(time.monotonic() - began, QUICKLY)
        self.assertEqual(told["status"], 0)
        self.assertEqual((told["read"].status, told["read"].problems), (503, [("unavailable", "")]))
        self.assertEqual(server.said("stopped")[0]["all_finished"], True)
        self.assertIn(json.loads(body)["id"], {row["record"]["id"] for row in journal.dumped(installation.data / "journal")["24"]})

    def feed(self, server):
        peer = connect(server.port)
        peer.sendall(f"GET /v1/feed HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token(server, 'auditor')}\r\n\r\n".encode())
        self.assertTrue(peer.recv(65536).startswith(b"HTTP/1.1 200 "))
        return peer

    def token(self, server, role):
        return server.installation.tokens[role]

    def test_what_waits_behind_a_stopped_stream_is_told_that_it_was_taken(self):
        installation, _ = self.made()
        journal.appended(installation.data / "journal", "24", b"\xff")
        told = {}
        with started(installation) as server:
            until(lambda: server.readiness()["stopped"], "the stream stops")
            sent = submission()
            waiting = threading.Thread(target=lambda: told.update(answer=server.client("province_officer").post("/v1/submissions", sent, wait=30)))
            waiting.start()
            until(lambda: server.metrics()["tamroi_submissions_total"] == 1, "it was taken")
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, QUICKLY)
            waiting.join()
        self.assertEqual(told["answer"].status, 202)

    def test_a_second_signal_changes_nothing(self):
        installation, _ = self.made()
        with started(installation) as server:
            server.interrupt()
            server.interrupt()
            self.assertEqual(server.stop(), 0)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))


if __name__ == "__main__":
    unittest.main()
