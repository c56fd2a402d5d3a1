"""The peer's application: built by Maven, run on a cluster, and what it costs."""
import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
UNITS = ROOT / "schemas/org/org-units.csv"
JAVA = ["java", "-Xms512m", "-Xmx1g", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{HERE}/target/classes:{HERE}/target/dependency/*"]
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 900  # seconds


def build():
    subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", HERE / "pom.xml", "compile", "dependency:copy-dependencies"], check=True)


def java(name, *words, **asked):
    """What a program of the peer prints."""
    told = [f"{key.replace('_', '-')}={value}" for key, value in asked.items()]
    done = subprocess.run([*JAVA, f"tamroi.peer.{name}", *words, *told], capture_output=True, check=False, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done
    return done.stdout


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib(pid):
    line = next(line for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) >> 10


def disk_mib(*folders):
    """What the files take, holes not counted."""
    files = (path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    return round(sum(path.stat().st_blocks * 512 for path in files) / (1 << 20))


class Application:
    """One instance with a folder of its own for its state."""

    def __init__(self, cluster, folder, prefix, exactly_once):
        self.cluster, self.state, self.prefix = cluster, Path(folder) / "state", prefix
        self.name = f"peer-{'exactly' if exactly_once else 'at-least'}-once"
        self.log = Path(folder) / "log"
        self.exactly_once = exactly_once
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._child = None

    def topics(self, what):
        return java("Topics", what, brokers=self.cluster.address, application=self.name)

    def forget_state(self):
        shutil.rmtree(self.state, ignore_errors=True)

    def caught_up(self, commit_ms=1000):
        """Started, until all that was there is folded, written and committed; and what that cost."""
        broker_before, began = self.broker_cpu(), time.perf_counter()
        asked = {"brokers": self.cluster.address, "prefix": self.prefix, "application": self.name, "state": self.state, "units": UNITS,
                 "exactly-once": str(self.exactly_once).lower(), "commit-ms": commit_ms}
        with open(self.log, "ab") as log:
            self._child = subprocess.Popen([*JAVA, "tamroi.peer.Peer", *(f"{key}={value}" for key, value in asked.items())], stdout=subprocess.PIPE, stderr=log)
        watch = threading.Timer(PATIENCE, self._child.kill)
        watch.start()
        line = self._child.stdout.readline()
        watch.cancel()
        assert line.startswith(b"{"), f"the peer ended or hangs: see {self.log}"
        took = time.perf_counter() - began
        return {"seconds": round(took, 1), "cpu_seconds": round(cpu_seconds(self._child.pid), 1), "broker_cpu_seconds": round(self.broker_cpu() - broker_before, 1),
                "memory_mib": peak_mib(self._child.pid), "restored_rows": json.loads(line)["restored"]}

    def disk(self):
        """Its own folder, its changelogs, and what it publishes, which are the broker's."""
        records = self.cluster.folder / "broker-1/records"
        return {"state_mib": disk_mib(self.state), "changelog_mib": disk_mib(*records.glob(f"{self.name}-*-changelog-*")),
                "published_mib": disk_mib(*records.glob(f"{self.name}.*"))}

    def stop(self):
        self._child.terminate()
        self._child.wait(timeout=PATIENCE)
        self._child.stdout.close()

    def kill(self):
        if self._child and self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    def broker_cpu(self):
        return cpu_seconds(int((self.cluster.folder / "broker-1/pid").read_text(encoding="ascii")))
