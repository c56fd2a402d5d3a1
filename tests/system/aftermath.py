"""Officers and ministry send to a server that comes and goes; what must then be there.

TAMROI_SEED repeats a run's choices, as far as threads and a machine's load repeat anything.
"""
import json
import os
import random
import shutil
import tempfile
import unittest
from collections import Counter
from hashlib import sha256
from pathlib import Path

import expected
import journal
import snapshot
from load import ROUND, Controller, Officer
from senders import Address
from servers import Installation, started

OFFICERS = {"2401": "district_officer", "2402": "province_officer", "5001": None, "1010": None}  # unit → account of the first use
UNITS = ["2401", "2402", "24", "5001", "50", "1010", "10", "1101", "11", "R4", "TH"]
LETTER = {"number": "มท 0409.2/ว 367", "issued_on": "2022-08-03"}



def ministry_controls():
    for month in range(4, 10):
        for unit in ("24", "50", "10"):
            yield {"type": "period_closed", "round": ROUND, "month": f"2022-{month:02}", "unit": unit}
        yield {"type": "target_set", "round": ROUND, "unit": "24", "indicator": 7, "measure": "grade_a", "value": 50 + month, "letter": LETTER}
    for unit in ("24", "TH"):
        yield {"type": "criteria_revised", "round": ROUND, "revision": 2, "letter": LETTER, "unit": unit}


def operator_controls():
    for n in range(20):
        yield {"type": "account_granted", "account": f"a-{n}", "role": "auditor", "unit": "TH", "token_sha256": f"{n:064x}"}
        yield {"type": "account_revoked", "account": f"a-{n}"}


class Aftermath(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("TAMROI_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {self.seed}", flush=True)
        self.chance = random.Random(self.seed)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-load-")))
        # As fast as it goes: nobody is told to come later.
        self.installation = Installation.made(self.folder / "at", limits={"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}})
        self.address = Address()
        self.addCleanup(self.address.end)

    def begin(self, breath=0):
        """Everybody sends, as soon as the address is somewhere."""
        with started(self.installation) as server:
            tokens = self.open_round(server)
            self.assertEqual(server.stop(), 0)
        self.begin_to_send(tokens, breath)

    def begin_to_send(self, tokens, breath):
        self.senders = [Officer(self.address, tokens[unit], self.seed + n, unit) for n, unit in enumerate(OFFICERS)]
        self.controllers = [
            Controller(self.address, self.installation.tokens["ministry_officer"], self.seed + 10, ministry_controls(), 0.4),
            Controller(self.address, self.installation.tokens["operator"], self.seed + 11, operator_controls(), 0.4)]
        self.senders += self.controllers
        for sender in self.senders:
            sender.breath = breath
            sender.start()

    def open_round(self, server, *more):
        """The round is open, and each officer has a token, of more districts too."""
        tokens = {unit: self.installation.tokens[role] for unit, role in OFFICERS.items() if role}
        controls = [("ministry_officer", {"type": "round_opened", "round": ROUND, "revision": 1})]
        for unit in (OFFICERS.keys() | set(more)) - tokens.keys():
            tokens[unit] = f"token of {unit}"
            controls.append(("operator", {"type": "account_granted", "account": f"officer-{unit}", "role": "district_officer",
                                          "unit": unit, "token_sha256": sha256(tokens[unit].encode()).hexdigest()}))
        for n, (role, control) in enumerate(controls):
            body = {"id": f"00000000-0000-4000-8000-{n:012}", "reason": "-", **control}
            answer = server.client(role).post("/v1/controls", body, wait=30)
            self.assertEqual(answer.status, 200, answer)
        return tokens

    def check_what_is_left(self, before):
        """On a copy, so that the next start finds what the kill left."""
        copy = self.folder / "left"
        shutil.copytree(self.installation.data / "journal", copy)
        streams = journal.dumped(copy)
        shutil.rmtree(copy)
        self.assertEqual(journal.problems_under_way(streams)[:10], [])
        self.check_that_it_grew(before, streams)
        return streams

    def check_no_surprise(self):
        """Everything that was answered was answered as it had to be."""
        self.assertEqual([failure for sender in self.senders for failure in sender.failures][:3], [])

    def check_that_it_grew(self, before, after):
        for name, rows in before.items():
            self.assertTrue(rows == after[name][:len(rows)], f"{name} was rewritten")

    def check_at_the_end(self, before):
        """Of everything that was sent, when all of it was answered."""
        shown, streams = self.finish()
        self.assertEqual(journal.problems_at_rest(streams)[:10], [])
        self.check_that_it_grew(before, streams)
        self.check_acknowledged(streams, shown)
        self.check_figures(streams, shown)
        self.check_fresh_fold(streams, shown)

    def send_the_rest(self):
        for sender in self.senders:
            sender.enough.set()
        for sender in self.senders:
            sender.join()
        self.check_no_surprise()

    def finish(self):
        """Everything lost is sent once more; what the server then shows, and its journal."""
        with started(self.installation) as server:
            self.address.move(server.port)
            self.send_the_rest()
            shown = self.shown(server.rested())
            self.assertEqual(server.stop(), 0)
        return shown, journal.dumped(self.installation.data / "journal")

    def shown(self, server):
        paths = [f"{sent.path}/{sent.id}" for sender in self.senders for sent in sender.sent]
        return snapshot.taken(server.client("ministry_officer"), UNITS, paths)

    def check_acknowledged(self, streams, shown):
        """Each is there with one outcome, which never changed, where it was said to be; every later one is a repeat."""
        outcomes = journal.ledger_by_record(streams)
        rows_of = {}
        for stream, rows in streams.items():
            for row in rows if stream != "ledger" else []:
                if row["record"]["kind"] != journal.CONTROL_COPY:
                    rows_of.setdefault((stream, row["record"]["id"]), []).append(row)
        given = Counter(position for sender in self.senders for sent in sender.sent for position in sent.positions)
        given.update(position for sender in self.senders for position in getattr(sender, "reused_positions", ()))
        self.assertEqual([position for position, times in given.items() if times > 1], [], "a position was given twice")
        for sent in (sent for sender in self.senders for sent in sender.sent):
            stream = sent.content["unit"][:2] if "entries" in sent.content else "control"
            rows = rows_of.pop((stream, sent.id), [])
            own = [row["offset"] for row in rows if row["record"]["body_sha256"] == sent.sha256]
            wanted = {"accepted": journal.ACCEPTED, "rejected": journal.REJECTED}[sent.expected]
            verdicts = [outcomes[stream, offset]["outcome"]["verdict"] for offset in own]
            self.assertEqual(verdicts, [wanted] + [journal.REPEAT] * (len(own) - 1), sent.content)
            self.assertEqual(rows[0]["offset"], own[0], sent.content)
            reused = [outcomes[stream, row["offset"]]["outcome"]["codes"] for row in rows if row["offset"] not in own]
            self.assertEqual(reused, [["id_reused"]] * len(reused), sent.content)
            self.assertLessEqual(set(sent.positions), {(stream, offset) for offset in own}, sent.content)
            status, body = shown[f"{sent.path}/{sent.id}"]
            self.assertEqual((status, {body} | sent.outcomes), (200, {body}), "what became of it was told in two ways")
            self.assertEqual(json.loads(body)["position"], {"stream": stream, "offset": own[0]})
        self.assertEqual([key for key in rows_of if key[0] in ("24", "50", "10")], [], "nobody sent these")

    def check_figures(self, streams, shown):
        """Nothing is half there: facts, versions and measures are those of the accepted submissions."""
        facts = expected.facts(self.senders, streams)
        for unit in ("2401", "2402", "24", "5001", "1010"):
            pages = shown[f"/v1/rounds/{ROUND}/units/{unit}/facts"]
            told = {fact["fact"]: expected.as_shown(fact) for _, page in pages for fact in json.loads(page)["facts"]}
            wanted = {key: fact for key, fact in facts.items() if fact["unit"].startswith(unit)}
            different = [key for key in wanted.keys() | told.keys() if wanted.get(key) != told.get(key)]
            self.assertEqual([(wanted.get(key), told.get(key)) for key in different[:3]], [], f"facts of {unit}")
            results = json.loads(shown[f"/v1/rounds/{ROUND}/units/{unit}/results"][1])
            self.assertEqual(results["version"], expected.versions(self.senders).get(unit, 0), unit)
            actual = {name: figure for result in results["indicators"] for name, figure in result["measures"].items()}
            for name, figure in expected.measures(facts, unit).items():
                self.assertEqual(actual[name], figure, f"{name} of {unit}")
        self.losses = sum(sent.losses for sender in self.senders for sent in sender.sent)
        many = sum(len(sender.sent) for sender in self.senders)
        print(f"{many} sent, {self.losses} answers lost, {len(facts)} facts, {len(streams['ledger'])} ledger entries", flush=True)

    def check_fresh_fold(self, streams, shown):
        """From the journal alone follows the same, to the byte, and nothing is written again."""
        self.installation.forget_read_model()
        with started(self.installation) as server:
            again = self.shown(server.rested())
            self.assertEqual(server.stop(), 0)
        self.assertEqual(snapshot.differences(shown, again)[:3], [])
        self.assertTrue(journal.dumped(self.installation.data / "journal") == streams, "the journal was written to again")
