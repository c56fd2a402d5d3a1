"""Reads C++ just far enough for house rules: text without comments, literals, identifiers, includes, functions."""
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PIECE = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | (?P<raw>(?:u8|[uUL])?R"(?P<tag>[^()\s\\]{0,16})\((?P<raw_text>.*?)\)(?P=tag)")
      | (?P<text>(?:u8|[uUL])?"(?P<plain>(?:\\.|[^"\\\n])*)")
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.S | re.X,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+")', re.M)
_IDENTIFIER = re.compile(r"(?<![\w.])(?:[A-Za-z_]\w*)|(?<=[.>])[A-Za-z_]\w*")


@dataclass(frozen=True)
class Problem:
    path: str
    line: int
    rule: str
    why: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.why}"


class Source:
    """One file of C++; `code` has the same length and lines as the text, comments and literals blanked."""

    def __init__(self, root, path):
        self.path = str(path)
        self.text = (Path(root) / path).read_text(encoding="utf-8")
        self.includes = [(self.line(m.start(1)), m.group(1)) for m in _INCLUDE.finditer(self.text)]
        without_includes = _INCLUDE.sub(lambda m: " " * len(m.group(0)), self.text)
        self.literals = []
        self.code = _PIECE.sub(self._blank, without_includes)

    def _blank(self, match):
        literal = match.group("raw_text") if match.group("raw") else match.group("plain")
        if match.group("raw") or match.group("text"):
            self.literals.append((self.line(match.start()), literal))
        return re.sub(r"[^\n]", " ", match.group(0))

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def lines(self):
        return self.text.count("\n") + (not self.text.endswith("\n"))

    def identifiers(self):
        """(line, name, text before it) of each identifier outside comments and literals."""
        for match in _IDENTIFIER.finditer(self.code):
            before = self.code[max(0, match.start() - 40):match.start()]
            yield self.line(match.start()), match.group(0), before

    def functions(self):
        """(line, head, length) of each function body that lies in no other: from its head to its closing brace."""
        depth_of_body, opened, last = None, [], 0
        for match in re.finditer(r"[{};]", self.code):
            mark, at = match.group(0), match.start()
            if mark == "{":
                head = self.code[last:at]
                if depth_of_body is None and _opens_a_body(head):
                    depth_of_body = len(opened)
                opened.append(last + len(head) - len(head.lstrip()))
            elif mark == "}" and opened:
                start = opened.pop()
                if depth_of_body is not None and len(opened) == depth_of_body:
                    depth_of_body = None
                    head = " ".join(self.code[start:at].split("{")[0].split())
                    yield self.line(start), head, self.line(at) - self.line(start) + 1
            last = at + 1


def _opens_a_body(head):
    head = re.sub(r"^\s*#.*$", "", head, flags=re.M)
    if "(" not in head or re.search(r"\b(namespace|class|struct|union|enum)\b[^()]*$", head):
        return False
    return not re.search(r"=\s*$", head)


def words_of(name):
    """size_bytes, SizeBytes and size_bytes_ are the words size, bytes."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return [word for word in spaced.lower().split("_") if word]


def tracked(root):
    """The files of the project: what git tracks or would, else everything but build folders."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                            capture_output=True, check=False)
    if listed.returncode == 0:
        names = {name for name in listed.stdout.decode().split("\0") if name}
    else:
        names = {str(path.relative_to(root)) for path in Path(root).rglob("*") if path.is_file()}
    return sorted(name for name in names
                  if not name.startswith(("build/", ".git/")) and "__pycache__" not in name
                  and (Path(root) / name).is_file())


def cpp(root, *folders):
    return [Source(root, name) for name in tracked(root)
            if name.endswith((".h", ".cpp")) and name.startswith(tuple(f"{folder}/" for folder in folders))]


def reviewed(root, name):
    """The entries of a reviewed list: one a line, `entry  # why it is there`."""
    path = Path(root) / "tests/architecture" / name
    if not path.exists():
        return {}
    entries = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry, _, why = line.partition("#")
        if entry.strip():
            entries[entry.strip()] = why.strip()
    return entries
