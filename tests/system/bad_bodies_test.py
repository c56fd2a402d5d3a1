"""Bodies that are refused at the door: the right status, codes and pointers, and nothing is changed."""
import json
import unittest

from refusals import ROUND, Refusals, control, record, submission

MIB = 1 << 20
NATIONAL_ID = "1234567890121"
IN_THAI_DIGITS = "๑๒๓๔๕๖๗๘๙๐๑๒๑"


class Bodies(Refusals):
    def submit(self, body, client=None):
        return (client or self.officer).post("/v1/submissions", body)

    def test_what_is_no_json(self):
        good = json.dumps(submission()).encode()
        bodies = {
            "empty": b"", "blanks": b" \n ", "nul": b"\0", "cut": good[:-1], "twice": good + good, "tail": good + b"x", "mark": b"\xef\xbb\xbf" + good,
            "utf-16": good.decode().encode("utf-16"), "form": b"id=1&unit=2401", "no utf-8": good.replace(b'"-"', b'"\xff"'),
            "overlong": good.replace(b'"-"', b'"\xc0\xaf"'), "surrogate bytes": good.replace(b'"-"', b'"\xed\xa0\x80"'),
            "cut character": good.replace(b'"-"', b'"\xe0\xb8"'), "lone surrogate": good.replace(b'"-"', b'"\\ud800"'),
            "surrogates the wrong way": good.replace(b'"-"', b'"\\udc00\\ud800"'), "control character": good.replace(b'"-"', b'"\n"'),
            "bad escape": good.replace(b'"-"', b'"\\x41"'), "single quotes": good.replace(b'"', b"'"), "comment": b"/**/" + good,
            "trailing comma": good[:-1] + b",}", "nan": good.replace(b'"-"', b"NaN"), "infinity": good.replace(b'"-"', b"-Infinity"),
            "leading zero": good.replace(b'"-"', b"01"), "plus": good.replace(b'"-"', b"+1"), "bare point": good.replace(b'"-"', b"1."),
            "hex": good.replace(b'"-"', b"0x1"), "bare word": good.replace(b'"-"', b"yes"),
            "array": b"[" + good + b"]", "text": b'"x"', "number": b"1", "null": b"null",
        }
        for name, body in bodies.items():
            with self.subTest(name):
                self.check_refused(self.submit(body), 400, ("malformed", ""))
                self.check_refused(self.client["ministry_officer"].post("/v1/controls", body), 400, ("malformed", ""))

    def test_deep_json(self):
        levels_around = 4  # the object, its entries, an entry and its values
        for levels in (33, 1000, 200_000):
            nested = b"[" * (levels - levels_around) + b"]" * (levels - levels_around)
            body = json.dumps(submission(entries=[record(url="?")])).encode().replace(b'"?"', nested)
            with self.subTest(levels):
                self.check_refused(self.submit(body), 400, ("malformed", ""))
        self.check_refused(self.submit(b"[" * 500_000), 400, ("malformed", ""))
        self.check_refused(self.submit(b'{"a":' * 100_000), 400, ("malformed", ""))

    def test_doubled_keys(self):
        good = json.dumps(submission()).encode()
        for body in (good.replace(b'"unit"', b'"unit": "2401", "unit"'), good.replace(b'"op"', b'"op": "record", "op"'),
                     good.replace(b'"channel"', b'"channel": "radio", "channel"'), good.replace(b'"unit"', b'"unit": "2401", "\\u0075nit"')):
            with self.subTest(body[:60]):
                self.check_refused(self.submit(body), 400, ("malformed", ""))

    def test_members_at_the_door(self):
        for name in ("id", "unit", "round", "entries"):
            for value in (None, 1, True, {}, "" if name == "entries" else []):
                with self.subTest(f"{name}: {value}"):
                    self.check_refused(self.submit(submission() | {name: value}), 400, ("malformed", f"/{name}"))
            body = submission()
            del body[name]
            self.check_refused(self.submit(body), 400, ("malformed", f"/{name}"))
        for text in ("", "x", "0" * 32, "{01826c3e-7c00-7a3e-9b1d-2f6f0f4d9a10}", "01826c3e-7c00-7a3e-9b1d-2f6f0f4d9a1g"):
            self.check_refused(self.submit(submission(id=text)), 400, ("malformed", "/id"))
        self.check_refused(self.submit(b"{}"), 400, *[("malformed", f"/{name}") for name in ("id", "unit", "round", "entries")])
        self.check_refused(self.client["operator"].post("/v1/controls", {"id": 1, "type": []}), 400, ("malformed", "/id"), ("malformed", "/type"))

    def test_too_large(self):
        body = json.dumps(submission()).encode()
        self.check_refused(self.submit(body + b" " * (MIB + 1 - len(body))), 413, ("too_large", ""))
        self.check_refused(self.submit(body + b" " * (2 * MIB - len(body))), 413, ("too_large", ""))
        self.check_refused(self.client["ministry_officer"].post("/v1/controls", b" " * 2 * MIB), 413, ("too_large", ""))
        self.check_refused(self.submit(submission(entries=[{}] * 10_001)), 413, ("too_large", "/entries"))

    def test_units(self):
        for unit in ("", "9", "99", "2499", "24 ", "02401", "R4", "TH", "th", "๒๔๐๑", "control"):
            with self.subTest(unit):
                self.check_refused(self.submit(submission(unit)), 422, ("unknown_unit", "/unit"))

    def test_units_of_others(self):
        district = self.client["district_officer"]
        for client, unit in [(self.officer, "1001"), (self.officer, "10"), (district, "2402"), (district, "24"), (self.client["other_district"], "2401")]:
            with self.subTest(unit):
                self.check_refused(self.submit(submission(unit), client), 403, ("not_permitted", "/unit"))
        for role in ("ministry_officer", "auditor", "operator"):
            self.check_refused(self.submit(submission(), self.client[role]), 403, ("not_permitted", ""))
            self.check_refused(self.submit(b" " * 2 * MIB, self.client[role]), 403, ("not_permitted", ""))

    def test_national_ids(self):
        places = {
            "/reason": {"reason": f"บัตร {NATIONAL_ID}"}, "/letter": {"letter": "1-2345-67890-12-1"},
            "/entries/0/values/channel": {"entries": [record(channel=IN_THAI_DIGITS)]},
            "/entries/0/values/nobody/0/knows~1it": {"entries": [record(nobody=[{"knows/it": "1 2345 67890 12 1"}])]},
            "/entries/0/values/document/name": {"entries": [record(document={"name": f"x{NATIONAL_ID}.pdf", "sha256": "1" * 64})]},
            "/entries/1/values/team": {"entries": [record(), {"op": "correct", "fact": "?", "values": {"team": f"t.{NATIONAL_ID}."}}]},
            "/entries/0/values": {"entries": [{"values": NATIONAL_ID}]},
            "/entries/0/values/x": {"entries": [{"op": "record", "type": "no_such_type", "values": {"x": NATIONAL_ID, "y": 1}}]},
        }
        for where, members in places.items():
            with self.subTest(where):
                self.check_refused(self.submit(submission(**members)), 422, ("personal_data", where))
        everywhere = submission(entries=[record(channel=NATIONAL_ID), record(url=[NATIONAL_ID])], reason=NATIONAL_ID, letter=NATIONAL_ID)
        self.check_refused(self.submit(everywhere), 422, *[("personal_data", where) for where in (
            "/reason", "/entries/0/values/channel", "/entries/1/values/url/0", "/letter")])
        said = control("period_closed", round=ROUND, month="2022-04", letter={"number": NATIONAL_ID}, unit="TH") | {"reason": IN_THAI_DIGITS}
        answer = self.client["ministry_officer"].post("/v1/controls", said)
        self.check_refused(answer, 422, ("personal_data", "/reason"), ("personal_data", "/letter/number"))

    def test_the_first_reason_comes_alone(self):
        personal = {"reason": NATIONAL_ID}
        self.check_refused(self.submit(submission("99", id="?", **personal)), 400, ("malformed", "/id"))
        self.check_refused(self.submit(submission("99", entries=[{}] * 10_001, **personal)), 413, ("too_large", "/entries"))
        self.check_refused(self.submit(submission("99", **personal)), 422, ("unknown_unit", "/unit"))
        self.check_refused(self.submit(submission("10", **personal)), 403, ("not_permitted", "/unit"))

    def test_controls_of_others(self):
        not_permitted = ("not_permitted", "/type")
        opening = control("round_opened", round=ROUND, revision=1)
        granting = control("account_granted", account="x", role="auditor", unit="TH", token_sha256="0" * 64)
        for role, body in [("province_officer", opening), ("operator", opening), ("ministry_officer", granting), ("province_officer", granting),
                           ("province_officer", control("period_closed", round=ROUND, month="2022-04")),
                           ("province_officer", control("period_closed", round=ROUND, month="2022-04", unit="10")),
                           ("province_officer", control("target_set", round=ROUND, unit="1001", indicator=7, measure="grade_a", value=1, letter="x")),
                           ("ministry_officer", control("catalogue_published", round=ROUND, files={}))]:
            with self.subTest(f"{role}: {body['type']}"):
                self.check_refused(self.client[role].post("/v1/controls", body), 403, not_permitted)
        for role in ("district_officer", "auditor"):
            self.check_refused(self.client[role].post("/v1/controls", opening), 403, ("not_permitted", ""))

    def test_any_other_type_is_one_submission(self):
        body = json.dumps(submission("99")).encode() + b"\n"
        for media in ("application/json", "text/plain", "application/x-www-form-urlencoded", "application/x-ndjsonx", "application/ndjson", "-", ""):
            with self.subTest(media):
                self.check_refused(self.officer.post("/v1/submissions", body, headers={"Content-Type": media}), 422, ("unknown_unit", "/unit"))

    def test_lines(self):
        """Of many lines each is answered as if it came alone; over the limits none is taken."""
        as_lines = {"Content-Type": "application/x-ndjson"}
        bad = b"\n".join([b"{", json.dumps(submission("99")).encode(), b"", json.dumps(submission("10")).encode()])
        answer = self.officer.post("/v1/submissions", bad, headers=as_lines)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/x-ndjson"))
        told = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual([(line["status"], line["problems"][0]["code"]) for line in told],
                         [(400, "malformed"), (422, "unknown_unit"), (400, "malformed"), (403, "not_permitted")])
        self.check_refused(self.officer.post("/v1/submissions", b"{}\n" * 10_001, headers=as_lines), 413, ("too_large", ""))
        self.check_refused(self.officer.post("/v1/submissions", b" " * (16 * MIB + 1), headers=as_lines), 413, ("too_large", ""))


class Found(Refusals):
    """What is found only by the fold is journaled, and rejected: figures stay as they were."""
    SENDS_ANYTHING = True

    def check_rejected(self, body, *problems):
        answer = self.officer.post("/v1/submissions", body, wait=30)
        self.assertEqual((answer.status, answer.json["verdict"], answer.json["changes"]), (422, "rejected", []), answer)
        self.assertEqual(answer.problems, list(problems), answer)
        self.assertEqual(answer.json["problems_total"], len(problems))

    def test_huge_numbers(self):
        good = json.dumps(submission(expects="?")).encode()
        for number in (b"1e400", b"-1e400", b"1e-400", b"9007199254740993", b"-1", b"0.5", b"18446744073709551616", b"9" * 5000, b"0." + b"1" * 5000,
                       b"1e99999999999999999999"):
            with self.subTest(number[:20]):
                fresh = good.replace(good[8:44], submission()["id"].encode())
                self.check_rejected(fresh.replace(b'"?"', number), ("bad_value", "/expects"))
        for value in (10**30, -5, 6.5, 2**63):
            self.check_rejected(submission(entries=[record(indicator=value)]), ("bad_value", "/entries/0/values/indicator"))

    def test_the_deepest_that_is_read(self):
        nested = []
        for _ in range(32 - 5):
            nested = [nested]
        self.check_rejected(submission(entries=[record(url=nested)]), ("bad_value", "/entries/0/values/url"))

    def test_the_largest_that_is_read(self):
        body = json.dumps(submission(round="2599-1")).encode()
        self.check_rejected(body + b" " * (MIB - len(body)), ("unknown_round", "/round"))
        self.check_rejected(submission(entries=[]), ("bad_value", "/entries"))

    def test_strings_of_any_kind(self):
        for text in ("\0", "\U0010ffff", "\ufeff", "A" * 501, "a\r\nSet-Cookie: x=1"):
            self.check_rejected(submission(entries=[record(channel=text)]), ("bad_value", "/entries/0/values/channel"))

    def test_what_looks_like_a_national_id_and_is_none(self):
        self.check_rejected(submission(round="2599-1", reason="1234567890122", letter="12345678901210"), ("unknown_round", "/round"))


if __name__ == "__main__":
    unittest.main()
