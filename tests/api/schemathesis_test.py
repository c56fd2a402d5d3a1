"""schemathesis asks a server what the document permits, and what it does not: schemathesis_test.py [EXAMPLES [SECONDS [SEED]]]

EXAMPLES of each operation, and then for so many SECONDS more, in which requests follow from answers before."""
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import journal
from document import PATH
from refusals import ROUND, control, record, submission
from servers import Installation, started

FOLDER = Path(__file__).resolve().parent
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


def filled(server):
    """An open round with facts of every kind of state, so that there is something to be asked for."""
    def send(role, route, body):
        client = server.client(role)
        answer = client.post(f"/v1/{route}", body, wait=30)
        client.close()
        assert answer.status == 200, answer
    send("ministry_officer", "controls", control("round_opened", round=ROUND, revision=1))
    for month in ("2022-04", "2022-05"):
        send("ministry_officer", "controls", control("period_closed", round=ROUND, month=month))
    for unit in ("2401", "2402", "24"):
        facts = [record(channel=channel) for channel in ("radio", "line", "facebook")]
        send("province_officer", "submissions", submission(unit, facts))
        send("province_officer", "submissions", submission(unit, [{"op": "withdraw", "fact": facts[0]["fact"]}]))
        corrected = {"op": "correct", "fact": facts[1]["fact"], "occurred_on": "2022-05-02", "values": facts[1]["values"]}
        send("province_officer", "submissions", submission(unit, [corrected]))


def asked(server, examples, seconds, seed):
    """Runs schemathesis; what it says goes where ours goes."""
    command = [SCHEMATHESIS, "--config-file", FOLDER / "schemathesis.toml", "run", PATH, "--url", f"http://127.0.0.1:{server.port}",
               "--seed", str(seed), "--max-examples", str(examples), "--no-shrink"]
    command += ["--max-time", str(seconds)] if seconds else ["--phases", "examples,coverage,fuzzing"]
    environment = {**os.environ, "TAMROI_TOKENS": str(server.installation.data / "tokens.json"), "PYTHONPATH": str(FOLDER)}
    return subprocess.run(command, env=environment, check=False, cwd=server.installation.folder).returncode


def main(examples=250, seconds=0, seed=None):
    seed = seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tamroi-schemathesis-") as folder:
        # Each feed that is opened is read up to its first event, mostly a position.
        installation = Installation.made(Path(folder), feed={"position_every": "500 ms"})
        with started(installation) as server:
            filled(server)
            began = time.monotonic()
            failed = asked(server, examples, seconds, seed)
            print(f"asked for {time.monotonic() - began:.0f} s with seed {seed}", flush=True)
            server.rested()
            assert server.stop() == 0
            errors = [line for line in server.lines if '"severity":"error"' in line]
        wrong = journal.problems_at_rest(journal.dumped(installation.data / "journal"))
    assert not wrong and not errors, (wrong, errors)
    return failed


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
