"""Requests that two readers could read in two ways, byte for byte: refused before anything else looks at them."""
import json
import unittest

from refusals import Refusals, submission
from wire import connect, answers, exchange, read_to_end

HOST = "Host: localhost"
# What would be done if a body were taken for a request.
HIDDEN = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


VECTORS_LEAST = 250  # a slip must not take them away unseen


class Gate(Refusals):
    sent, refused = set(), set()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        through = cls.sent - cls.refused
        print(f"{len(cls.sent)} attack vectors, {len(through)} of them got through")
        assert not through and len(cls.sent) >= VECTORS_LEAST, through

    def post(self, *fields, body=HIDDEN, version="HTTP/1.1", line=None):
        """The bytes of a POST with exactly these fields and a token behind them."""
        head = [line or f"POST /v1/submissions {version}", *fields, f"Authorization: Bearer {self.installation.tokens['province_officer']}"]
        return ("\r\n".join(head) + "\r\n\r\n" + body).encode("utf-8")

    def check_one(self, request, status=400, code="malformed"):
        """One answer, a refusal, and nothing of what follows is looked at."""
        self.sent.add(request)
        told = exchange(self.server.port, request, within=10)
        self.assertEqual(len(told), 1, told)
        self.check_refused(told[0], status, (code, ""))
        self.assertEqual(told[0].headers["connection"], "close")
        self.refused.add(request)

    def test_where_a_body_ends(self):
        chunked, length = "Transfer-Encoding: chunked", f"Content-Length: {len(HIDDEN)}"
        in_chunks = f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"
        for coding in ("gzip", "identity", "xchunked", "chunked, identity", "identity, chunked", "chunked, chunked", "chunked;q=1", "Chunked, gzip", '"chunked"', "",
                       "chunked,", "\x0bchunked"):
            with self.subTest(coding):
                self.check_one(self.post(HOST, f"Transfer-Encoding: {coding}", length))
                self.check_one(self.post(HOST, f"Transfer-Encoding: {coding}", body=in_chunks))
        for fields in ((chunked, length), (length, chunked), (chunked, chunked), ("Transfer-Encoding: identity", chunked), (length, length),
                       ("Content-Length: 0", length), (length, "Content-Length: 0"), ("transfer-encoding : chunked",), ("Transfer-Encoding\t: chunked",),
                       (" Transfer-Encoding: chunked",), ("X: 1", "\tTransfer-Encoding: chunked"), ("Content-Length : 0",)):
            with self.subTest(fields):
                self.check_one(self.post(HOST, *fields, body=in_chunks))
        for value in ("5, 5", "05", "+5", "-5", "0x5", "5 5", "5;5", "", "5.0", "1e1", "99999999999", "18446744073709551616", "٥", "00"):
            with self.subTest(value):
                self.check_one(self.post(HOST, f"Content-Length: {value}"))
        self.check_one(self.post(HOST, chunked, body=in_chunks, version="HTTP/1.0"))

    def test_chunks(self):
        for body in ("x\r\n", "-1\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffffff\r\n", "5\r\nhello!\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5 \r\nhello\rx"):
            with self.subTest(body):
                self.check_one(self.post(HOST, "Transfer-Encoding: chunked", body=body + HIDDEN))
        self.check_one(self.post(HOST, "Transfer-Encoding: chunked", body=f"{2 << 20:x}\r\n" + "x" * (2 << 20)), 413, "too_large")

    def test_chunks_that_end_elsewhere_for_others(self):
        """What some readers take for a chunk, an end or a trailer, and others do not."""
        for body in ("+5\r\nhello\r\n0\r\n\r\n", "_5\r\nhello\r\n0\r\n\r\n", "5_0\r\nhello\r\n0\r\n\r\n", "0X5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n",
                     "5\0\r\nhello\r\n0\r\n\r\n", "10000000000000005\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n",
                     "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhello\r\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n", "5\n\nhello\r\n0\r\n\r\n", "5;a\nhello\r\n0\r\n\r\n",
                     "5;a\rb\r\nhello\r\n0\r\n\r\n", "5;\0\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\n\r\n", "5\r\nhello\r\n0\r\n\n", "5\r\nhello\r\n0\r\nX: 1\n\r\n",
                     "5\r\nhello\r\n0\r\nX 1\r\n\r\n", "5\r\nhello\r\n-0\r\n\r\n", "5,\r\nhello\r\n0\r\n\r\n", "5.0\r\nhello\r\n0\r\n\r\n", "٥\r\nhello\r\n0\r\n\r\n"):
            with self.subTest(body):
                self.check_one(self.post(HOST, "Transfer-Encoding: chunked", body=body + HIDDEN))

        self.check_one(self.post(HOST, "Transfer-Encoding: chunked", body="fffffffffffffffb\r\nhello\r\n0\r\n\r\n" + HIDDEN), 413, "too_large")

    def test_line_ends_in_extensions(self):
        """What ends a line for one reader is a byte of the extension for another."""
        for extension in (";\n", ";a\n", ";a=\n", ';a="\n"', ';a="\r"', ';a="\r\n"', ';a="\0"', ';a="\\\n"', ";a\rb"):
            with self.subTest(extension):
                self.check_one(self.post(HOST, "Transfer-Encoding: chunked", body=f"5{extension}\r\nhello\r\n0\r\n\r\n" + HIDDEN))

    def test_names_that_others_take_for_framing(self):
        length, in_chunks = f"Content-Length: {len(HIDDEN)}", f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"
        for before in ("\0", "\x0b", "\x0c", "\x08", "\x7f", "\xa0", "\x85", "\ufeff", "(", "[", '"', "\\", "/", "{", "@", "=", ","):
            for name in (f"{before}Transfer-Encoding", f"Transfer-Encoding{before}", f"Transfer{before}Encoding", f"Content-Length{before}"):
                with self.subTest(name):
                    self.check_one(self.post(HOST, length, f"{name}: chunked", body=in_chunks))
        for value in ("\0chunked", "chunked\0", "\x0cchunked", "chunked\x0b", "chu\x08nked", "\xa0chunked", "chunked\x85", "c\u212aunked", "chunKed", "CHUNKED", "chunked x", "x chunked",
                      "'chunked'", "chunked;", ";chunked", ",chunked", "chunked, chunked, chunked", "cow", "deflate, chunked", "chunked\t,identity", "trailers", "*"):
            with self.subTest(value):
                self.check_one(self.post(HOST, f"Transfer-Encoding: {value}", body=in_chunks))

    def test_hosts(self):
        for fields in ((), (HOST, HOST), (HOST, "Host: example.org"), ("Host: example.org",), ("Host:",), ("Host: localhost:1",), ("Host: localhost, localhost",),
                       ("Host: localhost@example.org",), ("Host: localhost/",), ("Host : localhost",)):
            with self.subTest(fields):
                self.check_one(self.post(*fields, f"Content-Length: {len(HIDDEN)}"))

    def test_request_lines(self):
        for line in ("POST http://localhost/v1/submissions HTTP/1.1", "POST /v1/submissions", "POST  /v1/submissions HTTP/1.1", "POST /v1/submissions  HTTP/1.1",
                     "POST /v1/sub missions HTTP/1.1", "POST /v1/หน่วย HTTP/1.1", "POST /v1/units/\x7f HTTP/1.1", "POST * HTTP/1.1", "POST v1/submissions HTTP/1.1",
                     "POST /v1/submissions HTTP/1.2", "POST /v1/submissions HTTP/2.0", "POST /v1/submissions http/1.1", "POST /v1/submissions HTTP/1.1 ",
                     "P(ST /v1/submissions HTTP/1.1", " POST /v1/submissions HTTP/1.1", "POST\t/v1/submissions\tHTTP/1.1", "POST", "PRI * HTTP/2.0",
                     "POST /v1/submissions?" + "x" * 2048 + " HTTP/1.1"):
            with self.subTest(line[:60]):
                self.check_one(self.post(HOST, f"Content-Length: {len(HIDDEN)}", line=line))
        for version in ("HTTP/1.1\0", "HTTP/01.1", "HTTP/1.01", "HTTP/1.10", "HTTP/1.", "HTTP/.1", "HTTP/+1.1", "HTTP/1,1", "HTTP/1.1HTTP/1.1", "HTTP/0.9", "HTTP/3", "HTP/1.1", "HTTPS/1.1",
                        "ICAP/1.0", "RTSP/1.0", "SIP/2.0", "HTTP /1.1", "HTTP/1 .1"):
            with self.subTest(version):
                self.check_one(self.post(HOST, f"Content-Length: {len(HIDDEN)}", version=version))
        for target in ("//localhost/../healthz#", "/v1/../healthz", "/v1/./units", "/v1/%2e%2e/healthz", "/v1/%2E%2e/healthz", "/v1/..%2fhealthz", "/v1/%2fhealthz", "/v1/units%00", "/v1/units%0d%0aX:%201",
                       "/v1/units%0a", "/v1/%c0%af", "/v1/%e0%80%af", "/v1/%ff", "/v1/%u002e", "/v1/%", "/v1/%2", "/v1/%zz", "/v1/units#x", "/v1/units?a=%00", "/v1/units?a=%0d%0a", "/v1/units?%ff",
                       "/v1/units?a=%ed%a0%80", "https://localhost/v1/units", "localhost:80", "localhost", "?x", "", "/v1/units\0", "/v1/units\r", "/v1/units\x0b", "/v1/units\x85", "ws://localhost/"):
            with self.subTest(target):
                self.check_one(self.post(HOST, f"Content-Length: {len(HIDDEN)}", line=f"POST {target} HTTP/1.1"))
        self.check_one(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n")
        self.check_one(b"\r\n\r\n" + self.post(HOST, "Content-Length: 0"))

    def test_fields(self):
        length = f"Content-Length: {len(HIDDEN)}"
        for field in ("X: 1\r\n folded", "X: 1\r\n\tfolded", "X", ": 1", "X\0: 1", "X: \0", "X: 1\rY: 2", "X: 1\nY: 2", "X Y: 1", "X: \x7f", "X: ผ", "X@: 1", "Upgrade: h2c",
                      "Upgrade: websocket"):
            with self.subTest(field):
                self.check_one(self.post(HOST, length, field))
        self.check_one(self.post(HOST, length, *[f"X-{n}: 1" for n in range(62)]))
        self.check_one(self.post(HOST, length, "X: " + "x" * (9 << 10)))
        for expectation in ("200-ok", "100-continue, x", ""):
            self.check_one(self.post(HOST, length, f"Expect: {expectation}"), 417, "expectation_failed")
        self.check_one(self.post(HOST, length, "Expect: 100-continue", "Expect: 100-continue"))

    def test_line_ends(self):
        whole = self.post(HOST, f"Content-Length: {len(HIDDEN)}")
        head, _, _ = whole.partition(b"\r\n\r\n")
        for broken in (whole.replace(b"\r\n", b"\n"), whole.replace(b"\r\n", b"\r"), head.replace(b"\r\n", b"\r\r\n") + b"\r\n\r\n", head + b"\n\n", head + b"\r\n\n"):
            with self.subTest(broken[-30:]):
                self.check_one(broken)

    def test_what_is_sound_is_served(self):
        """Several requests in one piece are answered in their order; a body in chunks is a body."""
        body = json.dumps(submission("99"))
        in_chunks = "".join(f"{len(piece):X}\r\n{piece}\r\n" for piece in (body[:10], body[10:])) + "0\r\n\r\n"
        requests = (self.post(HOST, "Content-Length: 0", body="") + self.post(HOST, "transfer-ENCODING: chunked", body=in_chunks)
                    + self.post("Host: 127.0.0.1", f"content-length:{len(body)}", body=body)
                    + b"GET /healthz HTTP/1.1\r\nHost: LOCALHOST\r\nX: " + b"x" * 4000 + b"\r\nConnection: close\r\n\r\n")
        told = exchange(self.server.port, requests, within=10)
        self.assertEqual([answer.status for answer in told], [400, 422, 422, 200])
        self.assertEqual([answer.problems for answer in told[1:3]], [[("unknown_unit", "/unit")]] * 2)

    def test_bytes_one_by_one(self):
        with connect(self.server.port) as peer:
            for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n":
                peer.sendall(bytes([byte]))
            self.assertEqual([answer.status for answer in answers(read_to_end(peer, 10))], [200])

    def test_clients_that_go_away(self):
        whole = self.post(HOST, f"Content-Length: {len(HIDDEN)}")
        for size in (0, 1, 30, len(whole) - len(HIDDEN), len(whole) - 1):
            with connect(self.server.port) as peer:
                peer.sendall(whole[:size])
        self.assertEqual(self.server.readiness()["status"], 200)


if __name__ == "__main__":
    unittest.main()
