#!/usr/bin/env python3
"""What the server does on a journal in Kafka, beside librdkafka alone on the same topic; prints figures as JSON.

    tests/bench/over_kafka.py [--programs build/release/bin] [--seconds 5] [--scale 0.05] [--runs 3] [--posts 1000] [--only PART]

One broker, the server and its clients share the machine's cores. Ingest: submissions of one district, on the real clock,
and the same records produced by librdkafka alone. Catch-up: the sample of the country, folded by a server that has nothing
yet, and the same topic consumed by librdkafka alone. Latency: three nodes over one broker and over three, one submission after
the other to one of them and its result on another; beside it librdkafka alone, from one client to another.
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
from over_http import CLIENTS, ROUND, UNLIMITED, load, median, prepare

WARM_UP = 50
INGEST = {"submissions_of_1_fact": (1, 1), "submissions_of_100_facts": (100, 1), "ndjson_of_100_facts": (100, 200)}  # name → facts, lines


class Bench:
    def __init__(self, asked, kafka, servers, cluster, folder):
        self.asked, self.kafka, self.servers, self.cluster_module, self.folder = asked, kafka, servers, cluster, Path(folder)
        self.cluster = kafka.Cluster(self.folder / "cluster").start()

    def installation(self, name, **settings):
        made = self.cluster.installation(self.folder / name, name, limits=UNLIMITED, **settings)
        self.kafka.make_topics(made)
        return made

    def raw(self, what, *topics):
        done = subprocess.run([str(self.asked.programs / "tamroi-bench-kafka"), what, self.cluster.address, *(f"{topic}.submissions" for topic in topics)],
                              capture_output=True, check=True)
        return {name: round(value, 3) for name, value in json.loads(done.stdout).items()}

    def started(self, installation):
        return self.servers.Server(installation, log=f"{installation.folder}/log").listening()

    def ingest(self):
        figures = {}
        for name, (facts, lines) in INGEST.items():
            installation = self.installation(f"ingest-{facts}-{lines}")
            assert installation.init().returncode == 0
            with self.started(installation) as server:
                prepare(server)
                server.rested()
                more = ["--lines", lines, "--clients", 4] if lines > 1 else ["--clients", CLIENTS]
                told = load(self.asked.programs, "--port", server.port, "--token", installation.tokens["district_officer"], "--seconds", self.asked.seconds,
                            "--facts", facts, "--seed", facts + lines, *more)
                server.rested()
                assert server.stop() == 0
            self.installation(f"raw-{facts}-{lines}", simulated=True)
            raw = self.raw("produce", installation.prefix, f"raw-{facts}-{lines}")
            figures[name] = {"gateway": told, "raw_produce": raw}
        return figures

    def catch_up(self):
        first = self.installation("country", simulated=True)
        assert first.init("--simulated").returncode == 0
        sample, tamroi = self.folder / "country.ndjson", self.asked.programs / "tamroi"
        subprocess.run([tamroi, "sample", "--country", "--scale", self.asked.scale, "--to", sample], check=True, stderr=subprocess.DEVNULL)
        with self.started(first) as server:
            subprocess.run([tamroi, "--url", f"http://127.0.0.1:{server.port}", "load", sample, "--tokens", first.data / "tokens.json"], check=True,
                           capture_output=True)
            server.rested()
            assert server.stop() == 0
        with open(sample, "rb") as lines:
            facts = sum(line.count(b'"op":"record"') for line in lines)
        runs = []
        for run in range(self.asked.runs):
            raw = self.raw("consume", "country")
            runs.append({"seconds": self.empty_node(run), "raw_consume": raw})
        chosen = median(runs, lambda one: one["seconds"])
        return {"facts": facts, **chosen, "facts_per_second": round(facts / chosen["seconds"]),
                "raw_facts_per_second": round(facts / chosen["raw_consume"]["seconds"])}

    def empty_node(self, run):
        """From its start until it has folded everything."""
        node = self.cluster.installation(self.folder / f"node-{run}", "country", simulated=True, limits=UNLIMITED)
        node.data.mkdir()
        for name in ("clock", "tokens.json"):
            (node.data / name).write_bytes((self.folder / "country/data" / name).read_bytes())
        began = time.perf_counter()
        with self.started(node) as server:
            server.rested()
            took = time.perf_counter() - began
            assert server.stop() == 0
        return round(took, 2)


    def latency(self, brokers):
        """From a POST on one node to a result on another that shows it, one after the other; beside it librdkafka alone."""
        at = self.folder / f"brokers-{brokers}"
        cluster = self.kafka.Cluster(at / "cluster")
        at.mkdir()
        cluster.start("--brokers", brokers)
        nodes = [self.cluster_module.Node(number, at, cluster) for number in (1, 2, 3)]
        try:
            # Until every broker has heard of the topics that one has made.
            made = lambda: self.servers.run(self.servers.SERVER, "topics", "--config", nodes[0].installation.config).returncode == 0
            self.servers.until(made, "the topics are as they should be")
            for node in nodes:
                node.make().start()
            prepare(nodes[0].server.rested())
            took = self.shown_after(nodes)
            for node in nodes:
                assert node.server.stop() == 0
            done = subprocess.run([str(self.asked.programs / "tamroi-bench-kafka"), "echo", cluster.address, "tamroi.submissions", str(self.asked.posts)],
                                  capture_output=True, check=True)
            return {"posts": len(took), "milliseconds": quantiles(took), "raw_milliseconds": json.loads(done.stdout)}
        finally:
            for node in nodes:
                node.end()
            cluster.stop()

    def shown_after(self, nodes):
        token = nodes[0].installation.tokens["district_officer"]
        clients = [node.server.client(token=token) for node in nodes]
        took = []
        for n in range(self.asked.posts + WARM_UP):
            visit = {"op": "record", "fact": str(uuid.uuid4()), "type": "mentor_visit", "occurred_on": f"2022-0{4 + n % 6}-{1 + n % 28:02}",
                     "values": {"household": f"h-{n % 100}", "team": "t-1"}}
            sent = {"id": str(uuid.uuid4()), "unit": "2401", "round": ROUND, "entries": [visit]}
            began = time.perf_counter()
            answer = clients[n % 3].post("/v1/submissions", sent)
            position = answer.json["position"]
            shown = clients[(n + 1 + n // 3 % 2) % 3].get(f"/v1/rounds/{ROUND}/units/2401/results?after=24:{position['offset']}")
            took.append((time.perf_counter() - began) * 1000)
            assert shown.status == 200 and shown.json["as_of"]["positions"]["24"] >= position["offset"]
        return took[WARM_UP:]


def quantiles(took):
    took = sorted(took)
    at = lambda share: round(took[min(len(took) - 1, int(len(took) * share))], 2)
    return {"p50": at(0.5), "p99": at(0.99), "max": at(1)}


def main():
    parser = argparse.ArgumentParser(description="Measures the server on a journal in Kafka and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--seconds", type=float, default=5, help="of each kind of ingest")
    parser.add_argument("--scale", default="0.05", help="of the country that is caught up with")
    parser.add_argument("--runs", type=int, default=3, help="of the catch-up")
    parser.add_argument("--posts", type=int, default=1000, help="one after the other, for the latency")
    parser.add_argument("--only", choices=["ingest", "catch_up", "latency"], help="one of the three")
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    import kafka  # look for the programs when they are imported
    import servers
    import cluster

    with tempfile.TemporaryDirectory(prefix="tamroi-over-kafka-") as folder:
        bench = Bench(asked, kafka, servers, cluster, folder)
        try:
            parts = {"ingest": bench.ingest, "catch_up": bench.catch_up, "latency": lambda: {brokers: bench.latency(brokers) for brokers in (1, 3)}}
            wanted = [asked.only] if asked.only else list(parts)
            print(json.dumps({"benchmark": "kafka", **{name: parts[name]() for name in wanted}}, indent=1))
        finally:
            bench.cluster.stop()


if __name__ == "__main__":
    main()
