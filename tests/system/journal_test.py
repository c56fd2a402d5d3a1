"""The rules of journal.py hold for a journal as a server leaves it, and each fails where one thing is changed."""
import copy
import tempfile
import unittest
from pathlib import Path

import journal
from servers import Installation, started


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="tamroi-journal-") as folder:
            installation = Installation.made(Path(folder))
            with started(installation) as server:
                server.rested().stop()
            cls.sound = journal.dumped(installation.data / "journal")

    def check(self, change, said, rule=journal.problems_under_way):
        streams = copy.deepcopy(self.sound)
        change(streams)
        self.assertTrue(any(said in problem for problem in rule(streams)), rule(streams))

    def index(self, name, offset):
        """Where the ledger has a record."""
        return journal.ledger_by_record(self.sound)[name, offset]["offset"]

    def test_a_journal_as_a_server_leaves_it(self):
        self.assertEqual(journal.problems_at_rest(self.sound), [])
        self.assertEqual(len(self.sound), 79)  # a stream a province, the control stream and the ledger
        self.assertEqual(len(self.sound["control"]), 6)

    def test_offsets_are_dense(self):
        self.check(lambda streams: streams["24"].clear(), "which is not there")
        self.check(lambda streams: streams["control"].pop(2), "control: offsets are not dense")

    def test_every_record_has_its_entry(self):
        self.check(lambda streams: streams["ledger"].pop(), "no entry of", journal.problems_at_rest)
        self.check(lambda streams: streams["ledger"].append(streams["ledger"][-1]), "count for no record")

    def test_an_entry_tells_of_its_record(self):
        at = self.index("24", 0)

        def leaf_changed(digit):
            def change(streams):
                leaf = streams["ledger"][at]["leaf"]
                streams["ledger"][at]["leaf"] = leaf[:digit] + ("0" if leaf[digit] != "0" else "1") + leaf[digit + 1:]
            return change
        for byte, said in [(0, "format"), (1, "kind"), (12, "recorded_at"), (20, "id"), (36, "length"), (40, "hash"),
                           (72, "outcome's length"), (76, "outcome's hash")]:
            self.check(leaf_changed(2 * byte + 1), f"24:0: the ledger's {said}")
        self.check(lambda streams: streams["24"][0].update(sha256="0" * 64), "24:0: the ledger's hash")
        self.check(lambda streams: streams["ledger"][at]["outcome"].update(offset=7), "24:0: the ledger's outcome's position")

    def test_copies_are_numbered_and_follow_their_control(self):
        self.check(lambda streams: streams["24"][0]["record"].update(number=2), "24: copies are numbered [2]")
        self.check(lambda streams: streams["24"][0]["record"].update(control_offset=3), "24:0: it is no copy")
        self.check(lambda streams: streams["24"][0]["record"].update(body_sha256="0" * 64), "24:0: it is no copy")
        self.check(lambda streams: streams["ledger"].clear(), "was copied before its entry stood in the ledger")
        self.check(lambda streams: (streams["24"].pop(), streams["ledger"].pop(self.index("24", 0))), "24 has 0 copies of 1",
                   journal.problems_at_rest)

        def last_first(streams):
            entries = streams["ledger"]
            entries.insert(0, entries.pop(self.index("24", 0)))
            for offset, entry in enumerate(entries):
                entry["offset"] = offset
        self.check(last_first, "24:0: the ledger has it before its control")

    def test_times_do_not_go_back(self):
        def back(streams):
            row = streams["ledger"][self.index("control", 3)]
            one = journal.leaf(row)
            packed = bytearray.fromhex(row["leaf"])
            packed[12:20] = (one.recorded_at - 1).to_bytes(8, "big")
            row["leaf"] = packed.hex()
        self.check(back, "control:3: recorded before the one before it")


if __name__ == "__main__":
    unittest.main()
