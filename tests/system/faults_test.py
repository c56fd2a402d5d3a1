"""Each system call with which an append and a projection reach the disk fails: once, or from then on, or the process dies
in it. Afterwards every acknowledged submission is there once, nothing is half there, and all that is shown follows from
the journal.

TAMROI_FAULTS says how many of the faults are tried (`all`: each), TAMROI_SEED which. Calls are counted by thread, from
when the server has come to rest.
"""
import http.client
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from collections import Counter, defaultdict
from pathlib import Path

import fault_load
import journal
import snapshot
from servers import Server, started

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "openat", "ftruncate", "fallocate"]
ONCE, FOR_GOOD, KILLED = "error={}:when={}", "error={}:when={}+", "signal=KILL:when={}"
OVERCOME_WITHIN = 20  # seconds for what failed once
FAILS_FOR = 0.5       # seconds for which is sent to a server whose disk fails for good
PROJECTS_FOR = 3      # seconds at most for the projection of what was taken
ASSERTION = "WritableFileWriter::AssertFalse"
CALLED = re.compile(r"^(\d+) +(\w+)\(")


class Strace:
    """Attached to all threads of a server within the block."""

    def __init__(self, server, output, *options):
        self._command = ["strace", "-f", "-o", str(output), *options, "-p", str(server.pid)]

    def __enter__(self):
        self._child = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        told = self._child.stderr.readline()
        if "not permitted" in told:
            self._child.communicate()
            raise unittest.SkipTest(f"other processes cannot be traced here: {told}")
        assert "attached" in told, told
        return self

    def __exit__(self, *failure):
        self._child.terminate()
        try:
            self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            # It may wait for ever for a thread of a process that was killed.
            self._child.kill()
        self._child.communicate()


class Faults(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("TAMROI_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {self.seed}", flush=True)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-faults-")))
        self.prepared = fault_load.prepared(self.folder / "prepared")
        self.tried = Counter()
        self.asserted = 0

    def test_everything_acknowledged_survives(self):
        faults = self.faults()
        wanted = os.environ.get("TAMROI_FAULTS", "24")
        chosen = faults if wanted == "all" else random.Random(self.seed).sample(faults, int(wanted))
        print(f"{len(chosen)} of {len(faults)} faults", flush=True)
        for n, (call, fault) in enumerate(chosen):
            with self.subTest(call=call, fault=fault):
                print(f"{call}:{fault}", flush=True)
                self.strike(f"{call}:{fault}", self.seed + n)
                self.tried[call] += 1
        print(f"{dict(self.tried)}, {self.asserted} times ended by RocksDB", flush=True)

    def faults(self):
        """All that can be told apart: (call, fault). A run without any says how often a thread makes each call."""
        installation, book = self.installation(), fault_load.Book(self.seed)
        trace = self.folder / "trace"
        with started(installation) as server:
            server.rested()
            with Strace(server, trace, "-e", "trace=" + ",".join(CALLS)):
                self.assertTrue(book.send_all(server, OVERCOME_WITHIN))
                self.project(server)
            self.assertEqual(server.stop(), 0)
        by_thread = defaultdict(Counter)
        for thread, call in filter(None, map(called, trace.read_text().splitlines())):
            by_thread[call][thread] += 1
        times = {call: max(by_thread[call].values()) for call in CALLS if by_thread[call]}
        print(times, flush=True)
        for call in ("write", "fsync", "fdatasync", "rename", "unlink", "openat"):
            self.assertGreater(times[call], 0, call)
        kinds = [ONCE.format(error, "{}") for error in ("EIO", "ENOSPC")] + [FOR_GOOD.format(error, "{}") for error in ("EIO", "ENOSPC")] + [KILLED]
        return [(call, kind.format(n)) for call, most in times.items() for n in range(1, most + 1) for kind in kinds]

    def installation(self):
        shutil.rmtree(self.folder / "at", ignore_errors=True)
        return self.prepared.copy(self.folder / "at")

    def project(self, server):
        """Until everything is projected and the heads are written, if that happens at all."""
        heads = server.installation.data / "heads.json"
        before, deadline = heads.read_bytes(), time.monotonic() + PROJECTS_FOR
        while time.monotonic() < deadline and server.ended() is None:
            try:
                if server.readiness().get("idle") and heads.read_bytes() != before:
                    return
            except (OSError, http.client.HTTPException):
                pass  # it is ending
            time.sleep(0.02)

    def strike(self, fault, seed):
        installation, book = self.installation(), fault_load.Book(seed)
        with Server(installation) as server:
            self.live_with(fault, server.rested(), book)
            if server.ended() is None:
                server.kill()
        self.check_what_is_left(installation, book)
        with started(installation) as server:
            self.assertTrue(book.send_all(server, OVERCOME_WITHIN))
            shown = fault_load.shown(server, book)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(fault_load.verdicts(shown, book), {"accepted"})
        streams = journal.dumped(installation.data / "journal")
        self.assertEqual((book.problems(streams) + journal.problems_at_rest(streams))[:5], [])
        self.assertEqual(snapshot.differences(shown, fault_load.fresh(installation, book))[:3], [])
        self.assertTrue(journal.dumped(installation.data / "journal") == streams, "the journal was written to again")

    def live_with(self, fault, server, book):
        """What happens once is overcome without a restart. The process ends only where it is killed, or by RocksDB, which
        as Debian builds it asserts that a file whose write failed is let alone, and itself does not always do so."""
        errors = "error" in fault
        once = errors and not fault.endswith("+")
        with Strace(server, self.folder / "trace", "-e", "trace=" + fault.split(":")[0], "-e", "inject=" + fault):
            done = book.send_all(server, OVERCOME_WITHIN if once else FAILS_FOR)
            if errors:
                self.project(server)
        if once and not done:
            time.sleep(0.5)  # it may be ending
        if errors and server.ended() is not None:
            self.assertEqual(server.ended(), -signal.SIGABRT)
            asserted = any(ASSERTION in line for line in server.lines)
            self.assertTrue(asserted or not once, server.lines[-10:])
            self.asserted += 1
        elif once:
            self.assertTrue(done, f"not overcome: {book.refusals}, {server.lines[-10:]}")

    def check_what_is_left(self, installation, book):
        """On a copy, so that the next start finds what is there."""
        copy = self.folder / "left"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(installation.data / "journal", copy)
        self.assertEqual(book.problems(journal.dumped(copy))[:5], [])


def called(line):
    match = CALLED.match(line)
    return match and match.groups()


if __name__ == "__main__":
    unittest.main()
