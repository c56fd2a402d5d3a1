"""A server answers everything that the OpenAPI document describes, and nothing else: one from its first use on is asked
for every status, every code of a problem and every member, and each answer is held against the document."""
import base64
import hashlib
import json
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

import journal
from asking import ROUND, Asker, Asking
from read_model_failure_test import failing_writes
from refusals import control, record, submission
from rejections import Rejections
from servers import PROGRAMS, ROOT, WITHIN, Installation, run, started, until
from wire import answers, read_to_end

SAMPLE = ROOT / "tests" / "scenarios" / "chachoengsao.scenario"
NOW = "2022-09-02T03:00:00Z"  # after the sample
NATIONAL_ID = "1101700230708"
CONNECTIONS_OF_ADDRESS_MAX = 64
# The first is seen by tests/contract/kafka_journal_test.cpp, the second by tests/system/cosigned_test.py.
READINESS = "#/components/schemas/Readiness"
# Seen by tests of their own: of a journal in Kafka, of witnesses, of a long journal.
ONLY_ELSEWHERE = [(READINESS, "trouble"), (f"{READINESS}/properties/log", "cosigned"), (READINESS, "catching_up"),
                  *[(f"{READINESS}/properties/catching_up", name) for name in ("records", "of_records", "streams", "of_streams")]]
OF_A_PART = ("any", 503, "application/problem+json", "not_followed")  # tests/system/subset_test.py sees it
OF_A_UNIT = ("results", "indicator", "history", "levels", "facts")


def lined(bodies):
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


class Answers(Rejections):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-api-"))
        cls.installation = Installation.made(Path(cls.folder), simulated=True, log={"origin": "kpi.example.go.th/api", "interval": "100 ms"})
        cls.asker = Asker()

    def test_everything(self):
        with started(self.installation) as server:
            self.asker.meet(server)
            server.rested()
            self.before_the_round()
            self.play_the_sample(server)
            waiting = threading.Thread(target=self.beyond_the_end)
            waiting.start()
            for part in (self.any_operation, self.not_found, self.bad_questions, self.doors, self.lines, self.rejected_submissions,
                         self.rejected_controls, self.accounts, self.facts, self.results, self.past, self.audit, self.pages, self.feed, self.log,
                         self.too_many):
                with self.subTest(part.__name__):
                    part()
            waiting.join()
            self.assertEqual(server.stop(), 0)
        self.an_unsigned_log()
        journal.appended(self.installation.data / "journal", "10", b"this is no record")
        with started(self.installation) as server:
            self.asker.meet(server)
            self.a_broken_stream(server)
            self.a_read_model_that_fails(server)
        self.assertEqual(self.asker.answered.unseen(), [OF_A_PART])
        self.assertEqual(self.asker.answered.unseen_members(), sorted(ONLY_ELSEWHERE))

    def before_the_round(self):
        for name in OF_A_UNIT:
            self.ask(name, 404, ("round_not_open", ""), query={"indicator": 7} if name == "levels" else ())
        self.reject_control("round_not_open", "/round", "round_closed")

    def play_the_sample(self, server):
        done = run(PROGRAMS / "tamroi-scenarios", "--url", f"http://127.0.0.1:{server.port}", "--tokens", self.installation.data / "tokens.json",
                   "--catalogues", ROOT / "schemas" / "catalogue", SAMPLE)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.ask("submit", 200, body=submission(), headers={"Tamroi-Time": NOW, "Prefer": "wait=30"})

    def beyond_the_end(self):
        self.ask("results", 503, ("unavailable", ""), query={"after": "24:999999"})

    def any_operation(self):
        """What is refused whatever is asked."""
        for name, (method, _) in self.asker.document.operations.items():
            operation = self.asker.document.operation(name)
            known = operation.get("security") != []
            self.ask(name, 400, ("malformed", ""), headers={"Upgrade": "h2c"})
            self.ask(name, 417, ("expectation_failed", ""), headers={"Expect": "miracles"})
            self.ask(name, 400, ("unknown_field", "/lmit"), query={"lmit": 5})
            self.ask(name, 400, ("unknown_field", "/a~1b"), ("unknown_field", "/c"), query=[("a/b", 1), ("a/b", 2), ("c", "")])
            self.ask(name, 413, ("too_large", ""), body=b" " * ((1 << 20) + 1 if method == "POST" else 1))
            if known:
                self.ask(name, 401, ("unauthorized", ""), who="nobody")
            if "403" in operation["responses"]:
                without = next(role for role in self.installation.tokens if role not in operation["x-roles"])
                self.ask(name, 403, ("not_permitted", ""), who=without)
            if known and method == "GET":
                for after in ("24", "R4:1", "24:x", ""):
                    self.ask(name, 400, ("bad_value", "/after"), query={"after": after})
                self.ask(name, 400, ("bad_value", "/after"), query=[("after", "24:1"), ("after", "24:1")])

    def not_found(self):
        nowhere = {"round": "2565-1", "unit": "9999", "indicator": 8}
        for name in OF_A_UNIT:
            for word in nowhere.keys() & {word for where, word in self.asker.document.parameters(name) if where == "path"}:
                query = {"indicator": 7} if name == "levels" else ()
                self.ask(name, 404, ("not_found", ""), about={word: nowhere[word]}, query=query)
        self.ask("unit", 404, ("not_found", ""), about={"unit": "9999"})
        self.ask("submission", 404, ("not_found", ""))
        self.ask("control", 404, ("not_found", ""))
        self.ask("history", 404, ("not_found", ""), about={"unit": "R4"})
        self.ask("levels", 404, ("not_found", ""), about={"unit": "2401"}, query={"indicator": 7})

    def bad_questions(self):
        def bad(name, word, value, **more):
            self.ask(name, 400, ("bad_value", f"/{word}"), query={**more, word: value})
        for name in ("results", "indicator", "levels", "facts"):
            more = {"indicator": 7} if name == "levels" else {}
            for revision in ("", "0", "3", "-1", "x", "1.0", "99999999999"):
                bad(name, "revision", revision, **more)
            for as_of in ("", "24", "24:99999", "20:1", "control:1", "ledger:99999", "2922-08-01T00:00:00Z", "2022-08-01"):
                bad(name, "as_of", as_of, **more)
            bad(name, "fold", "2", **more)
        self.ask("history", 400, ("unknown_field", "/as_of"), query={"as_of": "24:1"})
        self.ask("levels", 400, ("bad_value", "/indicator"))
        for name, words in {"levels": {"indicator": ("", "8", "x")}, "submission": {"unit": ("", "R4", "9999"), "position": ("", "24", "99:1")},
                            "history": {"limit": ("", "0", "1001"), "cursor": ("", "x", "-1")}, "accounts": {"limit": ("0",), "cursor": ("", "a b")},
                            "facts": {"limit": ("0",), "cursor": ("", "24", "24:5"), "type": ("", "x"), "entity": ("", "a b"), "live": ("", "yes")},
                            "feed": {"round": ("", "2565-1"), "unit": ("", "9999"), "indicator": ("", "0", "x")}}.items():
            for word, values in words.items():
                for value in values:
                    bad(name, word, value)
        for cursor in ("x", "1", "99999999.0", "1.x"):
            self.ask("feed", 400, ("bad_value", ""), headers={"Last-Event-ID": cursor})

    def past(self):
        """What is told as of where everything stands is what is told now, but for whether more can come."""
        for name in ("results", "indicator", "levels", "facts"):
            more = {"indicator": 7} if name == "levels" else {}
            now = self.ask(name, 200, query=more).json
            offset = now["as_of"]["positions"]["24"]
            then = self.ask(name, 200, query={**more, "as_of": f"24:{offset}"}).json
            self.assertTrue(then["as_of"]["complete"])
            self.assertEqual(then, {**now, "as_of": {**now["as_of"], "complete": True}}, name)
            # In which order provinces were published first is nobody's: not as of an early entry.
            published = self.ask("readiness", 200).json["ledger"] - 1
            self.ask(name, 200, query={**more, "as_of": f"ledger:{published}"})
            self.ask(name, 200, query={**more, "as_of": "24:2", "fold": "current"})
            self.ask(name, 404, ("round_not_open", ""), query={**more, "as_of": "24:0"})

    def audit(self):
        self.ask("streams", 200)
        for stream in ("24", "control", "ledger", "checkpoints"):
            page = self.ask("records", 200, about={"stream": stream}, query={"limit": 2, "outcome": "true"}).json
            for stored in page["records"]:
                self.assertEqual(hashlib.sha256(base64.b64decode(stored["bytes"])).hexdigest(), stored["sha256"])
        twice = submission()
        for _ in range(2):
            self.ask("submit", 200, body=twice, wait=30)
        self.ask("records", 200, query={"limit": 1000, "outcome": "true"})
        self.ask("records", 404, ("not_found", ""), about={"stream": "99"})
        bad = [submission("2401", entries=[5]) for _ in range(2)]
        for body in bad:
            self.assertEqual(self.asker.ask("submit", body=body, wait=30).status, 422)
        page = self.ask("submissions", 200, about={"unit": "2401"}, query={"verdict": "rejected", "limit": 1}).json
        self.assertEqual([each["id"] for each in page["submissions"]], [bad[1]["id"]])
        page = self.ask("submissions", 200, about={"unit": "2401"}, query={"verdict": "rejected", "limit": 1, "cursor": page["next_cursor"]}).json
        self.assertEqual([each["id"] for each in page["submissions"]], [bad[0]["id"]])
        self.ask("submissions", 404, ("not_found", ""), about={"unit": "9999"}, query={"verdict": "rejected"})
        for query in ((), {"verdict": "accepted"}):
            self.ask("submissions", 400, ("bad_value", "/verdict"), query=query)
        files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "schemas/catalogue/2565-2").glob("*.yaml")}
        files["units.csv"] = (ROOT / "schemas/org/org-units.csv").read_text(encoding="utf-8")
        self.assertEqual(self.ask("what_if", 200, body={"files": files}).json["moves"], [])
        easier = {**files, "indicator-6.yaml": files["indicator-6.yaml"].replace("at_least: 100 %", "at_least: 1 %")}
        self.assertNotEqual(self.ask("what_if", 200, body={"files": easier}, query={"unit": "24"}).json["moves"], [])
        silent = {name: text.replace("radio", "wireless") for name, text in files.items()}
        moves = self.ask("what_if", 200, body={"files": silent}, query={"unit": "24"}).json["moves"]
        self.assertTrue(any(move["accepted"]["after"] < move["accepted"]["before"] for move in moves if "accepted" in move), moves)
        split = files["units.csv"] + next(line for line in files["units.csv"].splitlines(True) if line.startswith("2402,")).replace("2402,", "2499,", 1)
        moved = self.ask("what_if", 200, body={"files": {**files, "units.csv": split}}, query={"unit": "24"}).json["moves"]
        self.assertEqual({move["unit"] for move in moved}, {"24", "2499"})  # weeks and months are counted over districts
        self.ask("what_if", 400, ("bad_value", "/files"))
        self.ask("what_if", 404, ("not_found", ""), about={"round": "2565-1"}, body={"files": files})
        self.assertEqual(self.asker.ask("what_if", body={"files": {"none.yaml": ""}}).status, 422)
        self.previews()

    def previews(self):
        before = self.ask("streams", 200).json
        household = {**record(), "type": "target_household", "values": {"household": "h-previewed", "dimensions": ["income"], "source": "missed"}}
        told = self.ask("submit", 200, query={"preview": "true"}, body=submission(entries=[household])).json
        self.assertEqual((told["verdict"], [above["unit"] for above in told["above"]]), ("accepted", ["R4", "TH"]))
        self.assertEqual(self.asker.ask("submit", query={"preview": "true"}, body=submission(entries=[5])).json["verdict"], "rejected")
        self.ask("submit", 400, ("bad_value", "/preview"), query={"preview": "x"}, body=submission())
        self.assertEqual(self.ask("streams", 200).json, before)

    def doors(self):
        self.ask("submit", 400, ("malformed", "/id"), ("malformed", "/unit"), ("malformed", "/round"), ("malformed", "/entries"))
        self.ask("submit", 403, ("not_permitted", "/unit"), body=submission("2501"))
        self.ask("submit", 413, ("too_large", "/entries"), body=submission(entries=[0] * 10_001))
        self.ask("submit", 422, ("unknown_unit", "/unit"), body=submission("R4"))
        self.ask("submit", 422, ("personal_data", "/letter"), body=submission(letter=NATIONAL_ID))
        self.ask("submit", 400, ("malformed", ""), body=submission(), headers={"Tamroi-Time": "2022-04-01T00:00:00Z"})
        self.ask("submit", 202, body=submission())
        self.ask("send_control", 400, ("malformed", "/id"), ("malformed", "/type"))
        self.ask("send_control", 403, ("not_permitted", "/type"), who="ministry_officer", body=control("account_revoked", account="x"))
        self.ask("send_control", 422, ("personal_data", "/reason"), body=control("anything") | {"reason": NATIONAL_ID})
        self.ask("send_control", 202, body=control("anything"))

    def lines(self):
        bodies = [submission(), submission("2501"), submission(letter=NATIONAL_ID), {"id": "x"}, submission(entries=[5])]
        wanted = {None: [202, 403, 422, 400, 202], 30: [200, 403, 422, 400, 422]}
        for wait, statuses in wanted.items():
            fresh = [body | {"id": submission()["id"]} if body["id"] != "x" else body for body in bodies]
            fresh[0]["entries"] = [record()]
            answer = self.ask("submit", 200, body=lined(fresh), wait=wait, headers={"Content-Type": "application/X-NDJSON ; charset=utf-8"})
            self.assertEqual([json.loads(line)["status"] for line in answer.body.splitlines()], statuses)
        self.ask("submit", 413, ("too_large", ""), body=b"{}\n" * 10_001, headers={"Content-Type": "application/x-ndjson"})

    def accounts(self):
        self.grant("passing", "district_officer", "2402", expires_on="2022-12-31")
        self.accept_control("operator", control("account_revoked", account="passing"))
        self.ask("units", 401, ("unauthorized", ""), who="passing")
        self.feed_ends_with_its_account()

    def feed_ends_with_its_account(self):
        """However it began, at the head or behind it; of another account it goes on."""
        self.grant("watching", "auditor", "TH")
        opened = [self.asker.open_feed(who, after=after) for who in ("watching", "auditor") for after in (None, "0.0")]
        for _, response in opened:
            self.assertEqual(response.readline()[:6], b"event:")
        self.accept_control("operator", control("account_revoked", account="watching"))
        within = time.monotonic() + WITHIN
        for connection, response in opened[:2]:
            for _ in iter(response.readline, b""):
                self.assertLess(time.monotonic(), within, "the feed goes on")
            connection.close()
        for connection, response in opened[2:]:
            self.assertTrue(response.readline())
            connection.close()

    def facts(self):
        fact = record()
        self.ask("submit", 200, body=submission(entries=[fact]), wait=30)
        moved = {key: fact[key] for key in ("fact", "values")} | {"op": "correct", "occurred_on": "2022-08-02"}
        self.ask("submit", 200, body=submission(entries=[moved]), wait=30)
        plot = record() | {"type": "plot", "values": {"plot": "p-api", "kind": "CLM"}}
        self.ask("submit", 200, body=submission(entries=[plot], letter="1/2565"), wait=30)
        self.ask("submit", 200, body=submission(entries=[{"op": "withdraw", "fact": fact["fact"]}]), wait=30)
        for query in ({}, {"live": "false"}, {"type": "plot", "entity": "p-2401-1", "live": "true", "revision": 2}):
            for who in ("district_officer", "auditor"):
                found = self.ask("facts", 200, who=who, about={"unit": "2401"}, query=query).json["facts"]
                self.assertTrue(found, query)
        self.ask("facts", 403, ("not_permitted", ""), who="district_officer", about={"unit": "24"})

    def results(self):
        for unit in ("2401", "2405", "24", "R4", "R1", "TH", "10"):
            for query in ({}, {"revision": 1}, {"revision": 2, "after": "24:5"}):
                self.ask("results", 200, about={"unit": unit}, query=query)
                for indicator in (5, 6, 7):
                    self.ask("indicator", 200, about={"unit": unit, "indicator": indicator}, query=query)
                    if len(unit) == 2:
                        self.ask("levels", 200, about={"unit": unit}, query={"indicator": indicator, **query})
        self.ask("history", 200, about={"unit": "2401", "indicator": 6})
        for name in ("liveness", "readiness", "metrics", "units"):
            self.ask(name, 200)
        for unit in ("2401", "24", "R4", "TH"):
            self.ask("unit", 200, about={"unit": unit})

    def pages(self):
        """However small the pages are, together they tell the same."""
        for name, member in (("history", "changes"), ("facts", "facts"), ("accounts", "accounts")):
            whole = self.ask(name, 200, query={"limit": 1000}).json
            self.assertNotIn("next_cursor", whole)
            rows, cursor = [], {}
            while cursor is not None:
                page = self.ask(name, 200, query={"limit": 3, **cursor}).json
                rows += page[member]
                cursor = {"cursor": page["next_cursor"]} if "next_cursor" in page else None
            self.assertEqual(rows, whole[member])
            self.assertGreater(len(rows), 3)

    def feed(self):
        schemas = {"change": "#/components/schemas/Change", "position": "#/components/schemas/FeedPosition"}
        for query, after, wanted in (({}, None, {"position"}), ({}, "0.0", {"change"}), ({"unit": "R4", "round": ROUND, "indicator": 7}, "0.0", {"change"})):
            _, events = self.asker.feed("auditor", query, after, 1 if after is None else 40)
            for event in events:
                self.asker.answered.take_value("#/components/schemas/FeedEvent", event, "an event")
                self.asker.answered.take_value(schemas[event["event"]], json.loads(event["data"]), f"an event of {query}")
            self.assertLessEqual(wanted, {event["event"] for event in events})

    def log(self):
        body = submission()
        self.ask("submit", 200, body=body, wait=30)
        about = {"id": body["id"]}
        until(lambda: self.asker.ask("receipt", about=about).status == 200, "a checkpoint covers it")
        self.ask("receipt", 200, about=about)
        self.ask("receipt", 403, ("not_permitted", ""), who="district_officer", about={"id": self.of_another_district()})
        self.ask("receipt", 400, ("bad_value", "/unit"), about=about, query={"unit": "R4"})
        self.ask("log_checkpoint", 200)
        self.ask("log_tile", 200)
        self.ask("log_tile", 404, ("not_found", ""), about={"tile": "9/000"})
        page = self.ask("access", 200, query={"limit": 2}).json
        self.ask("access", 200, query={"from": page["next_cursor"], "limit": 1000})
        self.ask("access", 400, ("bad_value", "/from"), query={"from": "x"})

    def of_another_district(self):
        body = submission("2402")
        self.ask("submit", 200, body=body, wait=30)
        return body["id"]

    def an_unsigned_log(self):
        with started(Installation.made(Path(self.folder) / "unsigned", simulated=True)) as server:
            unsigned = Asker()
            unsigned.answered = self.asker.answered
            unsigned.meet(server)
            for name in ("log_checkpoint", "receipt"):
                self.assertEqual(unsigned.ask(name).status, 404)
            server.rested()
            self.assertIn("trouble", unsigned.ask("readiness").json["log"])

    def too_many(self):
        """Of all operations the same, since it is said before anything is asked."""
        held = []
        turned_away = until(lambda: self.turned_away(held), "an address has too many connections")
        for name in self.asker.document.operations:
            self.asker.answered.take(name, turned_away)
        self.assertLessEqual(len(held), CONNECTIONS_OF_ADDRESS_MAX)
        for connection in held:
            connection.close()

    def turned_away(self, held):
        """One more connection; what was said on it, if it was turned away."""
        connection = socket.create_connection(("127.0.0.1", self.asker.port), timeout=60)
        held.append(connection)
        if len(held) <= CONNECTIONS_OF_ADDRESS_MAX - 4:
            return None
        connection.settimeout(0.2)
        try:
            said = answers(read_to_end(connection, within=0.2))
        except TimeoutError:
            return None
        held.remove(connection)
        connection.close()
        return said[0]

    def a_broken_stream(self, server):
        for unit in ("24", "TH"):
            until(lambda about=unit: self.was_read(about), "what there is of a unit is read")
        until(lambda: server.readiness()["stopped"], "a stream stops")
        self.ask("readiness", 503)
        body = control("target_set", round=ROUND, unit="24", indicator=7, measure="grade_a", value=5, letter={"number": "1", "issued_on": "2022-08-01"})
        taken = self.ask("send_control", 202, who="ministry_officer", body=body, wait=1).json
        self.assertEqual(self.ask("control", 200, who="auditor", about={"id": taken["id"]}).json["verdict"], "pending")
        lost = submission("10")
        taken = self.ask("submit", 202, who="officer-10", body=lost, wait=1).json
        at = "{stream}:{offset}".format(**taken["position"])
        pending = self.ask("submission", 200, who="officer-10", about={"id": lost["id"]}, query={"position": at, "unit": "10"})
        self.assertEqual(pending.json["verdict"], "pending")

    def a_read_model_that_fails(self, server):
        with failing_writes(server, Path(self.folder) / "trace", "error=EIO"):
            self.ask("submit", 202, body=submission())
            until(lambda: "read_model" in server.readiness(), "the read model fails")
            self.ask("readiness", 503)
        until(lambda: "read_model" not in server.readiness(), "it is open again")

    def was_read(self, unit):
        """A server that has just begun does not say that a round is not open before it knows."""
        answer = self.asker.ask("results", about={"unit": unit})
        self.assertIn(answer.status, (200, 503), answer)
        return answer.status == 200


if __name__ == "__main__":
    unittest.main()
