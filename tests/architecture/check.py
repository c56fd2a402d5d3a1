#!/usr/bin/env python3
"""The rules of the house that a program can check: check.py ROOT prints each breach and fails if there is one."""
import sys
from pathlib import Path

import layers
import names
import origins
import readme
import sizes

RULES = {"layers": layers.check, "names": names.check, "sizes": sizes.check, "map": readme.check,
         "origins": origins.check}


def main(root, only):
    problems = sorted({(p.path, p.line, p.rule, p.why) for name, rule in RULES.items() if not only or name in only
                       for p in rule(root)})
    for path, line, rule, why in problems:
        print(f"{path}:{line}: {rule}: {why}")
    print(f"{len(problems)} breaches of {', '.join(only or RULES)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
