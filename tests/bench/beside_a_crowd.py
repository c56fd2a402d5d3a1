#!/usr/bin/env python3
"""What good clients notice of 10,000 idle connections and 1,000 that send their header byte by byte; prints figures as JSON.

    tests/bench/beside_a_crowd.py [--programs build/release/bin] [--seconds 4] [--times 3]

The caps of connections are raised, so that the crowd is let in; the server closes each of it at its deadline, and it comes
again at once. Good clients are measured without the crowd and with it, in turn; of several times the median counts.
"""
import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from over_http import CLIENTS, ROUND, UNLIMITED, load, prepare


@contextlib.contextmanager
def crowd(asked, port):
    with subprocess.Popen([asked.programs / "tamroi-bench-crowd", "--port", str(port), "--idle", str(asked.idle), "--drips", str(asked.drips)],
                          stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout.readline(), "the crowd did not come"
            yield
            assert child.poll() is None, "the crowd has gone"
        finally:
            child.terminate()


def measured(asked, server, seed):
    common = ["--port", server.port, "--token", server.installation.tokens["district_officer"], "--seconds", asked.seconds, "--clients", CLIENTS]
    kinds = {"get_results": ["--get", f"/v1/rounds/{ROUND}/units/2401/results"], "submissions_of_1_fact": ["--facts", 1, "--seed", seed]}
    figures = {}
    for kind, more in kinds.items():
        figures[kind] = load(asked.programs, *common, *more)
        good = "200" if kind == "get_results" else "202"
        assert list(figures[kind]["statuses"]) == [good], figures[kind]
        server.rested()
    return figures


def median(runs):
    """Of the figures of each kind."""
    def middle(kind, figure):
        return statistics.median(run[kind]["milliseconds"][figure] for run in runs)

    return {kind: {figure: middle(kind, figure) for figure in ("p50", "p99")} for kind in runs[0]}


def main():
    parser = argparse.ArgumentParser(description="Measures good clients beside a crowd of bad ones and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--idle", type=int, default=10000)
    parser.add_argument("--drips", type=int, default=1000)
    asked = parser.parse_args()
    asked.programs = asked.programs.resolve()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs)
    from servers import Installation, started  # looks for the programs when it is imported

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    room = asked.idle + asked.drips + 1000
    limits = {**UNLIMITED, "connections": room, "connections_of_address": room}
    without, beside = [], []
    with tempfile.TemporaryDirectory() as folder, started(Installation.made(folder, limits=limits)) as server:
        prepare(server)
        for n in range(asked.times):
            without.append(measured(asked, server, 2 * n))
            with crowd(asked, server.port):
                beside.append(measured(asked, server, 2 * n + 1))
                open_connections = server.metrics()["tamroi_http_connections"]
        assert server.stop() == 0
    figures = {"benchmark": "crowd", "idle": asked.idle, "drips": asked.drips, "clients": CLIENTS, "connections": open_connections,
               "without": median(without), "beside": median(beside)}
    figures["p99_ratio"] = {kind: round(figures["beside"][kind]["p99"] / figures["without"][kind]["p99"], 2) for kind in figures["beside"]}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
