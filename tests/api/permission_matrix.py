"""Asks a server everything that a permission depends on, and writes down what it answers: permissions.md."""
import uuid

from asking import ROUND
from refusals import control, submission

COLUMNS = {"district": "district_officer", "province": "province_officer", "ministry": "ministry_officer", "auditor": "auditor", "operator": "operator"}
UNITS = ("2401", "2402", "24", "2001", "20", "1001", "10", "R4", "R1", "TH", "9999")
WITH_FACTS = UNITS[:7]
TYPES = ("round_opened", "period_closed", "criteria_revised", "target_set", "round_closed", "catalogue_published", "account_granted", "account_revoked",
         "quarantined", "fold_activated", "no_such_type")
TOKENS = ("none", "unknown", "expired", "revoked", "replaced", "renewed", "on its last day")


def unreasoned(kind, **members):
    """A control that may be sent and takes no effect, since it lacks its reason."""
    body = control(kind, round=ROUND, **members)
    del body["reason"]
    return body


def cell(answer):
    """The status; and what the fold said of the type of a control."""
    codes = [code for code, where in answer.problems if where == "/type"] if answer.status == 422 else []
    return " ".join([str(answer.status), *codes])


def table(head, rows):
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, ["---"] * len(head), *rows])


def asks_with_a_draft(path):
    return path.endswith("/whatif")


class Matrix:
    """`asker` speaks for the accounts of COLUMNS, and for `ROLE TOKEN` of TOKENS."""

    def __init__(self, asker, routes, submissions, controls):
        self.asker = asker
        self.routes = routes            # as the server tells them
        self.submissions = submissions  # unit → id of a submission
        self.controls = controls        # who → id of a control that they sent
        self.names = {route: name for name, route in asker.document.operations.items()}

    def text(self):
        parts = [f"## `{route['method']} {route['path']}`\n{self.of(route)}" for route in self.routes]
        return "\n".join(parts) + f"\n## Tokens\n{self.of_tokens()}"

    def of(self, route):
        name = self.names[route["method"], route["path"]]
        if name == "submit":
            return self.grid("unit", {unit: {"body": lambda unit=unit: submission(unit)} for unit in UNITS}, name)
        if name == "send_control":
            return "".join(f"\n`{kind}`\n{self.of_controls(name, kind)}" for kind in TYPES)
        if name == "feed":
            return self.grid("unit", {"none": {}, **{unit: {"query": {"unit": unit}} for unit in UNITS}}, name)
        return self.grid(*self.asked_for(route), name)

    def asked_for(self, route):
        """What is asked for is what the path names; of anything else nobody has said what is permitted."""
        path, nowhere = route["path"], str(uuid.uuid4())
        if path.endswith("{tile}"):
            return "tile", {"one that no checkpoint covers": {}}
        if path.endswith("/receipt"):  # nothing was signed: whoever may have one is told so
            return "receipt of", {unit: {"about": {"id": each}} for unit, each in {**self.submissions, "never seen": nowhere}.items()}
        if path.endswith("/submissions/{id}"):
            return "submission of", {unit: {"about": {"id": each}} for unit, each in {**self.submissions, "never seen": nowhere}.items()}
        if path.endswith("/controls/{id}"):
            return "sent by", {who: {"about": {"id": each}} for who, each in {**self.controls, "never seen": nowhere}.items()}
        if "{stream}" in path:
            return "stream", {stream: {"about": {"stream": stream}} for stream in ("24", "control", "ledger", "checkpoints")}
        if asks_with_a_draft(path):
            return "", {"": {"body": lambda: {"files": {"none.yaml": ""}}}}
        if "{unit}" in path:
            if path.endswith("/submissions"):
                return "unit", {unit: {"about": {"unit": unit}, "query": {"verdict": "rejected"}} for unit in UNITS}
            query = {"indicator": 7} if path.endswith("/levels") else ()
            return "unit", {unit: {"about": {"unit": unit}, "query": query} for unit in UNITS}
        assert "{" not in path, f"nobody has said who may ask for {path}"
        return "", {"": {}}

    def of_controls(self, name, kind):
        units = {"none": {}, **{unit: {"unit": unit} for unit in UNITS}, "not a text": {"unit": 24}}
        wait = 30 if kind == TYPES[-1] else None
        return self.grid("unit", {what: {"body": lambda unit=unit: unreasoned(kind, **unit), "wait": wait} for what, unit in units.items()}, name)

    def grid(self, head, rows, name):
        """A row for the things that are asked for and answered alike, a column for each role."""
        told = {}
        for what, asked in rows.items():
            told.setdefault(tuple(self.told(name, who, **asked) for who in COLUMNS.values()), []).append(what)
        return "\n" + table([head, *COLUMNS], [[", ".join(whats), *cells] for cells, whats in told.items()])

    def told(self, name, who, body=None, **asked):
        if name == "feed":
            return str(self.asker.feed(who, asked.get("query", ()))[0])
        return cell(self.asker.ask(name, who, body=body() if body else None, **asked))

    def of_tokens(self):
        """Of each route: an account that may use it, with each kind of token."""
        rows = []
        for route in self.routes:
            name = self.names[route["method"], route["path"]]
            body = {"submit": lambda: submission("24"), "send_control": lambda: unreasoned("account_granted"), "what_if": lambda: {"files": {"none.yaml": ""}}}.get(name)
            about = {"id": self.controls["operator"] if name == "control" else self.submissions["24"]}
            query = {"levels": {"indicator": 7}, "submissions": {"verdict": "rejected"}}.get(name, ())
            role = "auditor" if name == "control" else route["roles"][-1]  # an operator has sent no control with these tokens
            told = [self.told(name, f"{role} {token}", body, about=about, query=query) for token in TOKENS]
            rows.append([f"`{route['method']} {route['path']}`", *told])
        return "\n" + table(["route", *TOKENS], rows)


def prepared(asking, now, yesterday, today):
    """Opens the round, and makes the accounts, submissions and controls that the matrix asks for: (submissions, controls)."""
    asker = asking.asker
    asking.ask("send_control", 200, who="ministry_officer", body=control("round_opened", round=ROUND, revision=1),
               headers={"Tamroi-Time": now, "Prefer": "wait=30"})
    for province in ("20", "10"):
        asking.grant(f"officer-of-{province}", "province_officer", province)
    asking.grant("another-ministry-officer", "ministry_officer", "TH")
    for role, unit in (("auditor", "TH"), ("province_officer", "24"), ("operator", "TH")):
        make_tokens(asking, role, unit, yesterday, today)
    submissions, controls = {}, {}
    for unit in WITH_FACTS:
        who = "province_officer" if unit.startswith("24") else f"officer-of-{unit[:2]}"
        submissions[unit] = asker.ask("submit", who, body=submission(unit), wait=30).json["id"]
    for who in ("province_officer", "officer-of-20", "ministry_officer", "another-ministry-officer", "operator"):
        controls[who] = asker.ask("send_control", who, body=unreasoned("no_such_type"), wait=30).json["id"]
    return submissions, controls


def make_tokens(asking, role, unit, yesterday, today):
    tokens = asking.asker.tokens
    account = role.replace("_", "-")
    asking.grant(f"{account}-expired", role, unit, expires_on=yesterday)
    asking.grant(f"{account}-last-day", role, unit, expires_on=today)
    asking.grant(f"{account}-revoked", role, unit)
    asking.accept_control("operator", control("account_revoked", account=f"{account}-revoked"))
    asking.grant(f"{account}-renewed", role, unit)
    tokens[f"{role} replaced"] = tokens[f"{account}-renewed"]
    asking.grant(f"{account}-renewed", role, unit, token=f"another token of {account}")
    tokens[f"{role} unknown"] = "0" * 64
    for token, name in (("expired", "expired"), ("on its last day", "last-day"), ("revoked", "revoked"), ("renewed", "renewed")):
        tokens[f"{role} {token}"] = tokens[f"{account}-{name}"]
