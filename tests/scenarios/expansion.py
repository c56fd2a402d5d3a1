"""Reads scenario files as the runner does: puts the lines of `use` and `for` where they belong, and parts words."""
import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Line:
    indent: int
    text: str


def expand(path):
    """The lines of a file without `use` and `for`."""
    lines = []
    _expand(_split(Path(path).read_text(encoding="utf-8")), Path(path).parent, {}, 0, lines)
    return lines


def statements(lines):
    """(text, block): each statement with the lines indented under it."""
    found = []
    for line in lines:
        if line.indent > 0 and found:
            found[-1][1].append(line)
        elif line.text and not line.text.startswith("#"):
            found.append((line.text, []))
    return found


def scenarios(path):
    """(title, statements) of each scenario of a file, what stands before the first put before each."""
    shared, found = [], []
    for statement in statements(expand(path)):
        if statement[0].startswith("scenario "):
            found.append((statement[0][9:], list(shared)))
        else:
            (found[-1][1] if found else shared).append(statement)
    return found or [(Path(path).name, shared)]


def words(text):
    """Words parted by blanks, but not inside quotes and brackets; a # at the start of a word ends the line."""
    found, at = [], 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        if text[at] == "#":
            break
        start, depth = at, 0
        while at < len(text) and (text[at] != " " or depth > 0):
            if text[at] in "\"`":
                at = _behind_quoted(text, at)
                continue
            depth += (text[at] in "[{") - (text[at] in "]}")
            at += 1
        found.append(text[start:at])
    return found


def items(text):
    """What stands between commas, as they stand, without regard to those inside quotes and brackets."""
    found, start, at, depth = [], 0, 0, 0
    while at < len(text):
        if text[at] in "\"`":
            at = _behind_quoted(text, at)
            continue
        depth += (text[at] in "[{") - (text[at] in "]}")
        if text[at] == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    last = text[start:].strip()
    return found + [last] if last else found


def unquoted(word):
    return json.loads(word) if word.startswith('"') else word


def _behind_quoted(text, start):
    at = start + 1
    while text[at] != text[start]:
        at += 2 if text[start] == '"' and text[at] == "\\" else 1
    return at + 1


def _split(text):
    return [Line(len(line) - len(line.lstrip(" ")), line.strip(" \t")) for line in text.split("\n")]


def _substitute(text, variables):
    return re.sub(r"\{([^{}]*)\}", lambda found: variables.get(found[1], found[0]), text)


def _expand(lines, folder, variables, shift, out):
    at = 0
    while at < len(lines):
        line, text = lines[at], _substitute(lines[at].text, variables)
        at += 1
        if text.startswith("for "):
            block = []
            while at < len(lines) and (not lines[at].text or lines[at].indent > line.indent):
                block.append(lines[at])
                at += 1
            name, values = _loop(text)
            least = min((one.indent for one in block if one.text), default=0)
            for value in values:
                _expand(block, folder, {**variables, name: value}, line.indent + shift - least, out)
        elif text.startswith("use "):
            path, *given = words(text)[1:]
            part = folder / path
            named = dict(one.split("=", 1) for one in given)
            _expand(_split(part.read_text(encoding="utf-8")), part.parent, named, line.indent + shift, out)
        else:
            out.append(Line(max(line.indent + shift, 0), text))


def _loop(text):
    _, name, _, *given = words(text)
    step = 1
    if len(given) > 2 and given[-2] == "step":
        step = int(given[-1])
        given = given[:-2]
    values = []
    for word in given:
        first, dots, last = word.partition("..")
        if not dots:
            values.append(word)
        elif "-" in first:
            start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
            values += [str(start + datetime.timedelta(days)) for days in range(0, (end - start).days + 1, step)]
        else:
            width = len(first) if first.startswith("0") else 1
            values += [f"{number:0{width}}" for number in range(int(first), int(last) + 1, step)]
    return name, values
