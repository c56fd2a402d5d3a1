"""Whether every level, threshold, requirement, dispute and problem has its scenarios: `coverage.py ROOT`.

What is asked for comes from the catalogue and from the code's list of problem codes, so that a new one is missed at once.
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

import yaml

import expansion

ROUND = "2565-2"
# Not computed: life stages, report dates, the base of outcomes, letterheads.
DISPUTES_OF_WORDS = {"D5", "D7", "D8", "D9", "D10", "D13"}
# These come without others, whatever else is wrong.
ALONE = {"too_large", "unknown_unit", "not_permitted", "personal_data", "unknown_round", "id_reused"}
# The next fold version would end the program that plays.
NEVER_TOLD = {("fold_activated", "accepted")}


class Told:
    """What all scenarios of the round say, gathered by what it is about."""

    def __init__(self):
        self.levels = defaultdict(set)     # (indicator, revision): levels claimed
        self.because = set()               # (indicator, revision, level, measure)
        self.measures = defaultdict(set)   # measure: values claimed
        self.requirements = set()          # (indicator, level, requirement, present or missing)
        self.points = defaultdict(set)     # (indicator, revision): points claimed, "no"
        self.problems = []                 # lists of codes that came together
        self.types = set()                 # fact types recorded
        self.values = defaultdict(set)     # field: words sent
        self.controls = defaultdict(set)   # control type: verdicts

    def read(self, path):
        for _, statements in expansion.scenarios(path):
            if any(text.split(" ")[:2] == ["catalogue", ROUND] for text, _ in statements):
                _Scenario(self).play(statements)


class _Scenario:
    _CONTROLS = {"open": "round_opened", "close": "period_closed", "revise": "criteria_revised", "target": "target_set"}

    def __init__(self, told):
        self._told = told
        self._revisions = {"TH": 0}  # by province; of all
        self._last = ("", 0)
        self._sent = None            # a control that waits for its verdict, with what it does

    def play(self, statements):
        for text, block in statements:
            found = expansion.words(text) if not text.startswith("because ") else text.split(" ")
            verdict = found[0] == "expect" and found[1] in ("accepted", "rejected", "refused", "repeat", "status")
            if not verdict:
                self._settle("accepted")
            if found[0] == "catalogue":
                self._told.controls["catalogue_published"].add("accepted")
            elif found[0] == "submit":
                self._submit(block)
            elif found[0] in self._CONTROLS or found[0] == "control":
                self._sent = found
            elif verdict:
                self._verdict(found, block)
            elif found[0] == "expect":
                self._claims(found[1:] + [word for line in block for word in expansion.words(line.text)])
            elif found[0] == "because":
                self._because(text)
        self._settle("accepted")

    def _settle(self, verdict):
        if self._sent is None:
            return
        found, self._sent = self._sent, None
        kind = found[1] if found[0] == "control" else self._CONTROLS[found[0]]
        self._told.controls[expansion.unquoted(kind)].add(verdict)
        if verdict != "accepted":
            return
        unit = found[found.index("unit") + 1] if "unit" in found else "TH"
        if found[0] == "open":
            self._revisions["TH"] = int(found[found.index("revision") + 1])
        if found[0] == "revise":
            named = self._revisions if unit == "TH" else {unit: 0}
            for one in list(named):
                self._revisions[one] = max(int(found[1]), self._revisions.get(one, 0))

    def _submit(self, block):
        for line in block:
            found = expansion.words(line.text)
            if not found or found[0] in ("correct", "withdraw", "entry"):
                continue
            self._told.types.add(found[1] if found[0] == "record" else found[0])
            for word in found[1:]:
                field, equals, value = word.partition("=")
                if equals:
                    self._told.values[field].update(expansion.items(value.strip("[]")))

    def _verdict(self, found, block):
        if found[1] in ("accepted", "rejected", "refused"):
            self._settle(found[1])
        if found[1] in ("rejected", "refused"):
            codes = [found[2]] if len(found) > 2 else []
            codes += [found[at + 1] for at, word in enumerate(found) if word == "and"]
            codes += [line.text.split(" ")[0] for line in block if line.text]
            self._told.problems.append(codes)

    def _revision(self, unit):
        return self._revisions.get(unit[:2], self._revisions["TH"])

    def _claims(self, found):
        unit = found.pop(0)
        if unit in ("changed", "unchanged"):
            return
        indicator, revision = 0, self._revision(unit)
        if found[0] == "indicator":
            indicator = int(found[1])
            self._last = (unit, indicator)
            found = found[2:]
            if found[0] == "revision":
                revision = int(found[1])
                found = found[2:]
        for at, word in enumerate(found[:-1]):
            if word == "level" and (at == 0 or found[at - 1] not in ("of", "on")):
                self._told.levels[indicator, revision].add(int(found[at + 1]))
            elif word == "measure":
                self._told.measures[found[at + 1]].add(found[at + 2])
            elif word == "requirement":
                self._told.requirements.add((indicator, int(found[at + 4]), found[at + 1], found[at + 5]))
            elif word == "points":
                self._told.points[indicator, revision].add("no" if at and found[at - 1] == "no" else found[at + 1])
        if found[-2:] == ["no", "points"]:
            self._told.points[indicator, revision].add("no")

    def _because(self, text):
        head, said = text.split(": ", 1)
        found = head.split(" ")
        unit, indicator = self._last
        if found[1] != "level":
            unit = found[1]
            indicator = int(found[3]) if found[2] == "indicator" else indicator
        self._told.because.add((indicator, self._revision(unit), int(found[-1]), said.split(" ")[0]))


def missing(root):
    told = Told()
    for path in sorted((root / "tests/scenarios").rglob("*.scenario")):
        told.read(path)
    folder = root / "schemas/catalogue" / ROUND
    catalogue = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))}
    for name, file in catalogue.items():
        if name.startswith("indicator-"):
            yield from missing_of_indicator(told, file, catalogue["round"]["revisions"])
    yield from missing_words(told, catalogue)
    yield from missing_disputes(root, catalogue["disputes"]["disputes"])
    yield from missing_problems(root, told)
    yield from missing_controls(root, told)


def missing_of_indicator(told, file, revisions):
    number = file["number"]
    for revision in revisions:
        for level in range(6):
            if level not in told.levels[number, revision]:
                yield f"indicator {number}, revision {revision}: no result stands at level {level}"
        for level, body in file["revisions"][revision].items():
            for criterion in body["criteria"]:
                measure = criterion.get("measure", "judgement")
                if (number, revision, level, measure) not in told.because:
                    yield f"indicator {number}, revision {revision}, level {level}: nothing says that {measure} is too little"
        if "points" in file and len(told.points[number, revision] - {"no"}) < 2:
            yield f"indicator {number}, revision {revision}: points are hardly claimed"
    for level, requirements in file["evidence"].items():
        for one in requirements:
            for state in ("present", "missing"):
                if (number, level, one["requirement"], state) not in told.requirements:
                    yield f"indicator {number}, level {level}: requirement {one['requirement']} is never {state}"
    for measure, body in file["measures"].items():
        if len(told.measures[measure]) < 2:
            yield f"indicator {number}: measure {measure} never has two values"
        if ("share" in body or "growth" in body) and "undefined" not in told.measures[measure] and not _of_all_districts(body):
            yield f"indicator {number}: measure {measure} is never undefined"
    yield from missing_bands(told, file)


def _of_all_districts(body):
    """A share over the districts themselves always has some."""
    return body.get("share", {}).get("of") == {"units": "district"}


def missing_bands(told, file):
    text = yaml.dump(file)
    for name, bands in (file.get("bands") or {}).items():
        by = set(re.findall(rf"band: {name}\s+by:\s+(?:parent: )?(\w+)", text))
        for edge in {band[side] for band in bands for side in ("from", "to") if side in band and band[side] > 1}:
            if not any(str(edge) in told.measures[measure] for measure in by):
                yield f"indicator {file['number']}: nothing stands at {edge}, an edge of {name}"


def missing_words(told, catalogue):
    for name, body in catalogue["facts"]["fact_types"].items():
        if name not in told.types:
            yield f"fact type {name} is never recorded"
        for field, kind in body["values"].items():
            for word in catalogue["words"]["vocabularies"].get(kind.get("vocabulary"), []):
                if str(word) not in told.values[field]:
                    yield f"{name}: {field} is never {word}"


def missing_disputes(root, disputes):
    for name in disputes:
        files = list((root / "tests/scenarios/disputes").glob(f"d{int(name[1:]):02}-*.scenario"))
        if (len(files) == 0) != (name in DISPUTES_OF_WORDS):
            yield f"dispute {name} has {len(files)} files of scenarios"


def missing_problems(root, told):
    text = (root / "libs/base/problem.cpp").read_text(encoding="utf-8")
    codes = re.findall(r'"(\w+)"', text)
    for code in codes[:codes.index("out_of_order") + 1]:
        if [code] not in told.problems:
            yield f"problem {code} never stands alone"
        if code not in ALONE and not any(code in together and len(set(together)) > 1 for together in told.problems):
            yield f"problem {code} never stands beside another"


def missing_controls(root, told):
    text = (root / "libs/reporting/control_body.cpp").read_text(encoding="utf-8")
    for control in re.findall(r'\{"(\w+)", (?:true|false),', text):
        for verdict in ("accepted", "rejected", "refused"):
            if verdict not in told.controls[control] and (control, verdict) not in NEVER_TOLD:
                yield f"control {control} is never {verdict}"


def main():
    found = list(missing(Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(f"{len(found)} are missing" if found else 0)


if __name__ == "__main__":
    main()
