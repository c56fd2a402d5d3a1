"""What the peer published, held against what the server answers: the same measures, levels, and accepted submissions."""
import json

ROUND, INDICATORS = "2565-2", (5, 6)


def of_server(client):
    """{(unit, indicator): (level, measures)} of all districts and provinces, and {unit: version}."""
    results, versions = {}, {}
    for unit in client.get("/v1/units").json["units"]:
        if unit["level"] not in ("district", "province"):
            continue
        answer = client.get(f"/v1/rounds/{ROUND}/units/{unit['unit']}/results").json
        versions[unit["unit"]] = answer["version"]
        for result in answer["indicators"]:
            if result["indicator"] in INDICATORS:
                results[unit["unit"], result["indicator"]] = (result["level"], {name: _figure(shown) for name, shown in result["measures"].items()})
    return results, versions


def _figure(shown):
    if "undefined" in shown:
        return None
    return shown.get("value") or [shown["numerator"], shown["denominator"]]


def of_peer(lines):
    """The same, of what it published: what never changed is missing there."""
    results, versions, verdicts = {}, {}, {}
    for line in map(json.loads, lines.splitlines()):
        if "measures" in line:
            results[line["unit"], line["indicator"]] = (line["level"], line["measures"])
        elif "verdict" in line:
            verdict, _, unit = line["verdict"].partition(" ")
            verdicts[verdict] = verdicts.get(verdict, 0) + line["count"]
            if unit:
                versions[unit] = line["count"]
    return results, versions, verdicts


def differences(server, peer):
    """A line each."""
    found = []
    for key, wanted in server[0].items():
        got = peer[0].get(key)
        if got != wanted:
            found.append(f"{key}: {wanted} of the server, {got} of the peer")
    found += [f"{key}: of the peer alone" for key in peer[0].keys() - server[0].keys()]
    found += [f"{unit}: version {version} of the server, {peer[1].get(unit, 0)} accepted by the peer"
              for unit, version in server[1].items() if peer[1].get(unit, 0) != version]
    return found
