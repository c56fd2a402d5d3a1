"""Who asks, and what must be added to what the document says so that a request reaches as far as it can.

TAMROI_TOKENS is the tokens.json of the server."""
import json
import os
import random
import re
import uuid
from pathlib import Path

import schemathesis

TOKENS = json.loads(Path(os.environ["TAMROI_TOKENS"]).read_text(encoding="utf-8"))
OF_THE_OPERATOR = ("catalogue_published", "account_granted", "account_revoked", "quarantined", "fold_activated")
TYPES = ("publicity", "plot", "target_household", "mentor_visit", "department_report", "evidence", "judgement")
ROUND = "2565-2"
UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
REACHED = 5  # of every stream


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """Whatever it is: a list a line each, and a text as it is."""
    if isinstance(value, str):
        return value.encode()
    return b"".join(json.dumps(line).encode() + b"\n" for line in (value if isinstance(value, list) else [value]))


@schemathesis.auth(cache_by_key=lambda case, ctx: role(case))
class Accounts:
    """The last role that may use the operation; of controls the one that may send this type."""

    def get(self, case, ctx):
        return TOKENS[role(case)]

    def set(self, case, data, ctx):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def role(case):
    roles = case.operation.definition.raw["x-roles"] or ["auditor"]
    body = case.body if isinstance(case.body, dict) else {}
    if case.operation.definition.raw["operationId"] == "send_control" and body.get("type") not in OF_THE_OPERATOR:
        return "ministry_officer"
    return roles[-1]


@schemathesis.hook
def before_call(ctx, case, **kwargs):
    if case.method == "POST":
        case.headers["Prefer"] = "wait=20"     # for what becomes of it
        case.headers.pop("Tamroi-Time", None)  # which a real clock is not told
        positive = case.meta is not None and case.meta.generation.mode.is_positive
        if not positive and case.query.get("preview") == "true":
            case.query.pop("preview")  # which tells of a refusal too, and is none
        if isinstance(case.body, dict) and case.body.get("type") == "fold_activated":
            case.body["fold_version"] = 1  # a later one would end this server's time, as it should
        if isinstance(case.body, dict) and isinstance(case.body.get("id"), str):
            case.body = believable(case.body, positive)
    for name in ("after", "position"):
        if isinstance(case.query.get(name), str):
            case.query[name] = reached(case.query[name])
    # Whoever has seen everything waits for something to happen.
    if re.fullmatch(r"\d+\.\d+", case.headers.get("Last-Event-ID", "")):
        case.headers["Last-Event-ID"] = "0.0"


def reached(position):
    """A position that nobody has reached yet is waited for."""
    stream, _, offset = position.partition(":")
    return f"{stream}:{int(offset) % REACHED}" if offset.isdecimal() else position


def believable(body, positive):
    """Mostly with an id of its own, since what repeats one is told the same again; and what may be, about what there is."""
    chance = random.Random(json.dumps(body, sort_keys=True))
    changed = dict(body)
    if re.fullmatch(UUID, body["id"]) and chance.random() < 0.9:
        changed["id"] = str(uuid.UUID(int=chance.getrandbits(128)))
    if not positive:
        return changed
    for name, choices in (("round", [ROUND]), ("unit", ["2401", "2402", "24"])):
        if name in body and chance.random() < 0.8:
            changed[name] = chance.choice(choices)
    if len(body.get("entries", [])) < 50:
        changed |= {"entries": [believable_entry(entry, chance) for entry in body["entries"]]} if "entries" in body else {}
    return changed


def believable_entry(entry, chance):
    changed = dict(entry)
    if chance.random() < 0.7:
        changed["fact"] = str(uuid.UUID(int=chance.getrandbits(128)))
    if "occurred_on" in entry and chance.random() < 0.7:
        changed["occurred_on"] = f"2022-0{chance.randint(4, 9)}-{chance.randint(1, 30):02}"
    if entry.get("op") == "record" and chance.random() < 0.7:
        changed["type"] = chance.choice(TYPES)
    return changed
