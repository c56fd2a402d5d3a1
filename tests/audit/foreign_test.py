#!/usr/bin/env python3
"""Verifiers that are not ours take what we write, and nothing that was damaged: foreign_test.py WRITE_LOG BUILD_FOLDER."""
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZES = [0, 1, 2, 3, 255, 256, 257, 1000, 65535, 65536, 70000]
SMALL = [1, 3, 255, 257, 1000]
DAMAGES = 12


def build_go(folder):
    """With Debian's Go, and the module from its proxy, both checked by go.sum."""
    program = folder / "verifier"
    environment = dict(os.environ, GOPATH=str(folder / "path"), GOCACHE=str(folder / "cache"), CGO_ENABLED="0", GOFLAGS="-buildvcs=false -modcacherw")
    subprocess.run(["/usr/bin/go", "build", "-o", program, "."], cwd=HERE / "go", env=environment, check=True)
    return [program]


def main(write_log, build_folder):
    seed = int(os.environ.get("TAMROI_DAMAGES_SEED", random.SystemRandom().getrandbits(32)))
    print(f"TAMROI_DAMAGES_SEED={seed}", flush=True)
    chance = random.Random(seed)
    go_folder = Path(build_folder) / "go"
    go_folder.mkdir(parents=True, exist_ok=True)
    verifiers = {"x/mod": build_go(go_folder), "Python": ["/usr/bin/python3", HERE / "foreign_verifier.py"]}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="tamroi-") as root:
            folder = Path(root) / "log"
            folder.mkdir()
            subprocess.run([write_log, folder, str(size)], check=True)
            (folder / "tile").mkdir(exist_ok=True)
            for name, verifier in verifiers.items():
                ran = subprocess.run([*verifier, folder], capture_output=True, text=True, check=False)
                assert ran.returncode == 0, f"{name} refuses a log of {size}: {ran.stdout}{ran.stderr}"
            print(f"{size} entries: taken by {', '.join(verifiers)}", flush=True)
            for _ in range(DAMAGES if size in SMALL else 0):
                damage(chance, folder, Path(root) / "damaged", verifiers)
    return 0


def damage(chance, folder, damaged, verifiers):
    shutil.copytree(folder, damaged)
    path = chance.choice(sorted(path for path in damaged.rglob("*") if path.is_file() and path.stat().st_size > 0))
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    # A key's line end says nothing, nor to Go whether the letters of its id are large, and Go's base64 passes over what is left
    # of the last digit.
    while (path.name.endswith("vkey") and at == len(data) - 1) or data[at + 1:at + 2] == b"=":
        at = chance.randrange(len(data))
    bit = 1 << chance.randrange(8)
    data[at] ^= 1 if path.name.endswith("vkey") and bit == 0x20 else bit
    path.write_bytes(data)
    for name, verifier in verifiers.items():
        ran = subprocess.run([*verifier, damaged], capture_output=True, text=True, check=False)
        assert ran.returncode == 1, f"{name} takes {path.relative_to(damaged)} with byte {at} changed: {ran.stdout}{ran.stderr}"
    shutil.rmtree(damaged)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
