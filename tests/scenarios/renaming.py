"""Gives every word of a catalogue another name, in the catalogue and in scenarios: fact types, fields, choices,
vocabularies, registers, measures, bands, points, reports and requirements. What the contract fixes stays: members of
submissions, controls and documents, codes, and the language of catalogues itself."""
import json
import re

import yaml

from expansion import items, unquoted, words

_DOCUMENT = {"sha256", "name", "media_type", "size_bytes", "pages"}


class Names:
    """Old to new, each role with names of its own: a field and a type that are called alike part ways."""

    def __init__(self):
        self._known = {}
        self.fields_of_choices = set()
        self.fields_of_requirements = set()

    def add(self, role, word):
        self._known[role, word] = f"{role}_{word[::-1]}"

    def of(self, role, word):
        return self._known.get((role, word), word)

    def knows(self, role, word):
        return (role, word) in self._known

    def value(self, field, word):
        """A word as the value of a field."""
        if field in self.fields_of_choices:
            return self.of("choice", word)
        return self.of("requirement", word) if field in self.fields_of_requirements else word

    def __len__(self):
        return len(self._known)

    def read(self, files):
        """Takes the words of one catalogue: its YAML files, parsed."""
        for file in files:
            for vocabulary, choices in (file.get("vocabularies") or {}).items():
                self.add("vocabulary", vocabulary)
                for word in choices:
                    self.add("choice", str(word))
            for role, key in (("register", "registers"), ("type", "fact_types"), ("measure", "measures"), ("band", "bands")):
                for word in file.get(key) or {}:
                    self.add(role, word)
            for fact_type in (file.get("fact_types") or {}).values():
                for field, body in fact_type["values"].items():
                    self.add("field", field)
                    if body["kind"] in ("choice", "choices"):
                        self.fields_of_choices.add(field)
                    if body["kind"] == "requirement":
                        self.fields_of_requirements.add(field)
            for part in (file.get("points") or {}).get("parts", []):
                self.add("part", part["name"])
            for report in file.get("reports") or []:
                self.add("report", report["name"])
            for requirements in (file.get("evidence") or {}).values():
                for one in requirements if isinstance(requirements, list) else []:
                    self.add("requirement", one["requirement"])


class Plain(yaml.SafeDumper):
    """YAML without anchors: the language of catalogues has none."""

    def ignore_aliases(self, data):
        return True


class CatalogueRenaming:
    # Members whose value is a word, and its role; keyed: members whose keys are words.
    _ROLES = {"fact": "type", "field": "field", "elements_of": "field", "by": "field", "limit": "field", "choice": "vocabulary",
              "vocabulary": "vocabulary", "register": "register", "registers": "field", "measure": "measure", "given": "measure",
              "over": "measure", "parent": "measure", "band": "band", "requirement": "requirement", "name": "part",
              "unit": "field", "indicator": "field", "level": "field", "met": "field", "is": "choice"}
    _KEYED = {"fact_types": "type", "values": "field", "where": "field", "measures": "measure", "vocabularies": "vocabulary",
              "bands": "band"}
    _LISTED = {"shares": "measure", "one_of": "choice", "has_all": "choice", "one_at_least": "field"}

    def __init__(self, names):
        self._names = names

    def file(self, name, text):
        value = yaml.safe_load(text)
        return yaml.dump(self._value(value, name), Dumper=Plain, allow_unicode=True, sort_keys=False, width=200)

    def _word(self, role, value):
        if isinstance(value, list):
            return [self._word(role, one) for one in value]
        return self._names.of(role, value) if isinstance(value, str) else value

    def _value(self, value, parent):
        if isinstance(value, list):
            return [self._value(one, parent) for one in value]
        if not isinstance(value, dict):
            return value
        return {self._key(key, parent): self._member(key, one, parent) for key, one in value.items()}

    def _key(self, key, parent):
        if parent == "registers":
            return self._names.of("register", key)
        return self._names.of(self._KEYED[parent], key) if parent in self._KEYED else key

    def _member(self, key, value, parent):
        if parent == "where" and isinstance(value, str):
            return self._names.value(key, value)
        if parent == "vocabularies":
            return self._word("choice", value)
        if parent == "reports" and key == "name":
            return self._word("report", value)
        if parent == "evidence" and key == "requirement" and not self._names.knows("requirement", value):
            return self._word("field", value)  # what evidence is bound to
        scalar = not isinstance(value, dict) and not (isinstance(value, list) and any(isinstance(one, dict) for one in value))
        if key in self._LISTED:
            return self._word(self._LISTED[key], value)
        if key in self._ROLES and scalar and parent not in self._KEYED:
            # `by` names a field in facts.yaml and a measure where a band is looked up.
            role = "measure" if key == "by" and parent in ("at_least", "needed", "otherwise") else self._ROLES[key]
            return self._word(role, value)
        return self._value(value, key if parent not in self._KEYED else "")


class ScenarioRenaming:
    def __init__(self, names):
        self._names = names

    def statement(self, text, block):
        """The lines of one statement, renamed."""
        verb = text.split(" ", 1)[0]
        if verb == "submit":
            return [text, *("  " + self._entry(line.text) for line in block if line.text and line.text[0] != "#")]
        if verb == "raw":
            return [text, *("  " + self._raw(line.text) for line in block)]
        if verb == "scenario":
            return [text]
        return [self._claims(text), *("  " + self._claims(line.text) for line in block if line.text and line.text[0] != "#")]

    def _entry(self, text):
        if text.startswith("entry "):
            return self._raw(text)
        found, at = words(text), 0
        if found[0] == "record":
            at = 1
        if found[0] in ("correct", "withdraw"):
            at = 2
        else:
            found[at] = self._names.of("type", found[at])
            at += 1
        while at < len(found):
            if found[at] in ("on", "fact", "without"):
                at += 2
                continue
            if found[at] == "with":
                at += 1
                found[at] = self._added(found[at])
            else:
                found[at] = self._field(found[at])
            at += 1
        return " ".join(found)

    def _added(self, member):
        """A member of the entry itself: only `type` and `values` hold words."""
        name, value = member.split("=", 1)
        if name == "values" and value.startswith("{"):
            return "values={" + ", ".join(self._field(one) for one in items(value[1:-1])) + "}"
        return f"{name}={self._names.of('type', value)}" if name == "type" else member

    def _field(self, member):
        name, value = member.split("=", 1)
        return f"{self._names.of('field', name)}={self._of(name, value)}"

    def _of(self, field, value):
        if value.startswith("["):
            return "[" + ",".join(self._of(field, one) for one in items(value[1:-1])) + "]"
        if value.startswith('"'):
            word = unquoted(value)
            return value if self._names.value(field, word) == word else json.dumps(self._names.value(field, word))
        if value.startswith("`"):
            return re.sub(r'"(\w+)"', lambda one: f'"{self._names.value(field, one[1])}"', value)
        return self._names.value(field, value)

    def _raw(self, text):
        """JSON as it stands, well-formed or not."""
        text = re.sub(r'("type"\s*:\s*")(\w+)"', lambda m: f'{m[1]}{self._names.of("type", m[2])}"', text)
        text = re.sub(r'("measure"\s*:\s*")(\w+)"', lambda m: f'{m[1]}{self._names.of("measure", m[2])}"', text)
        return re.sub(r'("values"\s*:\s*\{)([^}]*)', lambda m: m[1] + self._raw_values(m[2]), text)

    def _raw_values(self, text):
        def member(found):
            name, value = found[1], found[3]
            if name in _DOCUMENT and not self._names.knows("field", name):
                return found[0]
            new = value if value is None else json.dumps(self._names.value(name, json.loads(value)), ensure_ascii=False)
            return f'"{self._names.of("field", name)}"{found[2]}{new or ""}'
        return re.sub(r'"(\w+)"(\s*:\s*)("(?:[^"\\]|\\.)*")?', member, text)

    def _claims(self, text):
        if text.startswith("because "):
            head, said = text.split(": ", 1)
            first, *rest = said.split(" ", 1)
            return " ".join([head + ":", self._names.of("measure", first), *rest])
        found = words(text)
        for at, word in enumerate(found[:-1]):
            if word == "measure":
                found[at + 1] = self._names.of("measure", found[at + 1])
            if word == "requirement":
                found[at + 1] = self._names.of("requirement", found[at + 1])
            if word == "at" and found[at + 1].startswith("/"):
                found[at + 1] = self._pointer(found[at + 1])
        if found[0] == "lacks":
            at = 4 if found[2] == "indicator" else 1
            found[at] = self._names.of("measure", found[at])
            found[at + 2:] = ["+".join(self._names.of("choice", part) for part in name.split("+")) for name in found[at + 2:]]
        if found[0] == "target":
            found[4] = self._names.of("measure", found[4])
        if found[0] == "control":
            found = [self._control_member(word) for word in found]
        return " ".join(found)

    def _control_member(self, word):
        name, equals, value = word.partition("=")
        return f"measure={self._names.of('measure', value)}" if equals and name == "measure" else word

    def _pointer(self, pointer):
        found = re.fullmatch(r"(/entries/\d+/values/)([^/]+)(.*)", pointer)
        return pointer if found is None else found[1] + self._names.of("field", found[2]) + found[3]
