"""Requests to a server: as any client sends them, and byte for byte."""
import http.client
import json
import socket
import time

ANSWER_WITHIN = 60
HOSTS = {}  # port → where it is, unless on loopback
KEPT_FOR = 5  # seconds without a request; the server closes after 15


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problems(self):
        """(code, pointer) of each problem that it names."""
        return [(problem["code"], problem["where"]) for problem in self.json["problems"]]

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


class Client:
    """One kept connection that speaks for one account; opened anew when the server has closed it.

    An answer that does not come is an OSError or an HTTPException: whoever sent something cannot know whether it was taken.
    """

    def __init__(self, port, token=None):
        self.token = token
        self._connection = http.client.HTTPConnection(HOSTS.get(port, "127.0.0.1"), port, timeout=ANSWER_WITHIN)
        self._used = time.monotonic()

    def request(self, method, path, body=None, headers=()):
        headers = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **dict(headers)}
        if time.monotonic() - self._used > KEPT_FOR:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            self._used = time.monotonic()
            return Answer(answer.status, answer.headers, answer.read())
        except BaseException:
            self._connection.close()
            raise

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body, wait=None, at=None, headers=()):
        """Sends JSON; bytes go as they are."""
        asked = {"Content-Type": "application/json", **dict(headers)}
        if wait is not None:
            asked["Prefer"] = f"wait={wait}"
        if at is not None:
            asked["Tamroi-Time"] = at
        return self.request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode(), asked)

    def pages(self, path, member):
        """All rows of a paged route, a page after the other."""
        rows, cursor = [], ""
        while True:
            answer = self.get(path + (f"{'&' if '?' in path else '?'}cursor={cursor}" if cursor else ""))
            assert answer.status == 200, (path, answer)
            rows += answer.json[member]
            cursor = answer.json.get("next_cursor")
            if cursor is None:
                return rows

    def close(self):
        self._connection.close()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=ANSWER_WITHIN)


def read_to_end(peer, within=ANSWER_WITHIN):
    """All that comes until the server closes; a TimeoutError where it does not."""
    received, deadline = b"", time.monotonic() + within
    while True:
        peer.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            piece = peer.recv(65536)
        except ConnectionResetError:
            return received
        if not piece:
            return received
        received += piece


def answers(received):
    """The answers that stand in what a connection gave, one behind the other."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        size = int(headers.get("content-length", 0))
        found.append(Answer(int(lines[0].split()[1]), headers, rest[:size]))
        received = rest[size:]
    return found


def exchange(port, request, within=ANSWER_WITHIN):
    """Sends bytes and gives all answers that came before the server closed."""
    with connect(port) as peer:
        try:
            peer.sendall(request)
        except ConnectionError:
            pass  # it answered before it had read everything
        return answers(read_to_end(peer, within))
