"""What an embedded journal holds, read with tamroi-journal, and what must be true of it (record.md)."""
import json
import struct
from collections import Counter, defaultdict
from dataclasses import dataclass

from servers import PROGRAMS, run

TOOL = PROGRAMS / "tamroi-journal"
LEAF = struct.Struct(">BBHQq16sI32sI32sI")
CONTROL_CODE = 0
CONTROL, CONTROL_COPY = 2, 3  # kinds of record
ACCEPTED, REJECTED, REPEAT, QUARANTINED, APPLIED, SKIPPED = range(1, 7)  # verdicts


@dataclass(frozen=True)
class Leaf:
    format: int
    kind: int
    stream: int
    offset: int
    recorded_at: int
    id: bytes
    record_length: int
    record_sha256: bytes
    outcome_length: int
    outcome_sha256: bytes
    fold_version: int


def dumped(journal):
    """stream → its rows in order of the dump."""
    done = run(TOOL, "dump", journal)
    assert done.returncode == 0, done.stderr
    streams = defaultdict(list)
    for line in done.stdout.splitlines():
        row = json.loads(line)
        streams[row["stream"]].append(row)
    return streams


def appended(journal, stream, given):
    """Appends bytes as they are; where they now stand, and their SHA-256."""
    done = run(TOOL, "append", journal, stream, given=given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def leaf(row):
    return Leaf(*LEAF.unpack(bytes.fromhex(row["leaf"])))


def ledger_by_record(streams):
    """(stream, offset) → the ledger's row that counts for it."""
    found, following = {}, Counter()
    for row in streams["ledger"]:
        one = leaf(row)
        name = "control" if one.stream == CONTROL_CODE else str(one.stream)
        if one.offset == following[name]:
            following[name] += 1
            found[name, one.offset] = row
    return found


def problems_under_way(streams, repeats=False):
    """What is wrong with a journal, wherever its server was stopped: sentences.

    With `repeats` one steward may have written once more what another had written.
    """
    wrong = []
    for name, rows in streams.items():
        offsets = [row["offset"] for row in rows]
        if offsets != list(range(len(rows))):
            wrong.append(f"{name}: offsets are not dense from 0")
    counting = ledger_by_record(streams)
    if repeats:
        wrong += _other_repeats(streams, counting)
    elif len(counting) != len(streams["ledger"]):
        wrong.append(f"{len(streams['ledger']) - len(counting)} entries of the ledger count for no record")
    for (name, offset), row in counting.items():
        if offset >= len(streams[name]):
            wrong.append(f"the ledger has an entry of {name}:{offset}, which is not there")
        else:
            wrong += _differences(streams[name][offset], row)
    controls = [row for row in streams["control"] if ("control", row["offset"]) in counting]
    numbered = {n: row for row in controls if (n := counting["control", row["offset"]]["outcome"]["number"])}
    if sorted(numbered) != list(range(1, len(numbered) + 1)):
        wrong.append(f"controls are numbered {sorted(numbered)}")
    for name in _provinces(streams):
        wrong += _copy_problems(name, streams, numbered, counting, repeats)
    wrong += _times_that_go_back(counting)
    return wrong


def problems_at_rest(streams, repeats=False):
    """The same of a journal whose server had nothing left to do."""
    wrong = problems_under_way(streams, repeats)
    counting = ledger_by_record(streams)
    for name, rows in streams.items():
        if name == "ledger":
            continue
        missing = [row["offset"] for row in rows if (name, row["offset"]) not in counting]
        if missing:
            wrong.append(f"the ledger has no entry of {name}: {missing[:10]}")
    numbered = [row for row in counting.values() if leaf(row).kind == CONTROL and row["outcome"]["number"]]
    for name in _provinces(streams):
        copies = len(_copies(name, streams, counting, repeats))
        if copies != len(numbered):
            wrong.append(f"{name} has {copies} copies of {len(numbered)} controls")
    return wrong


def _provinces(streams):
    return [name for name in streams if name not in ("control", "ledger")]


def _is_copy(row):
    return row.get("record", {}).get("kind") == CONTROL_COPY


def _copies(name, streams, counting, repeats):
    """Without those that were passed over as repeats, if there may be any."""
    passed_over = {offset for (stream, offset), row in counting.items() if stream == name and row["outcome"]["verdict"] == SKIPPED} if repeats else ()
    return [row for row in streams[name] if _is_copy(row) and row["offset"] not in passed_over]


def _other_repeats(streams, counting):
    """Entries that count for nothing and are not, byte for byte, what counts."""
    wrong = []
    for row in streams["ledger"]:
        one = leaf(row)
        first = counting.get(("control" if one.stream == CONTROL_CODE else str(one.stream), one.offset))
        if first is None or (first["leaf"], first["sha256"]) != (row["leaf"], row["sha256"]):
            wrong.append(f"the ledger's entry {row['offset']} counts for nothing, and repeats nothing")
    return wrong


def _times_that_go_back(counting):
    wrong, latest = [], {}
    for (name, offset), row in counting.items():
        recorded_at = leaf(row).recorded_at
        if recorded_at < latest.get(name, recorded_at):
            wrong.append(f"{name}:{offset}: recorded before the one before it")
        latest[name] = recorded_at
    return wrong


def _differences(row, entry):
    """How a ledger entry differs from the record that it is about, and from the outcome that it holds."""
    one, where = leaf(entry), f"{row['stream']}:{row['offset']}"
    # Of what could not be folded the ledger says nothing, also where it can be decoded.
    record = row.get("record") if entry["outcome"]["verdict"] != QUARANTINED else None
    said = [("format", one.format, 1),
            ("length", one.record_length, row["length"]), ("hash", one.record_sha256.hex(), row["sha256"]),
            ("outcome's length", one.outcome_length, entry["length"]), ("outcome's hash", one.outcome_sha256.hex(), entry["sha256"]),
            ("kind", one.kind, record["kind"] if record else 0),
            ("id", one.id.hex(), record["id"].replace("-", "") if record else "0" * 32),
            ("outcome's position", (entry["outcome"]["stream"], entry["outcome"]["offset"]), (row["stream"], row["offset"])),
            ("recorded_at", one.recorded_at, entry["outcome"]["recorded_at"])]
    return [f"{where}: the ledger's {what} is {actual}, not {wanted}" for what, actual, wanted in said if actual != wanted]


def _copy_problems(name, streams, numbered, counting, repeats):
    """Copies of controls: 1, 2, 3 …, each the control itself, and after its entry in the ledger."""
    wrong = []
    copies = _copies(name, streams, counting, repeats)
    numbers = [row["record"]["number"] for row in copies]
    if numbers != list(range(1, len(copies) + 1)):
        wrong.append(f"{name}: copies are numbered {numbers}")
    for row in copies:
        copy, where = row["record"], f"{name}:{row['offset']}"
        control = numbered.get(copy["number"])
        if control is None:
            wrong.append(f"{where}: control {copy['number']} was copied before its entry stood in the ledger")
            continue
        if copy["control_offset"] != control["offset"] or any(copy[key] != control["record"][key] for key in ("id", "account", "body_sha256")):
            wrong.append(f"{where}: it is no copy of control:{control['offset']}")
        entry = counting.get((name, row["offset"]))
        if entry is not None and entry["offset"] < counting["control", control["offset"]]["offset"]:
            wrong.append(f"{where}: the ledger has it before its control")
    return wrong
