#!/usr/bin/env python3
"""The witness as its callers see it: witness_test.py TAMROI_WITNESS WRITE_LOG."""
import base64
import hashlib
import http.client
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

LOG_KEY = "kpi.example.go.th/log1+c29eeb69+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
PATIENCE = 120


class Witness:
    def __init__(self, program, folder, *more):
        self.process = subprocess.Popen([program, "run", "--key", folder / "key", "--state", folder / "state", "--log", LOG_KEY, "--port", "0", *more],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("http://127.0.0.1:"), f"it does not listen: {line!r}"
        self.port = int(line.rsplit(":", 1)[1])

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read().decode()
        finally:
            connection.close()

    def add(self, old, proof, checkpoint):
        return self.ask("POST", "/add-checkpoint", f"old {old}\n{proof}\n{checkpoint}".encode())

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return code


def refused(*command):
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ran.returncode in (2, 3) and ran.stderr.count("\n") >= 1, f"{command}: {ran}"
    return ran.stderr


def shown_at(origin):
    return f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"


def main(program, write_log):
    with tempfile.TemporaryDirectory(prefix="tamroi-") as root:
        folder = Path(root)
        for size in (5, 300):
            subprocess.run([write_log, folder / str(size), str(size)], check=True)
        small, large = ((folder / str(size) / "checkpoint").read_text() for size in (5, 300))
        made = subprocess.run([program, "key", "--name", "witness.example.go.th/1", "--to", folder / "key"], capture_output=True, text=True, check=True)
        assert made.stdout.startswith("witness.example.go.th/1+") and base64.b64decode(made.stdout.strip().split("+", 2)[2])[0] == 4
        assert (folder / "key").stat().st_mode & 0o777 == 0o600
        refused(program, "key", "--name", "witness.example.go.th/1", "--to", folder / "key")
        run = (program, "run", "--key", folder / "key", "--state", folder / "state", "--port", "0", "--log")
        (folder / "key").chmod(0o640)
        refused(*run, LOG_KEY)
        (folder / "key").chmod(0o600)
        refused(*run, LOG_KEY[:-1])
        origin = LOG_KEY.split("+")[0]

        witness = Witness(program, folder)
        assert witness.ask("GET", shown_at(origin))[0] == 404
        status, _, cosignature = witness.add(0, "", small)
        assert status == 200 and cosignature.startswith("\u2014 witness.example.go.th/1 ")
        status, _, shown = witness.ask("GET", shown_at(origin))
        assert status == 200 and shown.endswith(cosignature) and shown.split("\n\n")[0] == small.split("\n\n")[0]
        refused(*run, LOG_KEY)  # another one over the same folder
        assert witness.end(signal.SIGKILL) == -signal.SIGKILL

        witness = Witness(program, folder)
        assert witness.ask("GET", shown_at(origin))[2] == shown
        assert witness.add(0, "", large)[:3] == (409, "text/x.tlog.size", "5\n")
        others, proof = ((folder / "300" / "proofs" / f"{size}.consistency").read_text().split("\n", 1)[1] for size in (12, 5))
        assert witness.add(5, others, large)[0] == 422
        assert witness.add(5, "", large.replace("wp7r", "wp7q"))[0] == 403
        assert witness.add(5, "", "nothing")[0] == 400
        assert witness.ask("POST", "/add-checkpoint", "x" * 100_000)[0] == 413
        assert witness.ask("GET", "/add-checkpoint")[0] == 405
        assert witness.ask("GET", "/")[0] == 404
        assert witness.ask("GET", shown_at(origin))[2] == shown
        assert witness.add(5, "", small)[0] == 200
        assert witness.add(5, proof, large)[0] == 200
        assert witness.ask("GET", shown_at(origin))[2].split("\n\n")[0] == large.split("\n\n")[0]
        assert witness.add(5, proof, large)[:3] == (409, "text/x.tlog.size", "300\n")
        assert witness.end() == 0
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
