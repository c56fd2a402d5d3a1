#!/usr/bin/env python3
"""What the whole server does over HTTP, beside the smallest server that Beast makes; prints figures as JSON.

    tests/bench/over_http.py [--programs build/release/bin] [--seconds 5] [--runs 3]

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
# A client that comes back may find that its old connection still counts.
UNLIMITED = {"rate_of_account": {"per_second": 0}, "rate_of_address": {"per_second": 0}, "connections_of_address": 1000, "requests_of_account": 1000}
LATENCIES = 2000
RATES = (1000, 5000)  # submissions a second of others


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


def latency(server, go_on):
    """Milliseconds from a POST to the first result that shows it, one after the other, as long as it is to go on."""
    client, took = server.client("district_officer"), []
    while go_on(len(took)):
        n = len(took)
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
    times = len(took)
    return {"times": times, "p50": round(took[times // 2], 2), "p99": round(took[times * 99 // 100], 2), "max": round(took[-1], 2)}


def latency_under_load(server, programs, common, rate):
    """The same, while others send submissions of one fact at a rate, to the same district."""
    others = subprocess.Popen([str(programs / "tamroi-bench-load"), *map(str, common), "--clients", str(CLIENTS), "--facts", "1", "--rate", str(rate),
                               "--seed", f"9{rate}"], stdout=subprocess.PIPE)
    measured = latency(server, lambda _: others.poll() is None)
    told = json.loads(others.communicate()[0])
    assert others.returncode == 0 and set(told["statuses"]) == {"202"}, told
    return {"others_a_second": told["submissions_per_second"], **measured}


def processor_micros(server):
    """What the server has spent on all cores so far."""
    fields = Path(f"/proc/{server.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1_000_000 // os.sysconf("SC_CLK_TCK")


def get(server, programs, common, path):
    """A GET as often as it is answered, with what the server spends on one."""
    before = processor_micros(server)
    told = load(programs, *common, "--clients", CLIENTS, "--get", path)
    assert set(told["statuses"]) == {"200"}, told
    return {**told, "server_micros_a_request": round((processor_micros(server) - before) / told["requests"], 2)}


def hello(programs, seconds, size=0):
    return load(programs, "--hello", "--hello-bytes", size, "--seconds", seconds, "--clients", CLIENTS)


def median(runs, key):
    return sorted(runs, key=key)[len(runs) // 2]


def beside_the_limits(server, programs, common, path, asked):
    """Results and the two limits in turns, and the median of their ratios: whatever else the machine does falls on all three."""
    rate, measured = (lambda run: run["requests_per_second"]), {"get_results": [], "limit_hello_world": [], "limit_as_long": []}
    for _ in range(asked.runs):
        measured["limit_hello_world"].append(hello(programs, asked.seconds))
        measured["get_results"].append(get(server, programs, common, path))
        measured["limit_as_long"].append(hello(programs, asked.seconds, measured["get_results"][-1]["body_bytes"]))
    figures = {name: median(runs, rate) for name, runs in measured.items()}
    for limit in ("limit_hello_world", "limit_as_long"):
        ratios = [rate(one) / rate(other) for one, other in zip(measured["get_results"], measured[limit])]
        figures[f"results_of_{limit}"] = [round(ratio, 3) for ratio in sorted(ratios)]
    return figures


def main():
    parser = argparse.ArgumentParser(description="Measures the server over HTTP and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--runs", type=int, default=3, help="of results and their limits, in turns")
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    from servers import Installation, Server  # looks for the programs when it is imported

    figures = {"benchmark": "http", "clients": CLIENTS, "seconds": asked.seconds}
    # A line of the log for each request goes to a file: whoever read them would take a core.
    with (tempfile.TemporaryDirectory() as folder,
          Server(Installation.made(folder, limits=UNLIMITED), log=f"{folder}/log").listening() as server):
        prepare(server)
        token = server.installation.tokens["district_officer"]
        common = ["--port", server.port, "--token", token, "--seconds", asked.seconds]
        server.rested()
        figures["latency_milliseconds"] = latency(server, lambda times: times < LATENCIES)
        path = f"/v1/rounds/{ROUND}/units"
        figures.update(beside_the_limits(server, asked.programs, common, f"{path}/2401/results", asked))
        figures["get_levels"] = get(server, asked.programs, common, f"{path}/TH/levels?indicator=6")
        for rate in RATES:
            figures[f"latency_beside_{rate}"] = latency_under_load(server, asked.programs, common, rate)
            server.rested()
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
