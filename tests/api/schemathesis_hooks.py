"""Who asks, and what must be added to what the document says so that a request reaches as far as it can.

TAMROI_TOKENS is the tokens.json of the server."""
import json
import os
import re
from pathlib import Path

import schemathesis

TOKENS = json.loads(Path(os.environ["TAMROI_TOKENS"]).read_text(encoding="utf-8"))
OF_THE_OPERATOR = ("catalogue_published", "account_granted", "account_revoked", "quarantined", "fold_activated")
REACHED = 40  # of the province; nobody waits for more


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
    """What is posted waits for what becomes of it; a clock that is not simulated cannot be told the time."""
    if case.method == "POST":
        case.headers["Prefer"] = "wait=20"
        case.headers.pop("Tamroi-Time", None)
    query = case.query or {}
    for name in ("after", "position"):
        if isinstance(query.get(name), str) and re.fullmatch(r"\d{2}:\d{1,19}", query[name]):
            query[name] = f"24:{int(query[name][3:]) % REACHED}"
