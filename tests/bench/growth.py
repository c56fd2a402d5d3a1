#!/usr/bin/env python3
"""What a fact and an answer cost as the history grows to the size of a nation; prints figures as JSON.

    tests/bench/growth.py [--programs build/release/bin] [--marks 100000 1000000 10000000 30000000]

A new server on the real clock, in a temporary folder. One district of each province sends NDJSON, 200 submissions of 100
facts a request: households and all their visits, so that at every mark the history consists of the same. At each mark the
same number of facts is sent as a probe; what the server spends on all its cores for it, RocksDB's own work included, is the
cost of a fact. Then answers of all these districts are read twice, and the second time counts.
"""
import argparse
import hashlib
import json
import os
import secrets
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from over_http import ROUND, UNLIMITED, load, processor_micros

CLIENTS, LINES, FACTS = 4, 200, 100  # of the load: requests at a time, submissions a request, facts a submission
BATCH = CLIENTS * LINES * FACTS
REST_WITHIN = 600
ASKED_EACH = 3


def districts(server):
    """The first of each province."""
    country = server.client("ministry_officer").get("/v1/units").json
    first = {}
    for unit in country["units"]:
        if unit["level"] == "district":
            first.setdefault(unit["parent"], unit["unit"])
    return sorted(first.values())


def prepare(server, folder):
    """The round is open, and an officer of each district has a token; gives the file that names them."""
    def control(by, **body):
        answer = server.client(by).post("/v1/controls", {"id": str(uuid.uuid4()), "reason": "A benchmark begins.", **body}, wait=30)
        assert answer.status == 200, answer.body

    control("ministry_officer", type="round_opened", round=ROUND, revision=1)
    places = Path(folder) / "places"
    with places.open("w", encoding="ascii") as lines:
        for unit in districts(server):
            token = secrets.token_hex(32)
            digest = hashlib.sha256(token.encode()).hexdigest()
            control("operator", type="account_granted", account=f"officer-{unit}", role="district_officer", unit=unit, token_sha256=digest)
            lines.write(f"{unit} {token}\n")
    return places


def rest(server):
    deadline = time.monotonic() + REST_WITHIN
    while not server.readiness().get("idle"):
        assert time.monotonic() < deadline, "the server does not come to rest"
        time.sleep(0.02)


def send(server, programs, places, facts, seed):
    """About so many facts; what was spent on each, and how fast they were durable and then folded."""
    requests = max(1, round(facts / BATCH))
    before, began = processor_micros(server), time.monotonic()
    told = load(programs, "--port", server.port, "--places", places, "--clients", CLIENTS, "--lines", LINES, "--facts", FACTS, "--requests", requests,
                "--seed", seed)
    assert list(told["statuses"]) == ["200"], told
    durable = time.monotonic()
    rest(server)
    rested = time.monotonic()
    sent = told["facts_per_second"] and requests * BATCH
    return {"facts": sent, "nanoseconds_a_fact": round((processor_micros(server) - before) * 1000 / sent), "durable_facts_a_second": round(sent / (durable - began)),
            "folded_facts_a_second": round(sent / (rested - began)), "seconds_behind_at_the_end": round(rested - durable, 2)}


def reads(server, places):
    """Milliseconds of answers about each district, warm."""
    client = server.client("ministry_officer")
    units = [line.split()[0] for line in places.read_text(encoding="ascii").splitlines()]
    paths = {"results": "/v1/rounds/{round}/units/{unit}/results", "history": "/v1/rounds/{round}/units/{unit}/indicators/6/history?limit=20",
             "levels": "/v1/rounds/{round}/units/{unit}/levels?indicator=6"}
    told = {}
    for name, path in paths.items():
        took = []
        for turn in range(1 + ASKED_EACH):
            for unit in units:
                began = time.perf_counter()
                answer = client.get(path.format(round=ROUND, unit=unit if name != "levels" else unit[:2]))
                assert answer.status == 200, (path, answer.status, answer.body)
                if turn > 0:
                    took.append((time.perf_counter() - began) * 1000)
        took.sort()
        told[name] = {"p50": round(took[len(took) // 2], 2), "p99": round(took[len(took) * 99 // 100], 2)}
    return told


def memory_mib(server):
    lines = Path(f"/proc/{server.process_id}/status").read_text(encoding="ascii").splitlines()
    return {key.rstrip(":"): int(size) // 1024 for key, size, *_ in (line.split() for line in lines if line.startswith(("VmRSS", "VmHWM")))}


def main():
    parser = argparse.ArgumentParser(description="Measures what a fact costs as the history grows and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--marks", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000, 30_000_000], help="facts in the history")
    parser.add_argument("--probe", type=int, default=400_000, help="facts sent at each mark")
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    from servers import Installation, Server  # looks for the programs when it is imported

    figures, facts = {"benchmark": "growth", "marks": []}, 0
    with (tempfile.TemporaryDirectory() as folder,
          Server(Installation.made(folder, limits=UNLIMITED), log=f"{folder}/log").listening() as server):
        places = prepare(server, folder)
        for seed, mark in enumerate(asked.marks):
            told = {}
            if mark - facts >= BATCH:
                told["until_there"] = send(server, asked.programs, places, mark - facts, seed=f"1{seed}")
                facts += told["until_there"]["facts"]
            told["probe"] = send(server, asked.programs, places, asked.probe, seed=f"2{seed}")
            told = {"facts": facts, **told, "milliseconds": reads(server, places), "memory_mib": memory_mib(server)}
            facts += told["probe"]["facts"]
            figures["marks"].append(told)
            print(json.dumps(told), file=sys.stderr, flush=True)
        assert server.stop() == 0
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
