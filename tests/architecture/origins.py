"""No tracked file names a package registry's host or a path of the machine it was written on."""
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlparse

from source import Problem, tracked

# Top folders that any Linux system has; everything else at the root is somebody's own.
USUAL = set("bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var".split())


def check(root, hosts=None):
    hosts = registry_hosts() if hosts is None else hosts
    patterns = [(re.compile(rf"(?<![A-Za-z0-9.-]){re.escape(host)}(?![A-Za-z0-9-])"), "a registry's host")
                for host in hosts]
    patterns += [(re.compile(rf"(?<![A-Za-z0-9._-]){re.escape(path)}(?![A-Za-z0-9_-])"), "a path of this machine")
                 for path in machine_paths(root)]
    if not patterns:
        return
    for name in tracked(root):
        try:
            text = (Path(root) / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern, what in patterns:
            for match in pattern.finditer(text):
                yield Problem(name, text.count("\n", 0, match.start()) + 1, "origin", f"{match.group(0)} is {what}")


def registry_hosts():
    """The hosts that this machine's package tools are set to, asked at run time."""
    questions = [["apt-get", "indextargets", "--format", "$(SITE)"], ["npm", "config", "get", "registry"],
                 ["go", "env", "GOPROXY"], ["python3", "-m", "pip", "config", "get", "global.index-url"]]
    hosts = set()
    for question in questions:
        if shutil.which(question[0]):
            answer = subprocess.run(question, capture_output=True, text=True, check=False).stdout
            hosts |= {urlparse(word).hostname for word in re.split(r"[\s,]+", answer) if "://" in word}
    return sorted(host for host in hosts if host and "." in host and not host.startswith("127."))


def machine_paths(root):
    root = Path(root).resolve()
    home = Path.home()
    paths = {str(root)} if len(root.parts) > 2 else set()
    if len(root.parts) > 2 and root.parts[1] not in USUAL:
        paths.add(f"/{root.parts[1]}/{root.parts[2]}")
        paths.add(f"/{root.parts[1]}/")
    if len(home.parts) > 2:
        paths.add(str(home))
    return sorted(paths)
