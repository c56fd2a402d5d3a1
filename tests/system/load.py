"""Who sends under load: officers their submissions, and others controls; what becomes of everything is known beforehand."""
import json
import threading
from datetime import date, timedelta

from senders import Sender, Sent

ROUND = "2565-2"
FIRST_DAY = date(2022, 4, 1)
DAYS = 183
CHANNELS = ["local_newspaper", "radio", "television", "facebook", "line", "website", "youtube", "notice_board", "event", "other"]
DIMENSIONS = ["health", "education", "living_conditions", "income", "state_services"]


class Officer(Sender):
    """Submits for one unit, of which nobody else submits: what becomes of everything is known beforehand."""

    def __init__(self, address, token, seed, unit):
        super().__init__(address, token, seed)
        self.unit = unit
        self.households = []  # registered for good
        self.facts = []       # (fact id, type, values) that may be corrected or withdrawn
        self.made = 0

    def act(self):
        # What names the version that it expects would be out of date later.
        while any("expects" in sent.content for sent in self.lost):
            self.again()
        many = self.chance.choice([1, 3, 30])
        step = self.chance.choices([self.register, self.follow, self.publicise, self.change, self.publicise_in_lines, self.fail, self.reuse,
                                    self.again_if_lost, self.repeat, self.look], [4, 6, 3, 4, 1, 2, 1, 4, 2, 2])[0]
        if not self.sent:
            step = self.register
        step(many) if step in (self.register, self.follow, self.publicise, self.change, self.publicise_in_lines) else step()

    def again_if_lost(self):
        if self.lost:
            self.again()

    def day(self):
        return (FIRST_DAY + timedelta(self.chance.randrange(DAYS))).isoformat()

    def record(self, kind, /, **values):
        return {"op": "record", "fact": self.new_id(), "type": kind, "occurred_on": self.day(), "values": values}

    def name(self, letter):
        self.made += 1
        return f"{letter}-{self.unit}-{self.made}"

    def body(self, entries):
        return {"id": self.new_id(), "unit": self.unit, "round": ROUND, "reason": "โหลดทดสอบ", "entries": entries}

    def submission(self, entries, expected="accepted"):
        body = self.body(entries)
        if not self.lost and self.chance.random() < 0.3:
            body["expects"] = sum(sent.expected == "accepted" for sent in self.sent)
        self.send(Sent("/v1/submissions", body, expected))

    def register(self, many):
        self.submission([self.record("target_household", household=self.name("h"), source="tpmap",
                                     dimensions=self.chance.sample(DIMENSIONS, self.chance.randint(1, 5))) for _ in range(many)]
                        + [self.record("plot", plot=self.name("p"), kind="HLM") for _ in range(many)])

    def follow(self, many):
        if self.households:
            self.submission([self.record("household_verified", household=self.chance.choice(self.households), logbook_reference="LB-1")
                             if self.chance.random() < 0.5 else
                             self.record("mentor_visit", household=self.chance.choice(self.households), team="t-1") for _ in range(many)])

    def item(self):
        return self.record("publicity", indicator=6, channel=self.chance.choice(CHANNELS), url="https://example.org/1")

    def publicise(self, many):
        self.submission([self.item() for _ in range(many)])

    def publicise_in_lines(self, many):
        self.send_lines([Sent("/v1/submissions", self.body([self.item()]), "accepted") for _ in range(many)])

    def change(self, many):
        """Corrects and withdraws; what is under way is not touched again before it is known to have been done."""
        entries = []
        for _ in range(min(many, len(self.facts))):
            fact, kind, values = self.facts.pop(self.chance.randrange(len(self.facts)))
            if self.chance.random() < 0.4:
                entries.append({"op": "withdraw", "fact": fact})
                continue
            if "channel" in values:
                values = {**values, "channel": self.chance.choice(CHANNELS)}
            entries.append({"op": "correct", "fact": fact, "occurred_on": self.day(), "values": values})
        if entries:
            self.submission(entries)

    def fail(self):
        """Most of it would do; none of it may be there."""
        self.submission([self.record("plot", plot=self.name("p"), kind="CLM"), self.record("mentor_visit", household="h-nobody", team="t-1"),
                         self.record("publicity", indicator=6, channel="radio", url="https://example.org/2")], "rejected")

    def reuse(self):
        """The id of something else with another body."""
        sent = self.chance.choice(self.sent)
        if not sent.answered:
            return
        body = json.dumps({**sent.content, "reason": f"อีกครั้ง {self.chance.random()}"}).encode()
        answer = self.ask("POST", sent.path, body, 5)
        if answer is not None and answer.status in (202, 409):
            position = answer.json["position"]
            self.reused_positions.append((position["stream"], position["offset"]))
        elif answer is not None and answer.status != 503:
            self.failures.append(f"a reused id was answered with {answer}")

    def accepted(self, sent):
        for entry in sent.content["entries"]:
            if entry.get("type") == "target_household":
                self.households.append(entry["values"]["household"])
            elif entry["op"] == "record":
                self.facts.append((entry["fact"], entry["type"], entry["values"]))
            elif entry["op"] == "correct":
                self.facts.append((entry["fact"], None, entry["values"]))


class Controller(Sender):
    """Sends controls; every one of them changes something somewhere, so that it is accepted."""

    def __init__(self, address, token, seed, bodies, pause):
        super().__init__(address, token, seed)
        self.bodies = bodies
        self.pause = pause
        self.acknowledged = threading.Event()

    def act(self):
        """Bursts: controls stand behind one another while the first is still being copied."""
        for _ in range(self.chance.randint(1, 4)):
            # In order: the next one needs the one before.
            while self.lost:
                self.again()
            body = next(self.bodies, None)
            if body is not None:
                self.send(Sent("/v1/controls", {"id": self.new_id(), "reason": "โหลดทดสอบ", **body}, "accepted"))
                self.acknowledged.set()
        self.repeat()
        self.look()
        self.enough.wait(self.chance.uniform(0, self.pause))
