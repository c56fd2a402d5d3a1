"""Who may include whom, which outside library is seen where, and what PURE code must not touch."""
import re
from pathlib import Path

from source import Problem, cpp

ALLOWED = {
    "PURE": {"PURE"},
    "IO": {"PURE"},
    "JOIN": {"PURE", "IO", "JOIN"},
    "ROLE": {"PURE", "IO", "JOIN"},
    "PROGRAM": {"PURE", "IO", "JOIN", "ROLE"},
}

# Headers of an outside library and the only folders that see them: in .cpp files and in headers no other folder includes.
OUTSIDE = {
    "rocksdb/": {"journal", "memory", "readmodel"},
    "librdkafka/": {"journal"},
    "boost/beast": {"http", "cli", "scenarios", "verify"},
    "boost/asio": {"http", "gateway", "projector", "query", "steward", "server", "cli", "scenarios", "verify"},
    "spdlog/": {"telemetry"},
    "prometheus/": {"telemetry"},
    "google/protobuf/": {"event"},
    "openssl/": {"base", "audit", "setup"},
    "yaml-cpp/": {"catalogue", "setup"},
    "CLI/": {"server", "cli", "scenarios", "verify", "witness"},
}

FORBIDDEN_IN_PURE = [
    (re.compile(r"<(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|atomic|stop_token)>"),
     "no threads"),
    (re.compile(r"<(fstream|iostream|filesystem|cstdio|unistd\.h|fcntl\.h|sys/.*|netinet/.*|arpa/.*)>"), "no files"),
    (re.compile(r"<(coroutine|random|csignal|ctime|locale)>"), "no coroutine, randomness, signal, clock or locale"),
    (re.compile(r"<(boost/(asio|beast).*|rocksdb/.*|librdkafka/.*|spdlog/.*|prometheus/.*)>"), "no IO library"),
]
FORBIDDEN_WORDS_IN_PURE = re.compile(
    r"\b(awaitable|co_await|co_return|co_yield|getenv|(?:system|steady|utc|high_resolution)_clock\s*::\s*now)\b")
FLOATING = re.compile(r"\b(float|double)\b")


def declarations(root):
    """The declared libraries and programs: folder name → (path, kind, depends)."""
    found = {}
    for path in sorted(Path(root).glob("libs/*/CMakeLists.txt")) + sorted(Path(root).glob("services/*/CMakeLists.txt")):
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        for call, arguments in re.findall(r"tamroi_(library|program)\s*\(([^)]*)\)", text):
            words = arguments.split()
            keys = {"KIND", "DEPENDS", "USES", "OUTPUT"}
            lists, key = {}, "NAME"
            for word in words:
                if word in keys:
                    key = word
                else:
                    lists.setdefault(key, []).append(word)
            kind = "PROGRAM" if call == "program" else lists.get("KIND", [""])[0]
            folder = path.parent
            found[folder.name] = (str(folder.relative_to(root)), lists["NAME"][0], kind, lists.get("DEPENDS", []))
    return found


def _reachable(folder, declared):
    seen, todo = set(), [folder]
    while todo:
        name = todo.pop()
        if name in seen or name not in declared:
            continue
        seen.add(name)
        todo += declared[name][3]
    return seen


def check(root):
    declared = declarations(root)
    problems = []
    for folder, (path, target, kind, _) in declared.items():
        if kind not in ALLOWED:
            problems.append(Problem(path + "/CMakeLists.txt", 1, "kind", f"{folder} declares no kind"))
        if kind != "PROGRAM" and target != folder:
            problems.append(Problem(path + "/CMakeLists.txt", 1, "kind", f"target {target} is not its folder's name"))
    sources = cpp(root, "libs", "services")
    public = public_headers(sources)
    for source in sources:
        folder = source.path.split("/")[1]
        if folder not in declared:
            problems.append(Problem(source.path, 1, "kind", f"{folder} is declared by no tamroi_library or tamroi_program"))
            continue
        problems += _direction(source, folder, declared)
        problems += _outside(source, folder, public)
        problems += _shape(root, source)
        if declared[folder][2] == "PURE" and not source.path.endswith("_test.cpp"):
            problems += _purity(source, folder)
    return problems


def _direction(source, folder, declared):
    kind = declared[folder][2]
    for line, include in source.includes:
        other = include.strip('<>"').split("/")[0]
        if include.startswith("<") or other == folder:
            continue
        if other not in declared:
            if not include.endswith('.pb.h"') and "/" in include and not source.path.endswith("_test.cpp"):
                yield Problem(source.path, line, "direction", f"{include}: {other} is no library of ours")
            continue
        other_kind = declared[other][2]
        if other_kind not in ALLOWED.get(kind, ()) and not (kind == "IO" and other == "telemetry"):
            yield Problem(source.path, line, "direction", f"{kind} {folder} must not include {other_kind} {other}")
        elif other not in _reachable(folder, declared):
            yield Problem(source.path, line, "direction", f"{folder} does not declare that it depends on {other}")


def public_headers(sources):
    """The headers that another folder sees, by including them or through a header that it includes."""
    includes = {source.path.split("/", 1)[1]: {include.strip('"') for _, include in source.includes if include[0] == '"'}
                for source in sources}
    todo = [name for path, names in includes.items() for name in names if name.split("/")[0] != path.split("/")[0]]
    seen = set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += includes.get(name, ())
    return seen


def _outside(source, folder, public):
    for line, include in source.includes:
        name = include.strip('<>"')
        for prefix, owners in OUTSIDE.items():
            if not name.startswith(prefix):
                continue
            if folder not in owners:
                yield Problem(source.path, line, "outside", f"{include} belongs to {', '.join(sorted(owners))}")
            elif source.path.split("/", 1)[1] in public:
                yield Problem(source.path, line, "outside", f"{include} in a header that other folders include")
        if name.endswith(".pb.h") and (folder != "event" or source.path.endswith(".h")):
            yield Problem(source.path, line, "outside", f"{include} belongs in a .cpp file of event")


def _purity(source, folder):
    for line, include in source.includes:
        for pattern, why in FORBIDDEN_IN_PURE:
            if pattern.fullmatch(include):
                yield Problem(source.path, line, "pure", f"{include} in PURE {folder}: {why}")
    for match in FORBIDDEN_WORDS_IN_PURE.finditer(source.code):
        yield Problem(source.path, source.line(match.start()), "pure", f"{match.group(0)} in PURE {folder}")
    if folder == "scoring":
        for match in FLOATING.finditer(source.code):
            yield Problem(source.path, source.line(match.start()), "pure", "no floating point in scoring")


def _shape(root, source):
    if source.path.endswith(".h"):
        if "#pragma once" not in source.text:
            yield Problem(source.path, 1, "shape", "a header says #pragma once")
        return
    own = re.sub(r"\.cpp$", ".h", source.path)
    if (Path(root) / own).exists() and source.includes and source.includes[0][1] != f'"{own.split("/", 1)[1]}"':
        yield Problem(source.path, source.includes[0][0], "shape", f"the first include is its own header, {own}")
