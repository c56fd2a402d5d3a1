"""Clients that send to a server which comes and goes, and keep a book of what they sent and heard."""
import hashlib
import http.client
import json
import random
import threading
import uuid
from collections import Counter

from wire import Answer, Client


class Over(Exception):
    """There will be no server any more."""


class Address:
    """Where the server can be reached just now; clients wait while it is nowhere."""

    def __init__(self):
        self._moved = threading.Condition()
        self._port = None
        self._over = False

    def move(self, port):
        with self._moved:
            self._port = port
            self._moved.notify_all()

    def end(self):
        with self._moved:
            self._over = True
            self._moved.notify_all()

    def port(self, within=60):
        with self._moved:
            assert self._moved.wait_for(lambda: self._port is not None or self._over, within), "no server for too long"
            if self._over:
                raise Over
            return self._port


class Sent:
    """One submission or control: what was sent under its id, and every answer to it."""

    def __init__(self, path, body, expected):
        self.path = path
        self.id = body["id"]
        self.body = json.dumps(body).encode()
        self.content = body
        self.expected = expected  # the verdict
        self.positions = []       # of each record that a 202 told of
        self.outcomes = set()     # bodies of the answers that told what became of it
        self.answered = False
        self.losses = 0           # answers that never came

    @property
    def sha256(self):
        return hashlib.sha256(self.body).hexdigest()


class Sender(threading.Thread):
    """Sends one thing after the other for one account, and what was lost once more, at once or later."""

    def __init__(self, address, token, seed):
        super().__init__()
        self.address = address
        self.token = token
        self.chance = random.Random(seed)
        self.sent = []
        self.lost = []
        self.reused_positions = []
        self.failures = []
        self.heard = Counter()    # statuses, 0 where no answer came
        self.enough = threading.Event()
        self.breath = 0           # seconds between two steps
        self._client = None

    def run(self):
        try:
            while not self.enough.is_set():
                self.act()
                self.enough.wait(self.breath)
            while self.lost:
                self.again()
        except Over:
            pass
        except Exception as failure:  # told by the test
            self.failures.append(f"{type(failure).__name__}: {failure}")
            raise

    def act(self):
        """One more step of the kind's own."""
        raise NotImplementedError

    def accepted(self, sent):
        """It is known to be in force."""

    def new_id(self):
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def send(self, sent):
        self.sent.append(sent)
        self.attempt(sent)

    def again(self):
        self.attempt(self.lost.pop(self.chance.randrange(len(self.lost))))

    def repeat(self):
        """What was answered long ago is sent once more."""
        sent = self.chance.choice(self.sent)
        if sent.answered:
            self.attempt(sent, known=True)

    def attempt(self, sent, known=False):
        self.hear(sent, self.ask("POST", sent.path, sent.body, self.chance.choice([None, None, 5])), known)

    def send_lines(self, many):
        """Many in one request; each line is answered like a request of its own."""
        self.sent += many
        answer = self.ask("POST", many[0].path, b"\n".join(sent.body for sent in many), self.chance.choice([None, 5]),
                          {"Content-Type": "application/x-ndjson"})
        lines = answer.body.splitlines() if answer is not None and answer.status == 200 else [None] * len(many)
        if len(lines) != len(many):
            self.failures.append(f"{len(many)} lines were answered with {answer}")
        for sent, line in zip(many, lines):
            self.hear(sent, line and as_alone(line), known=False)

    def hear(self, sent, answer, known):
        if answer is None or answer.status == 503:
            sent.losses += 1
            if not known:
                self.lost.append(sent)
            return
        if answer.status == 202:
            position = answer.json["position"]
            sent.positions.append((position["stream"], position["offset"]))
        elif answer.status in (200, 422):
            self.note(sent, answer)
        else:
            self.failures.append(f"{sent.body[:300]} was answered with {answer}")
        if not known:
            sent.answered = True
            if sent.expected == "accepted":
                self.accepted(sent)

    def look(self):
        """What became of it must be what was told before, if it is told at all."""
        sent = self.chance.choice(self.sent)
        answer = self.ask("GET", f"{sent.path}/{sent.id}")
        if answer is not None and answer.status == 200 and answer.json["verdict"] != "pending":
            self.note(sent, answer)

    def note(self, sent, answer):
        sent.outcomes.add(answer.body)
        if answer.json["verdict"] != sent.expected:
            self.failures.append(f"{sent.body[:300]} became {answer}, expected {sent.expected}")

    def ask(self, method, path, body=None, wait=None, headers=()):
        """The answer, or nothing where it was lost."""
        try:
            if self._client is None:
                self._client = Client(self.address.port(), self.token)
            prefer = {"Prefer": f"wait={wait}"} if wait else {}
            answer = self._client.request(method, path, body, {**dict(headers), **prefer})
            self.heard[answer.status] += 1
            return answer
        except (OSError, http.client.HTTPException):
            self.heard[0] += 1
            self._client = None
            return None


def as_alone(line):
    """The answer that one line of many tells."""
    status, comma, rest = line.partition(b",")
    assert status.startswith(b'{"status":') and comma, line
    return Answer(int(status.removeprefix(b'{"status":')), {}, b"{" + rest)
