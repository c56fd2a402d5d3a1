#!/usr/bin/env python3
"""The same job in Kafka Streams, beside the server: same topic, same machine, one run. Prints a table.

    tests/bench/peers/kafka_streams/run.py [--programs build/release/bin] [--scale 0.1] [--province 24]
                                           [--folder DIR] [--steps load,…] [--rate 200] [--seconds 30]

Starts a broker of its own, loads a sample into it through a server, and lets both fold the topic from nothing, one after the
other. Fails where the peer's results differ from the server's in a measure, a level or an accepted submission. With --folder
everything is kept there, and the steps (load, at_least_once, exactly_once, server, latency) can be run one by one.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "system")]
import application
import equal

STEPS = ["load", "at_least_once", "exactly_once", "server", "latency"]
UNLIMITED = {"rate_of_account": {"per_second": 0}, "rate_of_address": {"per_second": 0}}
PREFIX = "country"
MINUTES = 1200  # in seconds


class Run:
    def __init__(self, asked, kafka, servers, folder):
        self.asked, self.kafka, self.servers, self.folder = asked, kafka, servers, Path(folder)
        self.cluster = kafka.Cluster(self.folder / "cluster").start()
        kept = self.folder / "figures.json"
        self.figures = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}

    def step(self, name):
        print(f"{name} …", file=sys.stderr, flush=True)
        done = {"load": self.load, "server": self.server, "latency": self.latency}.get(name) or (lambda: self.peer(name))
        try:
            self.figures[name] = done()
        finally:
            (self.folder / "figures.json").write_text(json.dumps(self.figures, indent=1), encoding="utf-8")

    def load(self):
        """A sample becomes a topic, and what the server says of it is kept. One that was cut goes on."""
        first = self.cluster.installation(self.folder / "first", PREFIX, simulated=True, limits=UNLIMITED)
        if not first.data.exists():
            self.kafka.make_topics(first)
            assert first.init("--simulated").returncode == 0
        sample, tamroi = self.folder / "sample.ndjson", self.servers.PROGRAMS / "tamroi"
        which = ["--province", self.asked.province] if self.asked.province else ["--country"]
        subprocess.run([tamroi, "sample", *which, "--scale", self.asked.scale, "--to", sample], check=True, stderr=subprocess.DEVNULL)
        with self.servers.Server(first, log=self.folder / "first.log").listening() as server:
            subprocess.run([tamroi, "--url", f"http://127.0.0.1:{server.port}", "load", sample, "--tokens", first.data / "tokens.json"], check=True,
                           capture_output=True)
            server.rested()
            results, versions = equal.of_server(server.client("auditor"))
            assert server.stop() == 0
        (self.folder / "expected.json").write_text(json.dumps([[[*key, *value] for key, value in results.items()], versions]), encoding="utf-8")
        with open(sample, "rb") as lines:
            facts = submissions = 0
            for line in lines:
                facts += line.count(b'"op":"record"')
                submissions += b'"to":"submissions"' in line or b'"to": "submissions"' in line
        sample.unlink()
        topic = application.disk_mib(*(self.folder / "cluster/broker-1/records").glob(f"{PREFIX}.submissions-*"))
        return {"facts": facts, "submissions": submissions, "topic_mib": topic, "cores": os.cpu_count()}

    def expected(self):
        rows, versions = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return {(unit, indicator): (level, measures) for unit, indicator, level, measures in rows}, versions

    def application(self, name):
        return application.Application(self.cluster, self.folder / name, PREFIX, name == "exactly_once")

    def peer(self, name):
        """From nothing; after a reset; and with its changelogs, but nothing on its disk."""
        peer, figures = self.application(name), {}
        peer.forget_state()
        peer.topics("reset")
        try:
            figures["catch_up"] = peer.caught_up()
            peer.stop()
            figures.update(peer.disk())
            published = equal.of_peer(peer.topics("read"))
            self.same(self.expected(), published)
            figures["verdicts"] = published[2]
            peer.forget_state()
            figures["restore"] = peer.caught_up()
            peer.stop()
            began = time.perf_counter()
            peer.forget_state()
            peer.topics("reset")
            reset = time.perf_counter() - began
            figures["rebuild"] = peer.caught_up()
            figures["rebuild"]["seconds"] = round(figures["rebuild"]["seconds"] + reset, 1)
            peer.stop()
            self.same(self.expected(), equal.of_peer(peer.topics("read")))
        finally:
            peer.kill()
        return figures

    @staticmethod
    def same(server, peer):
        found = equal.differences(server, peer)
        if found:
            sys.exit("\n".join([*found[:20], f"The peer and the server differ in {len(found)} places."]))

    def node(self, number):
        """One that has nothing yet."""
        node = self.cluster.installation(self.folder / f"node-{number}", PREFIX, simulated=True, limits=UNLIMITED)
        node.data.mkdir(exist_ok=True)
        for name in ("clock", "tokens.json"):
            (node.data / name).write_bytes((self.folder / "first/data" / name).read_bytes())
        return node

    def server(self):
        node = self.node(len(list(self.folder.glob("node-*"))))
        broker_before, began = self.broker_cpu(), time.perf_counter()
        with self.servers.Server(node, log=f"{node.folder}/log").listening() as server:
            server.rested()
            figures = {"catch_up": {"seconds": round(time.perf_counter() - began, 1), "cpu_seconds": round(application.cpu_seconds(server.pid), 1),
                                    "broker_cpu_seconds": round(self.broker_cpu() - broker_before, 1), "memory_mib": application.peak_mib(server.pid)}}
            found = equal.of_server(server.client("auditor"))
            assert found == self.expected(), "a new node says something else than the first"
            assert server.stop() == 0
        figures["state_mib"] = application.disk_mib(node.data)
        broker_before, used, began = self.broker_cpu(), resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run([self.servers.SERVER, "rebuild", "--config", node.config], capture_output=True, check=False, timeout=MINUTES)
        assert done.returncode == 0, done
        took, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        figures["rebuild"] = {"seconds": round(took, 1), "cpu_seconds": round(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, 1),
                              "broker_cpu_seconds": round(self.broker_cpu() - broker_before, 1)}
        return figures

    def latency(self):
        """Each alone, caught up, with all of the history; then both say the same of what was produced meanwhile."""
        figures = self.figures["latency"] = {}  # kept also where a later part of it fails
        asked = {"brokers": self.cluster.address, "prefix": PREFIX, "units": application.UNITS, "rate": self.asked.rate, "seconds": self.asked.seconds}
        if self.asked.province:
            asked["province"] = self.asked.province
        nodes = sorted(self.folder.glob("node-*"))
        for name in ("at_least_once", "exactly_once"):
            peer = self.application(name)
            try:
                peer.caught_up(commit_ms=100 if peer.exactly_once else 1000)  # exactly once, a result is seen once it is committed
                figures[name] = json.loads(application.java("Latency", application=peer.name, **asked))
                peer.stop()
            finally:
                peer.kill()
        with self.servers.Server(self.node(len(nodes) - 1), log=nodes[-1] / "log").listening() as server:
            server.rested()
            figures["server"] = json.loads(application.java("Latency", url=f"http://127.0.0.1:{server.port}",
                                                            token=server.installation.tokens["auditor"], **asked))
            server.rested()
            now = equal.of_server(server.client("auditor"))
            assert server.stop() == 0
        for name in ("at_least_once", "exactly_once"):
            peer = self.application(name)
            try:
                peer.caught_up()
                peer.stop()
            finally:
                peer.kill()
            self.same(now, equal.of_peer(peer.topics("read")))
        return figures

    def broker_cpu(self):
        return self.application("at_least_once").broker_cpu()


def table(figures):
    """A column each; what was not measured is left out."""
    columns = [name for name in ("server", "at_least_once", "exactly_once") if name in figures]
    facts = figures["load"]["facts"]
    rows = []

    def row(title, value):
        cells = []
        for name in columns:
            try:
                cells.append(value(figures[name], name))
            except KeyError:
                cells.append("–")
        rows.append([title, *cells])

    for what, title in (("catch_up", "catch-up from nothing"), ("rebuild", "rebuild"), ("restore", "from its changelogs")):
        row(title, lambda one, name, what=what: f"{one[what]['seconds']} s: {round(facts / one[what]['seconds']):,} facts/s")
        row("· CPU of it, and of the broker", lambda one, name, what=what: f"{one[what]['cpu_seconds']} s, {one[what]['broker_cpu_seconds']} s")
    row("memory at most", lambda one, name: f"{one['catch_up']['memory_mib']:,} MiB")
    row("its own disk", lambda one, name: f"{one['state_mib']:,} MiB")
    row("changelogs, published", lambda one, name: f"{one['changelog_mib']:,} MiB, {one['published_mib']:,} MiB")
    if "latency" in figures:
        row("produced → result seen, p50", lambda one, name: f"{figures['latency'][name]['p50_ms']} ms")
        row("· p99", lambda one, name: f"{figures['latency'][name]['p99_ms']} ms")
    titles = {"server": "Tamroi", "at_least_once": "Kafka Streams, at least once", "exactly_once": "Kafka Streams, exactly once"}
    head = [f"{facts:,} facts in {figures['load']['submissions']:,} submissions", *(titles[name] for name in columns)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows])


def main():
    parser = argparse.ArgumentParser(description="Measures the server beside the same job in Kafka Streams and prints a table.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--scale", default="0.1", help="of the country, or of the province")
    parser.add_argument("--province", help="one alone")
    parser.add_argument("--folder", type=Path, help="where everything lies, and stays")
    parser.add_argument("--steps", default=",".join(STEPS))
    parser.add_argument("--rate", type=int, default=200, help="submissions a second, of the latency")
    parser.add_argument("--seconds", type=int, default=30, help="of the latency")
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    import kafka  # look for the programs when they are imported
    import servers

    application.build()
    with tempfile.TemporaryDirectory(prefix="tamroi-peer-") as passing:
        folder = asked.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        run = Run(asked, kafka, servers, folder.resolve())
        try:
            for name in asked.steps.split(","):
                run.step(name)
        finally:
            run.cluster.stop()
        print(json.dumps(run.figures, indent=1))
        print(table(run.figures))


if __name__ == "__main__":
    main()
