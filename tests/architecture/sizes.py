"""Files and functions stay small; what is longer is on a reviewed list and may only shrink."""
from pathlib import Path

from source import Problem, cpp, reviewed, tracked

FILE_LINES_MAX = 500
FILE_LINES_P95 = 300
FUNCTION_LINES_MAX = 70


def check(root):
    problems, lengths = [], []
    allowed = reviewed(root, "long_functions.txt")
    unused = set(allowed)
    for source in cpp(root, "libs", "services", "tests"):
        lengths.append((source.lines(), source.path))
        for line, head, length in source.functions():
            entry = next((entry for entry in allowed if entry.split(":")[0] == source.path
                          and entry.split(":")[1] in head), None)
            limit = int(entry.split(":")[2]) if entry else FUNCTION_LINES_MAX
            if entry and length > FUNCTION_LINES_MAX:
                unused.discard(entry)
            if length > limit:
                problems.append(Problem(source.path, line, "size", f"{length} lines of {head[:60]}; at most {limit}"))
    lengths += [((Path(root) / name).read_text(encoding="utf-8").count("\n"), name)
                for name in tracked(root) if name.endswith(".py")]
    for lines, name in lengths:
        if lines > FILE_LINES_MAX:
            problems.append(Problem(name, 1, "size", f"{lines} lines; at most {FILE_LINES_MAX}"))
    longer = sorted(length for length in lengths if length[0] > FILE_LINES_P95)
    if 20 * len(longer) > len(lengths):
        shown = ", ".join(f"{name} ({lines})" for lines, name in longer)
        problems.append(Problem(".", 0, "size", f"more than 5 % of the files exceed {FILE_LINES_P95} lines: {shown}"))
    for entry in sorted(unused):
        problems.append(Problem("tests/architecture/long_functions.txt", 1, "size", f"{entry} is no longer needed"))
    return problems
