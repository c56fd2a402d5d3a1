"""What an expression of PromQL asks for: the series that it selects, and the labels that it speaks of."""
import re

TOKENS = re.compile(r"""
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') |
    (?P<range>\[[^\]]*\]) |
    (?P<variable>\$\w+|\$\{\w+\}) |
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[smhdwy]?) |
    (?P<word>[a-zA-Z_:][\w:]*) |
    (?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},])
""", re.VERBOSE)
GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
OPERATORS = {"and", "or", "unless", "bool", "offset"}


class Expression:
    def __init__(self, text):
        self.series = []         # (name, {label: (sign, value)})
        self.labels = []         # (name of the series that they group, label)
        tokens = [(match.lastgroup, match.group()) for match in TOKENS.finditer(text)]
        left = TOKENS.sub("", text).split()
        assert not left, f"not understood: {left} in {text}"
        self._read(tokens)

    def _read(self, tokens):
        grouped = []
        at = 0
        while at < len(tokens):
            kind, word = tokens[at]
            following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
            if kind != "word" or word in OPERATORS:
                at += 1
            elif word in GROUPING:
                end = tokens.index(("sign", ")"), at)
                grouped += [label for each, label in tokens[at + 2:end] if each == "word"]
                at = end + 1
            elif following == "(" or following in GROUPING:
                at += 1  # a function or an aggregation
            else:
                at = self._selector(tokens, at)
        self.labels = sorted(set(grouped))

    def _selector(self, tokens, at):
        name, labels = tokens[at][1], {}
        at += 1
        if at < len(tokens) and tokens[at][1] == "{":
            end = tokens.index(("sign", "}"), at)
            inside = [token for token in tokens[at + 1:end] if token[1] != ","]
            for label, sign, value in zip(inside[::3], inside[1::3], inside[2::3], strict=True):
                labels[label[1]] = (sign[1], value[1][1:-1])
            at = end + 1
        self.series.append((name, labels))
        return at


def exposed(text):
    """Names of metrics, and the values of each label, of what a server exposes."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels = re.fullmatch(r"(\w+)(?:\{(.*)\})? \S+", line).groups()
        values = found.setdefault(name, {})
        for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""):
            values.setdefault(label, set()).add(value)
    return found
