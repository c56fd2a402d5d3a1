#!/usr/bin/env python3
"""The live feed beside nginx with nchan, on the same work in one run; prints figures as JSON.

    tests/bench/feed_beside_nchan.py [--programs build/release/bin] [--readers 10000] [--seconds 60] [--rate 20]

Readers on loopback each get every change once and in order, or this fails. Tamroi's changes are made by submissions over
HTTP, each of which registers a household; nchan is sent events of the same size at the same times. A latency runs from the
moment when the change was due to be sent to its arrival at a reader, so a producer that is held up counts too. Beside both
stands the least server there can be (feed.cpp). Processor and memory are those of the server's processes.
"""
import argparse
import contextlib
import itertools
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

ROUND = "2565-2"
UNIT = "2401"
SOURCES = 8    # addresses that readers come from
RECENT = 2000  # events that nchan keeps for who resumes
UNLIMITED = {"rate_of_account": {"per_second": 0}, "rate_of_address": {"per_second": 0}, "requests_of_connection": 1000000}
NCHAN = """
{user}
daemon off;
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
worker_rlimit_nofile {files};
events {{ worker_connections {files}; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    nchan_shared_memory_size 256m;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /publish {{
            nchan_publisher;
            nchan_channel_id feed;
            nchan_message_buffer_length {recent};
        }}
        location = /feed {{
            nchan_subscriber eventsource;
            nchan_subscriber_first_message newest;
            nchan_channel_id feed;
            nchan_message_buffer_length {recent};
        }}
    }}
}}
"""


def processes(pid):
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *map(int, children)]


def processor_seconds(pid):
    ticks = 0
    for each in processes(pid):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid):
    """What is shared between them counts once."""
    lines = [line for each in processes(pid) for line in Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def stamp(due, number):
    """As event_reader.h says; in one number it could be taken for a national id, which the server refuses."""
    return f"stamp {due // 10**9}s{due % 10**9}n{number} "


SAMPLE_STAMP = stamp(12345 * 10**9 + 123456789, 1234)


def registration(text, number):
    entry = {"op": "record", "fact": str(uuid.uuid4()), "type": "target_household", "occurred_on": "2022-04-01",
             "values": {"household": f"h-{number}", "dimensions": ["income"], "source": "tpmap"}}
    return {"id": str(uuid.uuid4()), "unit": UNIT, "round": ROUND, "reason": text, "entries": [entry]}


class Work:
    """So many changes, so many a second, to so many readers."""

    def __init__(self, asked):
        self.program = asked.programs / "tamroi-bench-feed"
        self.readers, self.rate, self.changes = asked.readers, asked.rate, int(asked.rate * asked.seconds)

    def arguments(self, *more):
        return list(map(str, [self.program, "--readers", self.readers, "--sources", SOURCES, "--changes", self.changes, *more]))

    def least(self, size):
        done = subprocess.run(self.arguments("--least", "--rate", self.rate, "--size", size), stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[1])

    def measured(self, pid, send, *where):
        """Sends the changes with `send`, a text each, while readers read from the server of that process."""
        for _ in range(100):
            send("before there are readers")
        alone = resident_bytes(pid)
        with subprocess.Popen(self.arguments("--within", 240, *where), stdout=subprocess.PIPE) as child:
            assert child.stdout.readline(), "the readers did not come"
            time.sleep(2)  # what opening them left to be done is no part of it
            before, full, began = processor_seconds(pid), 0, time.monotonic_ns()
            for n in range(self.changes):
                due = began + int(n * 1e9 / self.rate)
                time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
                send(stamp(due, n))
                if n == self.changes * 9 // 10:
                    full = resident_bytes(pid)
            figures = json.loads(child.stdout.readline())
            figures["processor_seconds"] = round(processor_seconds(pid) - before, 2)
        figures["resident_megabytes_without_readers"] = round(alone / 1e6, 1)
        figures["resident_bytes_a_reader"] = (full - alone) // self.readers
        return figures


def tamroi(work, folder):
    """Figures, and one event as it was sent."""
    from feed_reader import FeedReader
    from servers import Installation, started  # looks for the programs when it is imported

    limits = {**UNLIMITED, "connections": work.readers + 100, "connections_of_address": work.readers + 100}
    with started(Installation.made(folder, limits=limits)) as server:
        opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": ROUND, "revision": 1, "reason": "A benchmark begins."}
        assert server.client("ministry_officer").post("/v1/controls", opening, wait=30).status == 200
        token, client = server.installation.tokens["auditor"], server.client("district_officer")
        path = f"/v1/feed?unit={UNIT}"
        seen = FeedReader(server.port, token, f"?unit={UNIT}").open()

        numbers = itertools.count()

        def send(text):
            answer = client.post("/v1/submissions", registration(text, next(numbers)))
            assert answer.status == 202, answer

        send(SAMPLE_STAMP)
        seen.read(lambda r: r.changes)
        seen.cut()
        return work.measured(server.pid, send, "--port", server.port, "--token", token, "--path", path), seen.changes[0][1]


def nchan(work, folder, sample):
    from wire import Client

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(folder)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NCHAN.format(folder=folder, user=user, port=port, files=work.readers + 1000, recent=RECENT), encoding="utf-8")
    with subprocess.Popen(["/usr/sbin/nginx", "-c", config], stderr=subprocess.DEVNULL) as child:
        client = Client(port)

        def send(text):
            body = sample.replace(SAMPLE_STAMP, text).encode()
            answer = client.request("POST", "/publish", body, {"X-EventSource-Event": "change"})
            assert answer.status in (201, 202), answer
        try:
            deadline = time.monotonic() + 20
            while True:
                with contextlib.suppress(OSError):
                    client.get("/")
                    break
                assert time.monotonic() < deadline and child.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
            return work.measured(child.pid, send, "--port", port, "--path", "/feed")
        finally:
            child.terminate()


def main():
    parser = argparse.ArgumentParser(description="Measures the live feed beside nginx with nchan and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--readers", type=int, default=10000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=20, help="changes a second")
    parser.add_argument("--only", choices=["least", "tamroi", "nchan"])
    asked = parser.parse_args()
    asked.programs = asked.programs.resolve()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    work = Work(asked)
    figures = {"benchmark": "feed", "readers": asked.readers, "changes_a_second": asked.rate, "changes": work.changes}
    sample = json.dumps({"reason": SAMPLE_STAMP, "rest": "x" * 600})
    if asked.only in (None, "tamroi"):
        with tempfile.TemporaryDirectory() as folder:
            figures["tamroi"], sample = tamroi(work, folder)
    if asked.only in (None, "nchan"):
        with tempfile.TemporaryDirectory() as folder:
            figures["nchan"] = nchan(work, folder, sample)
    figures["event_bytes"] = len(sample)
    if asked.only in (None, "least"):
        figures["limit_least_server"] = work.least(len(sample))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
