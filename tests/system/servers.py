"""Data directories and servers of the programs under test. TAMROI_PROGRAMS names the folder of the programs."""
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import yaml

from wire import Client

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("TAMROI_PROGRAMS", ROOT / "build/release/bin"))
SERVER = PROGRAMS / "tamroi-server"
WITHIN = 150  # of whatever takes a moment on an idle machine
BETWEEN_LOOKS = 0.01


def run(*command, given=b"", **options):
    options = {"capture_output": True, "timeout": WITHIN, **options}
    return subprocess.run([str(word) for word in command], input=given, check=False, **options)


def until(condition, what):
    """Looks again and again until the condition gives something true, and gives that."""
    deadline = time.monotonic() + WITHIN
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {WITHIN} s: {what}"
        time.sleep(BETWEEN_LOOKS)


class Installation:
    """A data directory and the configuration that goes with it."""

    def __init__(self, folder, **settings):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / "server.yaml"
        self.settings = {"data": str(self.data), "port": 0, "catalogue": str(ROOT / "schemas/catalogue/2565-2"), **settings}
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configure()

    def _configure(self):
        self.config.write_text(yaml.safe_dump(self.settings), encoding="utf-8")

    def stay_at(self, port):
        """Its next servers take that port."""
        self.settings["port"] = port
        self._configure()

    @classmethod
    def made(cls, folder, simulated=False, **settings):
        """One as the first use leaves it."""
        installation = cls(folder, simulated=simulated, **settings)
        done = installation.init(*["--simulated"] * simulated)
        assert done.returncode == 0, done
        return installation

    def init(self, *flags):
        return run(SERVER, "init", "--config", self.config, *flags)

    def copy(self, folder):
        """The same, as if it had always been there. No server may run on it."""
        copied = Installation(folder, **{name: value for name, value in self.settings.items() if name != "data"})
        shutil.copytree(self.data, copied.data, ignore=shutil.ignore_patterns("*.sock"))  # one that was killed left it
        return copied

    @property
    def read_model(self):
        """The folder of the generation that is served."""
        current = (self.data / "readmodel/CURRENT").read_text(encoding="ascii")
        return self.data / "readmodel" / current.split()[0]

    def forget_read_model(self):
        shutil.rmtree(self.data / "readmodel")

    @property
    def tokens(self):
        return json.loads((self.data / "tokens.json").read_text(encoding="utf-8"))


class Server:
    """A running tamroi-server on a port of the kernel's choice; killed at the end of the block unless it was stopped."""

    def __init__(self, installation, *flags, command=(SERVER,), log=None):
        """With `log`, that file takes its lines, and they are read no further than to where it listens."""
        self.installation = installation
        self.lines = []
        self._ports = queue.Queue()
        with open(log or os.devnull, "wb") as file:
            self._child = subprocess.Popen([*command, "--config", installation.config, *flags], stdout=subprocess.DEVNULL,
                                           stderr=file if log else subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, args=[self._child.stderr or self._first_lines(log)])
        self._reader.start()
        self.port = None

    def ended(self):
        """With what status, once it has."""
        return self._child.poll()

    def _first_lines(self, log):
        with open(log, "rb") as file:
            line = b""
            while self._child.poll() is None and self._ports.empty():
                line += file.readline()
                if line.endswith(b"\n"):
                    yield line
                    line = b""
                else:
                    time.sleep(BETWEEN_LOOKS)

    def _read(self, lines):
        for line in lines:
            self.lines.append(line.decode())
            said = json.loads(line) if line.startswith(b"{") else {}
            if said.get("message") == "listening":
                self._ports.put(said["port"])
        self._ports.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        ended = self._child.poll()
        if ended is None:
            self.kill()
        elif any(failure):
            self._ended()
            print(f"the server ended with {ended}: {''.join(self.lines[-20:])}")

    def listening(self):
        """Waits until it takes connections."""
        try:
            self.port = self._ports.get(timeout=WITHIN)
        except queue.Empty:
            self.kill()
            raise AssertionError(f"not within {WITHIN} s: the server listens: {''.join(self.lines[-20:])}") from None
        assert self.port is not None, f"the server ended with {self._child.wait()}: {''.join(self.lines[-20:])}"
        return self

    @property
    def process_id(self):
        return self._child.pid

    def rested(self):
        """Waits until nothing is left to be folded, copied or published."""
        self.port or self.listening()
        until(lambda: self.readiness().get("idle"), "the server comes to rest")
        return self

    def readiness(self):
        answer = self.client().get("/readyz")
        return {"status": answer.status, **answer.json}

    def client(self, role=None, token=None):
        """One that speaks for an account of the first use, for whoever has the token, or for nobody."""
        return Client(self.port, self.installation.tokens[role] if role else token)

    def metrics(self):
        """Name with labels, as it is shown → value."""
        answer = self.client().request("GET", "/metrics", headers={"Connection": "close"})
        lines = answer.body.decode().splitlines() if answer.status == 200 else []
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}

    def said(self, message):
        """The log lines of that message."""
        return [said for said in map(json.loads, self.lines) if said["message"] == message]

    @property
    def pid(self):
        return self._child.pid

    def kill(self):
        self._child.kill()
        return self._ended()

    def stop(self):
        self._child.send_signal(signal.SIGTERM)
        return self._ended()

    def interrupt(self):
        """As Ctrl-C does; the end is not waited for."""
        self._child.send_signal(signal.SIGINT)

    def _ended(self):
        status = self._child.wait(timeout=WITHIN)
        self._reader.join()
        if self._child.stderr:
            self._child.stderr.close()
        return status


def started(installation, *flags):
    return Server(installation, *flags).listening()
