"""A journal in Kafka, for the tests: clusters, and installations on them."""
import os
import shutil
import signal
import uuid
from pathlib import Path

from servers import PROGRAMS, ROOT, SERVER, Installation, run

SCRIPTS = ROOT / "deploy/kafka"
TOPICS_TOOL = PROGRAMS / "tamroi-topics"
MINUTES = 300  # in seconds: a first start fetches Kafka


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

    def start(self, *wishes):
        """Also again, where some of its brokers ended."""
        # Its brokers inherit what it writes to, so that goes to files.
        with open(self.folder.with_suffix(".log"), "ab") as log:
            done = run(SCRIPTS / "start", "--port", 0, "--data", self.folder, "--background", *wishes, capture_output=False, stdout=log, stderr=log,
                       timeout=MINUTES)
        assert done.returncode == 0, done
        return self

    def stop(self):
        assert run(SCRIPTS / "stop", "--data", self.folder).returncode == 0

    def kill(self, broker=1):
        os.kill(int((self.folder / f"broker-{broker}/pid").read_text(encoding="ascii")), signal.SIGKILL)

    def forget(self, broker=1):
        """What a stopped broker holds."""
        shutil.rmtree(self.folder / f"broker-{broker}/records")

    def installation(self, folder, prefix, **settings):
        """One with its journal there; nothing is made yet."""
        journal = {"kind": "kafka", "kafka": {"brokers": self.address, "topics": prefix}, **settings.pop("journal", {})}
        return Installation(folder, journal=journal, **settings)

    def delete_topics(self, prefix):
        done = run(TOPICS_TOOL, "delete", self.address, prefix)
        assert done.returncode == 0, done


def make_topics(installation):
    done = run(SERVER, "topics", "--config", installation.config)
    assert done.returncode == 0, done
    return done.stdout.decode()


def copy_journal(source, target):
    return run(SERVER, "copy-journal", "--from", source.config, "--to", target.config)
