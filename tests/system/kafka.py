"""A journal in Kafka, for the tests: clusters, and installations on them."""
import os
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


def new_prefix():
    return f"test-{uuid.uuid4().hex[:12]}"


class Cluster:
    """The brokers of a folder, which deploy/kafka/start knows."""

    def __init__(self, folder):
        self.folder = Path(folder)

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
                       timeout=MINUTES, env={**os.environ, "JAVA_TOOL_OPTIONS": java})
        assert done.returncode == 0, done
        return self

    def stop(self):
        assert run(SCRIPTS / "stop", "--data", self.folder).returncode == 0

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
    shared = os.environ.get("TAMROI_TEST_KAFKA")
    version = ["--version", (Path(shared) / "version").read_text(encoding="ascii").strip()] if shared else []
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="tamroi-kafka-", dir=MEMORY if roomy else None) as folder:
        cluster = Cluster(Path(folder) / "cluster").start(*version, java=SHORT_LIVED)
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
