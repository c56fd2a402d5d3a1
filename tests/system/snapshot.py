"""All that a server answers about some units, submissions and controls: for comparing byte by byte."""
ROUND = "2565-2"
INDICATORS = (5, 6, 7)


def all_pages(client, path, member):
    """The bodies of a paged route's answers, a page after the other."""
    bodies, cursor = [], ""
    while cursor is not None:
        answer = client.get(path + (f"?cursor={cursor}" if cursor else ""))
        bodies.append((answer.status, answer.body))
        cursor = answer.json.get("next_cursor") if answer.status == 200 else None
    return bodies


def taken(client, units, paths=()):
    """path → what is answered there."""
    found = {}
    for unit in units:
        about = f"/v1/rounds/{ROUND}/units/{unit}"
        asked = [f"{about}/results", f"{about}/results?revision=1"]
        asked += [f"{about}/indicators/{n}" for n in INDICATORS] + [f"{about}/levels?indicator={n}" for n in INDICATORS]
        for path in asked:
            answer = client.get(path)
            found[path] = (answer.status, answer.body)
        for n in INDICATORS:
            found[f"{about}/indicators/{n}/history"] = all_pages(client, f"{about}/indicators/{n}/history", "changes")
        found[f"{about}/facts"] = all_pages(client, f"{about}/facts", "facts")
    for path in paths:
        answer = client.get(path)
        found[path] = (answer.status, answer.body)
    return found


def differences(before, after):
    """Where two differ, with what each says there."""
    return [f"{path}: {str(before.get(path))[:300]} became {str(after.get(path))[:300]}"
            for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
