"""What follows from the records that were accepted: a slow second opinion, from the bodies as they were sent."""
import journal
from load import Officer


def facts(senders, streams):
    """fact id → the fact as the facts route should show it, as far as it is said here."""
    outcomes = journal.ledger_by_record(streams)
    bodies = {sent.id: sent.content for sender in senders if isinstance(sender, Officer) for sent in sender.sent}
    found = {}
    for stream, rows in streams.items():
        if stream in ("control", "ledger"):
            continue
        for row in rows:
            body = bodies.get(row["record"]["id"])
            if body is None or outcomes[stream, row["offset"]]["outcome"]["verdict"] != journal.ACCEPTED:
                continue
            for entry in body["entries"]:
                apply(found, entry, body["unit"], {"stream": stream, "offset": row["offset"]})
    return found


def apply(found, entry, unit, position):
    if entry["op"] == "record":
        found[entry["fact"]] = {"fact": entry["fact"], "type": entry["type"], "unit": unit, "live": True, "corrections": 0,
                                "occurred_on": entry["occurred_on"], "values": entry["values"], "position": position}
        return
    fact = found[entry["fact"]]
    fact["corrections"] += 1
    if entry["op"] == "withdraw":
        fact["live"] = False
    else:
        fact.update(occurred_on=entry["occurred_on"], values=entry["values"])


def as_shown(fact):
    """A fact of the route, as far as facts() says it."""
    return {**{key: fact[key] for key in ("fact", "type", "unit", "live", "occurred_on", "values", "position")},
            "corrections": len(fact["corrections"])}


def versions(senders):
    """unit → how many of its submissions were accepted."""
    found = {}
    for sender in senders:
        if isinstance(sender, Officer):
            found[sender.unit] = sum(sent.expected == "accepted" for sent in sender.sent)
    return found


def measures(found, unit):
    """Some measures of a district or a province, counted one by one from the facts()."""
    live = [fact for fact in found.values() if fact["live"] and fact["unit"].startswith(unit)]
    households = {fact["values"]["household"] for fact in live if fact["type"] == "target_household"}
    verified = {fact["values"]["household"] for fact in live if fact["type"] == "household_verified"}
    channels = {fact["values"]["channel"] for fact in live if fact["type"] == "publicity"}
    return {"households_verified": {"numerator": len(households & verified), "denominator": len(households)},
            "channels": {"value": str(len(channels))},
            "plots": {"value": str(sum(fact["type"] == "plot" for fact in live))}}
