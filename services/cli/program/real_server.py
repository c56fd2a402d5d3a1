"""A server of its own for a test: a new data directory, on a port of the kernel's choice."""
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROUND = "2565-2"


class RealServer:
    """Runs within the block; kill() and start() may be called meanwhile."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="tamroi-cli-")
        self.config = Path(self.folder.name) / "server.yaml"
        self.port = 0
        self.child = None
        self._configure()
        made = subprocess.run([program, "init", "--config", self.config], capture_output=True, text=True, timeout=60, check=False)
        assert made.returncode == 0, made.stderr
        self.tokens = json.loads((Path(self.folder.name) / "data/tokens.json").read_text(encoding="utf-8"))

    def _configure(self):
        self.config.write_text(f"data: {self.folder.name}/data\nport: {self.port}\ncatalogue: {ROOT}/schemas/catalogue/{ROUND}\n",
                               encoding="utf-8")

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        self.kill()
        self.folder.cleanup()

    def start(self):
        """On the port that it had before, if it had one."""
        self.child = subprocess.Popen([self.program, "--config", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.child.stderr:
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("message") == "listening":
                self.port = said["port"]
                self._configure()
                break
        else:
            raise AssertionError(f"the server ended with {self.child.wait()}")
        # What it says further would fill the pipe.
        self.log = subprocess.Popen(["cat"], stdin=self.child.stderr, stdout=subprocess.DEVNULL)
        self.child.stderr.close()
        return self

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self.log.wait()

    def environment(self, role):
        return {"PATH": os.environ["PATH"], "TAMROI_URL": f"http://127.0.0.1:{self.port}", "TAMROI_TOKEN": self.tokens[role]}
