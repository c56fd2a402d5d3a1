"""A real server in a directory of its own, on a free port, for as long as a test needs it."""
import http.client
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Server:
    """with Server(program) as server: … server.get("/readyz")"""

    def __init__(self, program, settings="", roles=None, catalogue=ROOT / "schemas/catalogue/2565-2", port=0):
        self.program = str(program)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tamroi-"))
        self.data = self.folder / "data"
        self.config = self.folder / "tamroi.yaml"
        self.config.write_text(f"data: {self.data}\ncatalogue: {catalogue}\nport: {port}\n{settings}")
        self.roles = roles
        self.log = self.folder / "log"
        self.running = None
        self.port = None

    def __enter__(self):
        try:
            subprocess.run([self.program, "init", "--config", self.config], check=True)
            self.tokens = json.loads((self.data / "tokens.json").read_text())
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        arguments = [self.program, "--config", str(self.config)] + ([f"--roles={self.roles}"] if self.roles else [])
        with self.log.open("w") as log:
            self.running = subprocess.Popen(arguments, stderr=log, stdin=subprocess.DEVNULL)
        self.port = self.wait_for(self._port)
        self.wait_for(lambda: self.get("/readyz")[0] == 200)

    def stop(self):
        if self.running is None:
            return 0
        self.running.terminate()
        status = self.running.wait(PATIENCE_SECONDS)
        self.running = None
        return status

    def lines(self):
        return self.log.read_text().splitlines()

    def _port(self):
        if self.running.poll() is not None:
            raise AssertionError(f"the server ended with {self.running.returncode}: {self.log.read_text()}")
        ports = [line["port"] for line in map(json.loads, self.lines()) if line["message"] == "listening"]
        return ports[0] if ports else None

    @staticmethod
    def wait_for(look):
        until = time.monotonic() + PATIENCE_SECONDS
        while not (found := look()):
            if time.monotonic() > until:
                raise AssertionError("it did not come in time")
            time.sleep(0.02)
        return found

    def ask(self, method, path, role=None, body=None, headers=()):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        given = dict(headers)
        if role:
            given["Authorization"] = f"Bearer {self.tokens[role]}"
        try:
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def get(self, path, role=None, headers=()):
        status, _, body = self.ask("GET", path, role, headers=headers)
        return status, body

    def post(self, path, role, document, headers=()):
        status, answered, body = self.ask("POST", path, role, json.dumps(document), {"Content-Type": "application/json", **dict(headers)})
        return status, answered, body
