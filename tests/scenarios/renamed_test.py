"""Every catalogue with other words passes every scenario told in these words: the program knows none of them.

renamed_test.py PROGRAM ROOT: renames the catalogues of ROOT and the scenarios into a folder of its own and runs the
program over both.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import expansion
from renaming import CatalogueRenaming, Names, ScenarioRenaming

PLAYED = ("tests/scenarios",)


def catalogues(root):
    """Folders that hold a round, below what is played and among the shipped ones."""
    found = [path.parent for path in sorted((root / "schemas/catalogue").glob("*/round.yaml"))]
    for folder in PLAYED:
        found += [path.parent for path in sorted((root / folder).rglob("round.yaml"))]
    return found


def rename(root, target):
    names = Names()
    for folder in catalogues(root):
        names.read(yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml")))
    for folder in catalogues(root):
        there = target / folder.relative_to(root)
        there.mkdir(parents=True)
        for file in sorted(folder.iterdir()):
            if file.suffix == ".yaml":
                text = CatalogueRenaming(names).file(file.name, file.read_text(encoding="utf-8"))
                (there / file.name).write_text(text, encoding="utf-8")
            else:
                shutil.copy(file, there)
    shutil.copytree(root / "schemas/org", target / "schemas/org")
    for folder in PLAYED:
        for file in sorted((root / folder).rglob("*.scenario")):
            there = target / file.relative_to(root)
            there.parent.mkdir(parents=True, exist_ok=True)
            lines = []
            for text, block in expansion.statements(expansion.expand(file)):
                lines += ScenarioRenaming(names).statement(text, block)
            there.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return names


def played(program, root):
    """How many scenarios passed, none having failed; otherwise ends with what the program said."""
    paths = [str(root / folder) for folder in PLAYED]
    ran = subprocess.run([program, *paths, "--catalogues", str(root / "schemas/catalogue")], capture_output=True, text=True)
    last = re.fullmatch(r"(\d+) passed, 0 failed", ran.stdout.strip().rsplit("\n", 1)[-1])
    if last is None:
        sys.exit(ran.stdout[-5000:] + ran.stderr[-5000:])
    return int(last[1])


def main():
    program, root = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="tamroi-renamed-") as folder:
        names = rename(root, Path(folder))
        before, after = played(program, root), played(program, Path(folder))
        if before != after:
            sys.exit(f"{before} scenarios pass, but {after} with other words")
        print(f"{after} scenarios pass with {len(names)} words renamed")


if __name__ == "__main__":
    main()
