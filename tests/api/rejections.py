"""What the fold rejects, a code at a time: told to whoever waits for it, and to whoever asks later."""
from asking import ABOUT, ROUND, Asking
from refusals import control, record, submission


def without(body, member):
    return {name: value for name, value in body.items() if name != member}


class Rejections(Asking):
    def reject(self, code, where, entries=None, unit="2401", who="province_officer", **members):
        body = submission(unit, entries, **members)
        self.ask("submit", 422, (code, where), who=who, body=body, wait=30)
        self.ask("submission", 200, (code, where), who=who, about={"id": body["id"]})

    def reject_entry(self, code, member, entry, **members):
        self.reject(code, f"/entries/0{member}", [entry], **members)

    def rejected_submissions(self):
        register = record() | {"type": "target_household", "values": {"household": "h-api", "dimensions": ["income"], "source": "tpmap"}}
        visit = record() | {"type": "mentor_visit", "values": {"household": "h-api", "team": "t"}}
        gone = record()
        first = submission(entries=[register, visit, gone])
        withdrawal = {"op": "withdraw", "fact": gone["fact"]}
        for body in (first, submission(entries=[withdrawal])):
            self.ask("submit", 200, who="province_officer", body=body, wait=30)
            self.ask("submission", 200, who="auditor", about={"id": body["id"]}, query={"unit": "2402", "after": "24:1"})
        self.ask("submit", 409, ("id_reused", "/id"), who="province_officer", body=submission(id=first["id"]), wait=30)
        self.reject("unknown_round", "/round", round="2599-1")
        self.reject("version_conflict", "/expects", expects=999)
        self.reject("reason_required", "/reason", [{"op": "withdraw", "fact": visit["fact"]}], reason=" ")
        self.reject_entry("malformed", "", 5)
        self.reject_entry("missing_field", "/occurred_on", without(record(), "occurred_on"))
        self.reject_entry("unknown_field", "/extra", record() | {"extra": 1})
        self.reject_entry("bad_value", "/occurred_on", record() | {"occurred_on": "1 June"})
        self.reject_entry("unknown_type", "/type", record() | {"type": "nothing"})
        judgement = {"unit": "2401", "indicator": 7, "level": 5, "met": True, "grounds": "-"}
        self.reject_entry("wrong_level", "/type", record() | {"type": "judgement", "values": judgement})
        self.reject_entry("outside_round", "/occurred_on", record() | {"occurred_on": "2021-06-01"})
        self.reject_entry("in_the_future", "/occurred_on", record() | {"occurred_on": "2022-09-30"})
        self.reject_entry("duplicate_fact", "/fact", record() | {"fact": visit["fact"]})
        self.reject_entry("unknown_fact", "/fact", {"op": "withdraw", "fact": ABOUT["id"]})
        self.reject_entry("withdrawn_fact", "/fact", withdrawal)
        self.reject_entry("unknown_entity", "/values/household", visit | {"fact": ABOUT["id"], "values": {"household": "h-none", "team": "t"}})
        self.reject_entry("entity_exists", "/values/household", register | {"fact": ABOUT["id"]})
        self.reject_entry("entity_in_use", "/fact", {"op": "withdraw", "fact": register["fact"]})
        self.accept_control("ministry_officer", control("round_closed", round=ROUND, unit="20"))
        for province in ("10", "20"):
            self.grant(f"officer-{province}", "province_officer", province)
        self.reject("round_not_open", "/round", unit="2001", who="officer-20")

    def reject_control(self, code, where, kind, who="ministry_officer", **members):
        body = control(kind, **{"round": ROUND, **members})
        self.ask("send_control", 422, (code, where), who=who, body=body, wait=30)
        self.ask("control", 200, (code, where), who=who, about={"id": body["id"]})

    def rejected_controls(self):
        letter = {"number": "5011", "issued_on": "2022-08-22"}
        again = control("criteria_revised", round=ROUND, revision=2, letter=letter, unit="24")
        self.ask("send_control", 422, ("out_of_order", "/revision"), who="province_officer", body=again, wait=30)
        self.ask("send_control", 422, ("id_reused", "/id"), who="ministry_officer", body=again | {"reason": "another"}, wait=30)
        self.reject_control("out_of_order", "/month", "period_closed", month="2022-04")
        self.accept_control("province_officer", control("period_closed", round=ROUND, month="2022-08", unit="24"))
        self.reject_control("in_the_future", "/month", "period_closed", month="2022-09", unit="24")
        self.reject_control("missing_field", "/month", "period_closed")
        self.reject_control("unknown_field", "/extra", "round_closed", unit="21", extra=1)
        self.reject_control("bad_value", "/month", "period_closed", month="2023-08")
        self.reject_control("unknown_unit", "/unit", "round_closed", unit="R4")
        self.reject_control("unknown_round", "/round", "round_closed", round="2599-1")
        self.reject_control("reason_required", "/reason", "round_closed", unit="21", reason=" ")
        self.reject_control("unknown_type", "/type", "anything")
