"""Clients that take their time, wait to be told, or come in crowds. All wait at once: none holds up another."""
import json
import threading
import time
import unittest

from refusals import ROUND, Refusals, submission
from servers import until
from wire import answers, connect, read_to_end

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
CONNECTIONS_OF_ADDRESS_MAX = 64
OPEN = "tamroi_http_connections"
LATE = 15  # seconds that a machine with a lot else to do may take longer


class Slow(Refusals):
    def head(self, size, token="province_officer", *fields):
        lines = ["POST /v1/submissions HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.installation.tokens.get(token, token)}",
                 f"Content-Length: {size}", *fields]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def test_deadlines(self):
        waits = [self.dribble_a_header, self.dribble_a_body, self.begin_a_second_request, self.do_nothing, self.do_nothing_more, self.wait_for_a_position]
        failures = []

        def watched(wait):
            try:
                wait()
            except BaseException as failure:
                failures.append((wait.__name__, failure))
        threads = [threading.Thread(target=watched, args=(wait,)) for wait in waits]
        for thread in threads:
            thread.start()
        for _ in range(20):
            self.assertEqual(self.server.client().get("/healthz").status, 200)
            time.sleep(0.1)
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def check_closed(self, peer, began, least, received=b""):
        """The server closes it once the deadline is over, and not before."""
        self.assertEqual(read_to_end(peer, least + LATE), received)
        took = time.monotonic() - began
        self.assertGreater(took, least - 0.5)
        self.assertLess(took, least + LATE)

    def dribble(self, peer, given):
        """A byte now and then, until the server does not want any more."""
        peer.settimeout(0.05)
        for byte in given:
            try:
                peer.sendall(bytes([byte]))
                if not peer.recv(1):
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return

    def dribble_a_header(self):
        began = time.monotonic()
        with connect(self.server.port) as peer:
            self.dribble(peer, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 7000)
            self.check_closed(peer, began, 5)

    def dribble_a_body(self):
        began = time.monotonic()
        with connect(self.server.port) as peer:
            peer.sendall(self.head(100_000))
            self.dribble(peer, b" " * 99_999)
            self.check_closed(peer, began, 10)

    def begin_a_second_request(self):
        with connect(self.server.port) as peer:
            peer.sendall(GET)
            self.assertTrue(peer.recv(65536).startswith(b"HTTP/1.1 200 "))
            began = time.monotonic()
            peer.sendall(b"GET")
            self.check_closed(peer, began, 5)

    def do_nothing(self):
        began = time.monotonic()
        with connect(self.server.port) as peer:
            self.check_closed(peer, began, 5)

    def do_nothing_more(self):
        with connect(self.server.port) as peer:
            peer.sendall(GET)
            self.assertTrue(peer.recv(65536).startswith(b"HTTP/1.1 200 "))
            self.check_closed(peer, time.monotonic(), 15)

    def wait_for_a_position(self):
        began = time.monotonic()
        answer = self.server.client("auditor").get(f"/v1/rounds/{ROUND}/units/24/results?after=24:999999")
        self.check_refused(answer, 503, ("unavailable", ""))
        self.assertGreater(time.monotonic() - began, 9.5)

    def test_told_to_go_on(self):
        """Who asks first is told to go on, and who would be refused is not."""
        body = json.dumps(submission("99")).encode()
        with connect(self.server.port) as peer:
            peer.sendall(self.head(len(body), "province_officer", "Expect: 100-continue", "Connection: close"))
            self.assertEqual(peer.recv(65536), b"HTTP/1.1 100 Continue\r\n\r\n")
            peer.sendall(body)
            self.check_refused(answers(read_to_end(peer))[0], 422, ("unknown_unit", "/unit"))
        for size, token, status, code in [(100, "nobody's", 401, "unauthorized"), (100, "auditor", 403, "not_permitted"),
                                          (2 << 20, "province_officer", 413, "too_large")]:
            with connect(self.server.port) as peer:
                peer.sendall(self.head(size, token, "Expect: 100-continue"))
                self.check_refused(answers(read_to_end(peer))[0], status, (code, ""))

    def test_crowds(self):
        """Beyond so many connections of an address one more is told to come later."""
        for client in self.client.values():
            client.close()
        until(lambda: self.server.metrics().get(OPEN) == 1, "no connection is open but the one that asks")
        crowd = [until(self.joined, "there is room for one more") for _ in range(CONNECTIONS_OF_ADDRESS_MAX)]
        with connect(self.server.port) as peer:
            self.check_refused(answers(read_to_end(peer))[0], 429, ("too_many_requests", ""))
        for peer in crowd:
            peer.close()
        until(lambda: self.server.metrics().get(OPEN) == 1, "the crowd is gone")

    def joined(self):
        """A connection that is served; nothing where whoever went before is not yet gone."""
        peer = connect(self.server.port)
        peer.sendall(GET)
        if peer.recv(65536).startswith(b"HTTP/1.1 200 "):
            return peer
        return peer.close()


if __name__ == "__main__":
    unittest.main()
