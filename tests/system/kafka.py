"""A journal in Kafka, for the tests: clusters, and installations on them."""
import os
import shlex
import shutil
import signal
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

from servers import PROGRAMS, ROOT, SERVER, Installation, run

SCRIPTS = ROOT / "deploy/kafka"
TOPICS_TOOL = PROGRAMS / "tamroi-topics"
MINUTES = 300  # in seconds: a first start fetches Kafka
TOPICS = ("submissions", "control", "ledger", "checkpoints")
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # what optimising costs is not earned in a minute
MEMORY, ENOUGH = Path("/dev/shm"), 2 << 30
VERSION = "4.4.0"
FIRST_PORT = 9092  # of those that are hosts of their own
JAVA = shutil.which("java")


def shared_version():
    """Of the cluster that tests share, which says what is tested; without one the newest."""
    shared = os.environ.get("TAMROI_TEST_KAFKA")
    return (Path(shared) / "version").read_text(encoding="ascii").strip() if shared else VERSION


def new_prefix():
    return f"test-{uuid.uuid4().hex[:12]}"


class Cluster:
    """The brokers of a folder, which deploy/kafka/start knows."""

    def __init__(self, folder, network=None):
        """With a network each broker is a host of its own there, once it is laid out."""
        self.folder = Path(folder)
        self.network = network
        self.hosts = {}  # number → its host

    @classmethod
    def shared(cls):
        """The one of all tests, which none may stop."""
        return cls(os.environ["TAMROI_TEST_KAFKA"])

    @property
    def address(self):
        return (self.folder / "address").read_text(encoding="ascii").strip()

    def start(self, *wishes, java=""):
        """Also again, where some of its brokers ended."""
        # Its brokers inherit what it writes to, so that goes to files.
        with open(self.folder.with_suffix(".log"), "ab") as log:
            done = run(SCRIPTS / "start", "--port", 0, "--data", self.folder, "--background", *wishes, capture_output=False, stdout=log, stderr=log,
                       timeout=MINUTES, env={**os.environ, "JAVA_TOOL_OPTIONS": java, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        assert done.returncode == 0, f"{done} {self.folder.with_suffix('.log').read_text(encoding='utf-8')[-2000:]}"
        return self

    def lay_out(self, brokers):
        """Each broker on a host of its own: before the first start."""
        self.folder.mkdir(parents=True)
        assert run(SCRIPTS / "layout", self.folder, brokers, FIRST_PORT).returncode == 0
        (self.folder / "version").write_text(shared_version() + "\n", encoding="ascii")
        self.hosts = {number: self.network.host() for number in range(1, brokers + 1)}
        of_port = {FIRST_PORT + kind * brokers + number - 1: host for kind in (0, 1) for number, host in self.hosts.items()}
        for file in [self.folder / "address", *self.folder.glob("broker-*/server.properties")]:
            text = file.read_text(encoding="utf-8")
            for port, host in of_port.items():
                text = text.replace(f"127.0.0.1:{port}", f"{host.address}:{port}")
            file.write_text(text, encoding="utf-8")
        cases = "".join(f"  *{self.folder}/broker-{number}/server.properties*) exec {shlex.join(host.within)} {JAVA} \"$@\" ;;\n"
                        for number, host in self.hosts.items())
        java = self.folder / "bin/java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\ncase \"$*\" in\n{cases}esac\nexec {JAVA} \"$@\"\n", encoding="utf-8")
        java.chmod(0o755)

    def stop(self):
        for each in self.folder.glob("broker-*"):
            self.send(signal.SIGCONT, int(each.name.rpartition("-")[2]))
        assert run(SCRIPTS / "stop", "--data", self.folder).returncode == 0

    def send(self, what, broker):
        """Where it runs."""
        try:
            os.kill(self._pid(broker), what)
        except (FileNotFoundError, ProcessLookupError):
            pass

    def kill(self, broker=1):
        os.kill(self._pid(broker), signal.SIGKILL)

    def _pid(self, broker):
        return int((self.folder / f"broker-{broker}/pid").read_text(encoding="ascii"))

    def forget(self, broker=1):
        """What a stopped broker holds."""
        shutil.rmtree(self.folder / f"broker-{broker}/records")

    def pause(self, broker=1):
        """It hangs until it is continued: nobody is told that it does."""
        os.kill(self._pid(broker), signal.SIGSTOP)

    def go_on(self, broker=1):
        os.kill(self._pid(broker), signal.SIGCONT)

    def installation(self, folder, prefix, **settings):
        """One with its journal there; nothing is made yet."""
        journal = {"kind": "kafka", "kafka": {"brokers": self.address, "topics": prefix}, **settings.pop("journal", {})}
        installation = Installation(folder, journal=journal, **settings)
        installation.prefix = prefix
        return installation

    def moved(self, source, folder, prefix=None):
        """The source with its journal copied into topics of its own; its read model is as good for them."""
        installation = self.installation(folder, prefix or new_prefix(), **source.settings)
        installation.data = source.data
        done = copy_journal(source, installation)
        assert done.returncode == 0, done
        return installation

    def change(self, *words, given=b""):
        """Behind the server's back, as tamroi-topics says."""
        done = run(TOPICS_TOOL, self.address, *words, given=given)
        assert done.returncode == 0, done

    def delete_topics(self, prefix):
        self.change("delete", *(f"{prefix}.{topic}" for topic in TOPICS))


@contextmanager
def in_memory():
    """A cluster for what makes more partitions than a disk likes, in memory where there is enough; of the version that is shared."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="tamroi-kafka-", dir=MEMORY if roomy else None) as folder:
        cluster = Cluster(Path(folder) / "cluster").start("--version", shared_version(), java=SHORT_LIVED)
        try:
            yield cluster
        finally:
            cluster.stop()


def make_topics(installation):
    done = run(SERVER, "topics", "--config", installation.config)
    assert done.returncode == 0, done
    return done.stdout.decode()


def copy_journal(source, target):
    return run(SERVER, "copy-journal", "--from", source.config, "--to", target.config)
