"""Asks a server the operations of the document by their names, and holds each answer against it."""
import hashlib
import http.client
import unittest
import urllib.parse

from answered import PROBLEM, Answered
from document import Document, filled
from refusals import control
from wire import Answer, Client

ROUND = "2565-2"
ABOUT = {"round": ROUND, "unit": "24", "indicator": 7, "stream": "24", "id": "01826c3e-7c00-7a3e-9b1d-2f6f0f4d9a10", "tile": "0/000.p/1"}


class Asker:
    """Speaks for the accounts of the first use by their role, and for those that are added by their name."""

    def __init__(self):
        self.document = Document()
        self.answered = Answered(self.document)
        self.tokens = {}
        self.port = None

    def meet(self, server):
        self.port = server.port
        self.tokens.update(server.installation.tokens)

    def ask(self, name, who=None, *, about=(), query=(), body=None, headers=(), wait=None):
        """`about` replaces what the path is about; when nobody is named, the last role that the document permits asks."""
        method, route = self.document.operations[name]
        path = filled(route, {word: urllib.parse.quote(str(value)) for word, value in {**ABOUT, **dict(about)}.items()})
        path += "?" + urllib.parse.urlencode(query) if query else ""
        client = Client(self.port, self.tokens.get(who or (self.document.operation(name)["x-roles"] or ["nobody"])[-1]))
        if method == "POST":
            answer = client.post(path, {} if body is None else body, wait=wait, headers=headers)
        else:
            answer = client.request(method, path, body, dict(headers))
        client.close()
        self.answered.take(name, answer)
        return answer

    def open_feed(self, who, query=(), after=None):
        """The connection of a feed and what comes on it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.tokens.get(who)}", **({"Last-Event-ID": after} if after else {})}
        connection.request("GET", "/v1/feed?" + urllib.parse.urlencode(query), headers=headers)
        response = connection.getresponse()
        self.answered.take("feed", Answer(response.status, response.headers, b"" if response.status == 200 else response.read()))
        return connection, response

    def feed(self, who, query=(), after=None, events=0):
        """The status of the feed, and its first events as {"event", "id", "data"}."""
        connection, response = self.open_feed(who, query, after)
        found = []
        while len(found) < events:
            lines = iter(lambda: response.readline().decode().rstrip("\n"), "")
            found.append(dict(line.partition(": ")[::2] for line in lines))
        connection.close()
        return response.status, found


class Asking(unittest.TestCase):
    """What tests say of answers. The asker is the class's own."""
    asker = None

    def ask(self, name, status, *problems, **asked):
        """Asks, and wants this status, and these problems as (code, pointer)."""
        answer = self.asker.ask(name, **asked)
        self.assertEqual(answer.status, status, (name, asked, answer))
        if answer.headers["content-type"] in ("application/json", PROBLEM) and "problems" in answer.json:
            self.assertEqual(answer.problems, list(problems), (name, asked))
        return answer

    def accept_control(self, who, body):
        self.ask("send_control", 200, who=who, body=body, wait=30)
        return self.ask("control", 200, who="auditor", about={"id": body["id"]})

    def grant(self, account, role, unit, token=None, **members):
        """An account that can ask from now on."""
        self.asker.tokens[account] = token or f"token of {account}"
        digest = hashlib.sha256(self.asker.tokens[account].encode()).hexdigest()
        self.accept_control("operator", control("account_granted", account=account, role=role, unit=unit, token_sha256=digest, **members))
