"""Requests that are refused whatever their body: tokens, methods, paths, parameters and headers."""
import gzip
import json
import tempfile
import unittest
import uuid
from pathlib import Path

from refusals import NOW, ROUND, Refusals, control, submission
from servers import Installation, started
from wire import exchange

ABOUT = f"/v1/rounds/{ROUND}/units"
RESULTS = f"{ABOUT}/24/results"


class Tokens(Refusals):
    def ask(self, authorization, path=RESULTS):
        with_it = {"Authorization": authorization} if authorization is not None else {}
        return self.server.client().request("GET", path, headers=with_it)

    def check_unauthorized(self, answer):
        self.check_refused(answer, 401, ("unauthorized", ""))
        self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    def test_what_is_no_token(self):
        token = self.installation.tokens["auditor"]
        for authorization in (None, "", "Bearer", "Bearer ", "Basic YTpi", token, f"Token {token}", f"Bearer{token}", f"Bearer  {token}", f"Bearer {token[:-1]}",
                              f"Bearer {token}x", f"Bearer {token.upper()}", f'Bearer "{token}"', "Bearer " + "0" * 64, f"Bearer {token}, {token}"):
            with self.subTest(authorization):
                self.check_unauthorized(self.ask(authorization))
                # Whoever may not ask does not learn what there is.
                self.check_unauthorized(self.ask(authorization, "/v1/no/such/path"))
        self.check_unauthorized(self.server.client().get(f"{RESULTS}?token={token}"))
        self.check_unauthorized(self.server.client().post("/v1/submissions", submission()))
        self.assertEqual(self.ask(f"bearer {token}").status, 200)

    def test_expired_and_revoked(self):
        """Accounts are controls, so this test appends, and its own standing is that after it did."""
        lasting = self.account("lasting", "auditor", "TH", expires_on="2022-10-02")
        expired = self.account("expired", "province_officer", "24", expires_on="2022-10-01")
        revoked = self.account("revoked", "province_officer", "24")
        self.assertEqual(revoked.get(RESULTS).status, 200)
        self.control("operator", control("account_revoked", account="revoked"))
        self.before = self.standing()
        self.assertEqual(lasting.get(RESULTS).status, 200)  # also on its last day
        for client in (expired, revoked):
            self.check_unauthorized(client.get(RESULTS))
            self.check_unauthorized(client.post("/v1/submissions", submission()))
            self.check_unauthorized(client.post("/v1/submissions", b" " * (2 << 20)))


class Paths(Refusals):
    def test_not_found(self):
        not_found = ("not_found", "")
        nowhere = str(uuid.uuid4())
        for path in ("/v1", "/v1/", "/v1/nothing", "/v1/units/99", "/v1/units/2499", "/v1/units/24/", "/v1/Units/24", f"{RESULTS}/", "/v1//units",
                     f"/v1/submissions/{nowhere}", "/v1/submissions/x", f"/v1/submissions/{nowhere}/x", f"/v1/rounds/2565-1/units/24/results",
                     f"{ABOUT}/99/results", f"{ABOUT}/24/indicators/8", f"{ABOUT}/24/indicators/x", f"{ABOUT}/24/indicators/6x", f"{ABOUT}/24/indicators/-6",
                     f"{ABOUT}/24/indicators/4294967302", f"{ABOUT}/24/indicators/8/history", f"{ABOUT}/R4/indicators/6/history",
                     f"{ABOUT}/2401/levels?indicator=6", "/v1/units/%32%34x", f"/v1/units/24;x=1"):
            with self.subTest(path):
                self.check_refused(self.officer.get(path), 404, not_found)
        for path in ("/", "/metrics/", "/healthz/x", "/index.html", "/v2/units", "/.git/config"):
            self.check_refused(self.server.client().get(path), 404, not_found)
        ministry = self.client["ministry_officer"]
        for path in (f"/v1/controls/{nowhere}", "/v1/controls/x"):
            self.check_refused(ministry.get(path), 404, not_found)

    def test_methods(self):
        refused = ("method_not_allowed", "")
        for method, path, allowed in [("GET", "/v1/submissions", "POST"), ("GET", "/v1/controls", "POST"), ("POST", RESULTS, "GET"), ("POST", "/v1/units", "GET"),
                                      ("POST", "/healthz", "GET"), ("POST", f"/v1/submissions/{uuid.uuid4()}", "GET")]:
            with self.subTest(f"{method} {path}"):
                answer = self.officer.request(method, path)
                self.check_refused(answer, 405, refused)
                self.assertEqual(answer.headers["allow"], allowed)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "POSTS", "PROPFIND"):
            with self.subTest(method):
                answer = self.officer.request(method, "/v1/submissions", json.dumps(submission()))
                self.check_refused(answer, 405, refused)
                self.assertEqual(answer.headers["allow"], "POST")
        self.assertEqual(self.officer.request("HEAD", RESULTS).status, 405)

    def test_what_a_role_may_not_read(self):
        refused = ("not_permitted", "")
        district = self.client["district_officer"]
        sent = submission("2402")
        self.assertEqual(self.officer.post("/v1/submissions", sent, wait=30).status, 200)
        opened = control("target_set", round=ROUND, unit="24", indicator=7, measure="grade_a", value=1, letter={"number": "1", "issued_on": "2022-08-01"})
        self.control("ministry_officer", opened)
        self.before = self.standing()
        for client, path in [(self.client["operator"], RESULTS), (self.client["operator"], f"{ABOUT}/24/facts"),
                             (district, f"{ABOUT}/2402/facts"), (district, f"{ABOUT}/24/facts"), (self.client["other_district"], f"{ABOUT}/2401/facts"),
                             (self.officer, f"{ABOUT}/TH/facts"), (district, f"/v1/submissions/{sent['id']}"),
                             (self.client["operator"], f"/v1/submissions/{sent['id']}"), (self.officer, f"/v1/controls/{opened['id']}"),
                             (district, f"/v1/controls/{opened['id']}"), (self.officer, "/v1/accounts"), (self.client["ministry_officer"], "/v1/accounts")]:
            with self.subTest(path):
                self.check_refused(client.get(path), 403, refused)


class Parameters(Refusals):
    def check_bad(self, path, name):
        with self.subTest(path):
            self.check_refused(self.client["auditor"].get(path), 400, ("bad_value", f"/{name}"))

    def test_of_reads(self):
        for value in ("", "0", "3", "-1", "+1", "1.5", "1e0", "x", "0x1", "99999999999999999999", "%201"):
            self.check_bad(f"{RESULTS}?revision={value}", "revision")
            self.check_bad(f"{ABOUT}/2401/indicators/6?revision={value}", "revision")
        for value in ("", "0", "-1", "1001", "x", "99999999999999999999"):
            self.check_bad(f"{ABOUT}/24/indicators/6/history?limit={value}", "limit")
            self.check_bad(f"{ABOUT}/24/facts?limit={value}", "limit")
        for value in ("", "x", "-1", "%22"):
            self.check_bad(f"{ABOUT}/24/indicators/6/history?cursor={value}", "cursor")
            self.check_bad(f"{ABOUT}/24/facts?cursor={value}", "cursor")
        for query in ("", "?indicator=", "?indicator=8", "?indicator=x", "?indicator=-6"):
            self.check_bad(f"{ABOUT}/24/levels{query}", "indicator")
        self.check_bad(f"{ABOUT}/24/facts?type=no_such_type", "type")
        self.check_bad(f"{ABOUT}/24/facts?live=maybe", "live")

    def test_of_positions(self):
        for value in ("", "24", "24:", ":1", "24:x", "24:-1", "24:01", "24:1.0", "99:1", "ledger:1", "2401:1", "24:99999999999999999999", "24:1,24:2"):
            self.check_bad(f"{RESULTS}?after={value}", "after")
            self.check_bad(f"/v1/submissions/{uuid.uuid4()}?position={value}", "position")
        for value in ("", "99", "TH", "R4"):
            self.check_bad(f"/v1/submissions/{uuid.uuid4()}?unit={value}", "unit")

    def test_encodings(self):
        """A target that is not sound is refused by the gate, before anybody is asked who it is."""
        for target in ("/v1/units/%", "/v1/units/%2", "/v1/units/%zz", "/v1/units/24%00", "/v1/units/%0d%0aX:1", "/v1/units/%ff", "/v1/units/24%2f..",
                       "/v1/units/../units", "/v1/./units", "/v1/units/%2e%2e", "/v1/units?x=%", "/v1/units?x=%80", "/v1/units#x", "/" + "x" * 2048):
            with self.subTest(target):
                told = exchange(self.server.port, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                self.assertEqual(len(told), 1)
                self.check_refused(told[0], 400, ("malformed", ""))


class Headers(Refusals):
    def test_simulated_time(self):
        for at in ("", "yesterday", "2022-10-03", "2022-10-03T03:00:00", "2022-13-03T03:00:00Z", "2022-10-32T03:00:00Z", "2022-10-03T25:00:00Z", "1664766000",
                   "2022-10-03 03:00", "2022-10-01T03:00:00Z", "2022-03-31T00:00:00Z"):
            for path, body in (("/v1/submissions", submission()), ("/v1/controls", control("round_closed", round=ROUND, unit="24"))):
                with self.subTest(f"{path} at {at}"):
                    self.check_refused(self.officer.post(path, body, at=at), 400, ("malformed", ""))

    def test_kinds_of_body(self):
        """What is sent is read as JSON, whatever it says that it is."""
        squeezed = gzip.compress(json.dumps(submission()).encode())
        for headers, body in [({"Content-Type": "application/x-www-form-urlencoded"}, b"id=1"), ({"Content-Type": "text/xml"}, b"<id>1</id>"),
                              ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"), ({"Content-Encoding": "gzip"}, squeezed)]:
            with self.subTest(headers):
                self.check_refused(self.officer.post("/v1/submissions", body, headers=headers), 400, ("malformed", ""))

    def test_request_ids_are_given_back_only_if_they_are_harmless(self):
        for given, kept in (("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ("<script>", False), ("", False)):
            answer = self.server.client().request("GET", "/healthz", headers={"Request-Id": given})
            self.assertEqual(answer.headers["request-id"] == given, kept)


class Preferences(Refusals):
    SENDS_ANYTHING = True

    def send(self, prefer):
        """Something that is rejected, so that nothing changes."""
        body = submission(round="2599-1")
        return self.officer.post("/v1/submissions", body, headers={"Prefer": prefer}).status

    def test_what_is_no_preference_is_passed_over(self):
        for prefer in ("", "wait", "wait=", "wait=-1", "wait=x", "wait=1.5", "wait=0", "respond-async", "wait=99999999999999999999", ",;=", "waiting=5", "\twait =\t"):
            with self.subTest(prefer):
                self.assertEqual(self.send(prefer), 202)

    def test_preferences_beside_others(self):
        for prefer in ("wait=30", "respond-async, wait=30", "wait=30; foo=bar", "wait = 30", 'handling=lenient,wait=30', "wait=999999"):
            with self.subTest(prefer):
                self.assertEqual(self.send(prefer), 422)


class RealClock(unittest.TestCase):
    def test_nobody_chooses_the_time_and_nothing_is_open_yet(self):
        with tempfile.TemporaryDirectory(prefix="tamroi-real-") as folder:
            installation = Installation.made(Path(folder))
            with started(installation) as server:
                client, check = server.rested().client("province_officer"), Refusals.check_refused
                for at in (NOW, "2099-01-01T00:00:00Z", "x", ""):
                    check(self, client.post("/v1/submissions", submission(), at=at), 400, ("malformed", ""))
                    check(self, client.post("/v1/controls", control("round_closed", round=ROUND, unit="24"), at=at), 400, ("malformed", ""))
                for path in ("24/results", "TH/results", "R4/results", "2401/indicators/6", "24/indicators/6/history", "24/levels?indicator=6", "24/facts"):
                    check(self, client.get(f"{ABOUT}/{path}"), 404, ("round_not_open", ""))
                self.assertEqual(client.post("/v1/submissions", submission(), wait=30).problems, [("round_not_open", "/round")])
                self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
