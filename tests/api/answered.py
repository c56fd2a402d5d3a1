"""Holds answers of a server against the OpenAPI document, and remembers what was answered."""
import json

PROBLEM = "application/problem+json"


class Disagreement(AssertionError):
    """An answer is not as the document says."""


class Answered:
    def __init__(self, document):
        self.document = document
        self.seen = set()     # (operation, status, media type, code or None)
        self.members = set()  # (schema, member)

    def take(self, name, answer):
        """An answer of the operation of that name."""
        media = answer.headers["content-type"].partition(";")[0]
        if (answer.status, media) not in self.document.contents(name):
            raise Disagreement(f"{name} may not answer {answer.status} with {media}: {answer}")
        self._take_headers(name, answer, media)
        self.seen.add((name, answer.status, media, None))
        if media == "application/x-ndjson":
            for line in answer.body.decode().splitlines():
                self._take_line(name, json.loads(line))
        elif media.endswith("json"):
            self._take_json(name, answer.status, media, answer.json)

    def take_value(self, schema, value, what):
        members, unknown = self.document.told(schema, value)
        wrong = self.document.why_invalid(schema, value) + [f"{pointer}: it is not described" for pointer in unknown]
        if wrong:
            raise Disagreement(f"{what}: {wrong[:5]} in {json.dumps(value, ensure_ascii=False)[:1000]}")
        self.members |= members

    def unseen(self):
        """What the document has and nothing was answered with. What any operation may answer need not be seen of each."""
        wanted = set()
        for name in self.document.operations:
            for (status, media), schema in self.document.contents(name).items():
                codes = self.document.codes(schema)
                wanted |= {(self._whose(name, status, media), status, media, code) for code in codes | {None}}
        return sorted(wanted - {(self._whose(*each[:3]), *each[1:]) for each in self.seen}, key=str)

    def unseen_members(self):
        wanted = set()
        for name in self.document.operations:
            for schema in self.document.contents(name).values():
                wanted |= self.document.members(schema)
        return sorted(wanted - self.members)

    def _take_json(self, name, status, media, value):
        self.take_value(self.document.contents(name)[status, media], value, f"{name} {status}")
        self.seen |= {(name, status, media, problem["code"]) for problem in value.get("problems", [])}

    def _take_line(self, name, value):
        """What the single request would have been answered with, and its status."""
        if "title" in value:
            return self._take_json(name, value["status"], PROBLEM, value)
        status = value.pop("status")
        self._take_json(name, status, "application/json", value)

    def _take_headers(self, name, answer, media):
        described = self.document.response(name, answer.status)[1]["headers"]
        # Only a refusal says when to come again, and how to say who asks.
        missing = [header for header in described if answer.headers.get(header.lower()) is None and (media == PROBLEM or header == "Request-Id")]
        if missing:
            raise Disagreement(f"{name} {answer.status} lacks {missing}")

    def _whose(self, name, status, media):
        schema = self.document.contents(name)[status, media]
        return "any" if self.document.follow(schema)[1].get("x-any-operation") else name
