#!/usr/bin/env python3
"""What the whole server does over HTTP, beside the smallest server that Beast makes; prints figures as JSON.

    tests/bench/over_http.py [--programs build/release/bin] [--seconds 5]

A new server on the real clock, in a temporary folder: one round, 100 households of district 2401. The client runs on the
same machine, so the two share its cores.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

ROUND = "2565-2"
CLIENTS = 64
UNLIMITED = {"rate_of_account": {"per_second": 0}, "rate_of_address": {"per_second": 0}}


def load(programs, *arguments):
    done = subprocess.run([str(programs / "tamroi-bench-load"), *map(str, arguments)], capture_output=True, check=True)
    return json.loads(done.stdout)


def prepare(server):
    """The round is open, and the households of the load are there."""
    opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": ROUND, "revision": 1, "reason": "A benchmark begins."}
    assert server.client("ministry_officer").post("/v1/controls", opening, wait=30).status == 200
    entries = [{"op": "record", "fact": str(uuid.uuid4()), "type": "target_household", "occurred_on": "2022-04-01",
                "values": {"household": f"h-{n}", "dimensions": ["health"], "source": "tpmap"}} for n in range(100)]
    sent = {"id": str(uuid.uuid4()), "unit": "2401", "round": ROUND, "entries": entries}
    assert server.client("district_officer").post("/v1/submissions", sent, wait=30).status == 200


def latency(server, times):
    """Milliseconds from a POST to the first result that shows it, one after the other on an idle server."""
    client, took = server.client("district_officer"), []
    for n in range(times):
        visit = {"op": "record", "fact": str(uuid.uuid4()), "type": "mentor_visit", "occurred_on": f"2022-0{4 + n % 6}-{1 + n % 28:02}",
                 "values": {"household": f"h-{n % 100}", "team": "t-1"}}
        sent = {"id": str(uuid.uuid4()), "unit": "2401", "round": ROUND, "entries": [visit]}
        began = time.perf_counter()
        answer = client.post("/v1/submissions", sent).json
        position = f"{answer['position']['stream']}:{answer['position']['offset']}"
        results = client.get(f"/v1/rounds/{ROUND}/units/2401/results?after={position}")
        took.append((time.perf_counter() - began) * 1000)
        assert results.status == 200 and results.json["as_of"]["positions"]["24"] >= answer["position"]["offset"]
    took.sort()
    return {"times": times, "p50": round(took[times // 2], 2), "p99": round(took[times * 99 // 100], 2), "max": round(took[-1], 2)}


def main():
    parser = argparse.ArgumentParser(description="Measures the server over HTTP and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--seconds", type=float, default=5)
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    from servers import Installation, started  # looks for the programs when it is imported

    figures = {"benchmark": "http", "clients": CLIENTS, "seconds": asked.seconds}
    with tempfile.TemporaryDirectory() as folder, started(Installation.made(folder, limits=UNLIMITED)) as server:
        prepare(server)
        token = server.installation.tokens["district_officer"]
        common = ["--port", server.port, "--token", token, "--seconds", asked.seconds]
        server.rested()
        figures["latency_milliseconds"] = latency(server, 2000)
        path = f"/v1/rounds/{ROUND}/units"
        figures["limit_hello_world"] = load(asked.programs, "--hello", "--seconds", asked.seconds, "--clients", CLIENTS)
        figures["get_results"] = load(asked.programs, *common, "--clients", CLIENTS, "--get", f"{path}/2401/results")
        figures["get_levels"] = load(asked.programs, *common, "--clients", CLIENTS, "--get", f"{path}/TH/levels?indicator=6")
        figures["submissions_of_1_fact"] = load(asked.programs, *common, "--clients", CLIENTS, "--facts", 1, "--seed", 1)
        server.rested()
        figures["submissions_of_100_facts"] = load(asked.programs, *common, "--clients", CLIENTS, "--facts", 100, "--seed", 2)
        server.rested()
        figures["ndjson_of_100_facts"] = load(asked.programs, *common, "--clients", 4, "--facts", 100, "--lines", 200, "--seed", 3)
        began = time.perf_counter()
        server.rested()
        figures["seconds_to_catch_up"] = round(time.perf_counter() - began, 2)
        assert server.stop() == 0
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
