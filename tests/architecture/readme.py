"""The README's map names exactly the folders that exist, libraries and services in the order data flows."""
import re
from pathlib import Path

from source import Problem, tracked

MAPPED = ("libs", "services", "schemas", "tests")
_ROW = re.compile(r"^\|?\s*`((?:%s)/[a-z_]+)/?`" % "|".join(MAPPED))


def check(root):
    readme = Path(root) / "README.md"
    if not readme.exists():
        return [Problem("README.md", 1, "map", "there is none")]
    rows = [(number, match.group(1)) for number, line in enumerate(readme.read_text(encoding="utf-8").splitlines(), 1)
            if (match := _ROW.match(line))]
    folders = {"/".join(name.split("/")[:2]) for name in tracked(root)
               if name.count("/") >= 2 and name.startswith(tuple(f"{top}/" for top in MAPPED))}
    problems = [Problem("README.md", number, "map", f"{folder} does not exist")
                for number, folder in rows if folder not in folders]
    mapped = [folder for _, folder in rows]
    problems += [Problem("README.md", 1, "map", f"{folder} is not in the map") for folder in sorted(folders - set(mapped))]
    problems += [Problem("README.md", number, "map", f"{folder} is there twice")
                 for number, folder in rows if mapped.count(folder) > 1]
    for top in ("libs", "services"):
        order = _build_order(root, top)
        wanted = [name for name in order if f"{top}/{name}" in mapped]
        actual = [folder.split("/")[1] for folder in mapped if folder.startswith(top + "/") and folder.split("/")[1] in order]
        if wanted != actual:
            problems.append(Problem("README.md", 1, "map", f"{top} in the order of the build: {' '.join(wanted)}"))
    return problems


def _build_order(root, top):
    path = Path(root) / top / "CMakeLists.txt"
    match = re.search(r"foreach\s*\(\s*\w+\s+([^)]*)\)", path.read_text(encoding="utf-8")) if path.exists() else None
    return match.group(1).split() if match else []
