"""The live feed of a real server: in order, nothing missing, nothing twice, whatever is cut, killed or rebuilt."""
import json
import os
import random
import sys
import tempfile
import threading
import time
import unittest
import uuid

from feed_reader import Cut, FeedReader
from servers import Installation, started, until

ROUND = "2565-2"
READERS = 20
CUTS = int(os.environ.get("TAMROI_FEED_CUTS", "1000"))
CUTS_A_SUBMISSION = 4


def visible(names, unit):
    """A submission that registers households: each moves figures of the district and of its province."""
    entries = [{"op": "record", "fact": str(uuid.uuid4()), "type": "target_household", "occurred_on": "2022-04-01",
                "values": {"household": name, "dimensions": ["income"], "source": "tpmap"}} for name in names]
    return {"id": str(uuid.uuid4()), "unit": unit, "round": ROUND, "entries": entries}


def open_round(server):
    opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": ROUND, "revision": 1, "reason": "the round begins"}
    assert server.client("ministry_officer").post("/v1/controls", opening, wait=30).status == 200


def send(server, count, prefix, unit="2401"):
    client = server.client("province_officer")
    for n in range(count):
        answer = client.post("/v1/submissions", visible([f"{prefix}-{n}"], unit), wait=30)
        assert answer.status == 200, answer
    client.close()


def everything(server, query=""):
    """All changes from the beginning of the ledger to its end."""
    end = server.rested().readiness()["ledger"]
    reader = FeedReader(server.port, server.installation.tokens["auditor"], query, "0.0").open()
    reader.read(lambda r: int(r.cursor.split(".")[0]) >= end)
    reader.cut()
    return reader.changes


class Feed(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.installation = Installation.made(self.folder.name)

    def check_order(self, changes):
        places = [tuple(map(int, cursor.split("."))) for cursor, _ in changes]
        self.assertEqual(places, sorted(set(places)))

    def test_filters_take_what_they_name_and_positions_move_on_without_matches(self):
        with started(self.installation) as server:
            open_round(server)
            idle = FeedReader(server.port, server.installation.tokens["auditor"], "?unit=50&indicator=7").open()
            send(server, 3, "a", "2401")
            send(server, 2, "b", "2402")
            of_all = everything(server)
            self.check_order(of_all)
            self.assertEqual(10, len(of_all))
            for query, kept in (("?unit=2401", lambda c: c["unit"] == "2401"), ("?unit=24", lambda c: True), ("?unit=R4&indicator=6", lambda c: True),
                                ("?unit=2402&indicator=6&round=" + ROUND, lambda c: c["unit"] == "2402"), ("?indicator=7", lambda c: False)):
                expected = [(cursor, text) for cursor, text in of_all if kept(json.loads(text))]
                self.assertEqual(expected, everything(server, query), query)
            # At least every 15 s, also where nothing matches.
            idle.read(lambda r: len(r.positions) >= 2 and r.positions[-1] != r.positions[0], within=15)
            self.assertEqual([], idle.changes)

    def test_changes_are_those_of_the_history(self):
        with started(self.installation) as server:
            open_round(server)
            send(server, 5, "a")
            history = server.client("auditor").pages(f"/v1/rounds/{ROUND}/units/24/indicators/6/history?limit=2", "changes")
            fed = [json.loads(text) for _, text in everything(server, "?unit=24") if json.loads(text)["unit"] == "24"]
            self.assertEqual(history[::-1], fed)

    def test_a_lone_change_does_not_wait_for_the_next(self):
        with started(self.installation) as server:
            open_round(server)
            reader = FeedReader(server.port, server.installation.tokens["auditor"], "?unit=2401").open()
            reader.read(lambda r: r.positions)
            took = []
            for n in range(9):
                began = time.monotonic()
                send(server.rested(), 1, f"lone-{n}")
                reader.read(lambda r: len(r.changes) > n)
                took.append(time.monotonic() - began)
            self.assertLess(sorted(took)[4], 0.4)

    def test_readers_that_are_cut_again_and_again_miss_nothing_and_get_nothing_twice(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        chance = random.Random(seed)
        state = {"server": started(self.installation)}
        lock, done, cuts, failures = threading.Lock(), threading.Event(), [0], []
        token = self.installation.tokens["auditor"]

        def read(reader, own):
            try:
                while not done.is_set() or not caught_up(reader):
                    with lock:
                        reader.port = state["server"].port
                    try:
                        reader.open(within=20)
                        cuts[0] += 1
                        goal = len(reader.changes) + own.randrange(1, 12)
                        ends = time.monotonic() + own.random() * 0.2
                        # Cut again and again until the last change is there, then read to it.
                        reader.read(lambda r: caught_up(r) if done.is_set() else len(r.changes) >= goal or time.monotonic() > ends)
                    except (Cut, OSError, AssertionError):
                        time.sleep(0.02)  # the server is being started
                    reader.cut()
            except Exception as failure:  # a thread's failure is the test's
                failures.append(failure)

        end = []

        def caught_up(reader):
            return bool(end) and reader.cursor is not None and tuple(map(int, reader.cursor.split("."))) >= end[0]

        open_round(state["server"])
        readers = [FeedReader(0, token, cursor="0.0") for _ in range(READERS)]
        threads = [threading.Thread(target=read, args=(reader, random.Random(chance.random()))) for reader in readers]
        for thread in threads:
            thread.start()
        sent = kills = 0
        while cuts[0] < CUTS:
            send(state["server"], 20, f"h-{sent}")
            sent += 20
            # No faster than the readers, who would else never come to the head.
            until(lambda: cuts[0] >= min(CUTS, CUTS_A_SUBMISSION * sent), "readers come and go")
            with lock:
                state["server"].kill()
                state["server"] = started(self.installation)
                kills += 1
        expected = everything(state["server"])
        end.append(tuple(map(int, expected[-1][0].split("."))))
        done.set()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual([], failures)
        self.assertEqual(2 * sent, len(expected))  # of a district and its province
        for reader in readers:
            # Not of assertEqual, which would look for the least difference for very long.
            self.assertTrue(expected == reader.changes, f"{len(reader.changes)} changes are not the {len(expected)}")
        state["server"].stop()
        # Built anew, the read model tells the same bytes under the same cursors.
        self.installation.forget_read_model()
        with started(self.installation) as server:
            self.assertEqual(expected, everything(server))
        print(f"{cuts[0]} cuts, {kills} kills, {sent} submissions")

    def test_a_reader_that_does_not_read_for_a_while_gets_everything_all_the_same(self):
        with started(self.installation) as server:
            open_round(server)
            slow = FeedReader(server.port, server.installation.tokens["auditor"]).open()
            slow.read(lambda r: r.positions)
            # More than the server keeps for it and the system's buffers hold.
            lines = b"".join(json.dumps(visible([f"s-{n}"], "2401")).encode() + b"\n" for n in range(8000))
            answer = server.client("province_officer").post("/v1/submissions", lines, headers={"Content-Type": "application/x-ndjson"})
            self.assertEqual(200, answer.status)
            expected = everything(server)
            slow.read(lambda r: len(r.changes) == 16000)
            self.assertEqual(expected, slow.changes)


if __name__ == "__main__":
    sys.exit(unittest.main())
