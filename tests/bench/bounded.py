"""A bound on the memory of one program, its page cache included, as far as this machine and this user permit it."""
import os
import shutil
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
# Version 2 of control groups, then version 1: the folder, and its files for the bound, for what may be swapped, and for the most that was used.
VERSIONS = [(ROOT, "memory.max", "memory.swap.max", "0", "memory.peak"),
            (ROOT / "memory", "memory.limit_in_bytes", "memory.swappiness", "0", "memory.max_usage_in_bytes")]


class Bound:
    """A control group for the programs that are started with `command`; `how` says whether it binds them."""

    def __init__(self, size):
        self.folder = None
        self.how = "none: no control group of memory can be made here, so the peak is only measured"
        for parent, most, swap, no_swap, peak in VERSIONS:
            folder = parent / f"tamroi-bench-{os.getpid()}"
            if not (parent / "cgroup.procs").exists():
                continue  # no control groups of that version
            try:
                folder.mkdir()
                (folder / most).write_text(str(size))
                self.folder, self._peak, self.how = folder, folder / peak, f"control group, {most}"
                (folder / swap).write_text(no_swap)
                return
            except OSError:
                if folder.exists() and not self.folder:
                    folder.rmdir()

    def command(self, *words):
        """The words of a program that then runs within the bound."""
        if not self.folder:
            return words
        shell = shutil.which("sh")
        return (shell, "-c", f'echo $$ > "{self.folder}/cgroup.procs" && exec "$@"', shell, *map(str, words))

    def peak_bytes(self):
        """The most that was used, page cache included, where that is known."""
        return int(self._peak.read_text()) if self.folder and self._peak.exists() else None

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.folder:
            self.folder.rmdir()


class Resident:
    """The most memory that a program had for itself, between two looks."""

    def __init__(self, pid):
        self._folder = Path(f"/proc/{pid}")

    def begin(self):
        (self._folder / "clear_refs").write_text("5")

    def peak_mib(self):
        line = next(line for line in (self._folder / "status").read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) >> 10


def drop_page_cache(folder):
    """What is below the folder has to be read from the disk again."""
    os.sync()
    for path in Path(folder).rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)
