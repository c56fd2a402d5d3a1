#!/usr/bin/env python3
"""A national round within a bound of memory: loaded, read, built anew while it is served, killed and started again.

    tests/bench/national_round.py [--programs build/release/bin] [--scale 1] [--load FILE] [--memory 4] [--folder DIR]

Prints figures as JSON. FILE is a history as `tamroi sample` writes it; without one, the country's is made at the scale. The
bound is a control group's where one can be made (as root, or in a delegated folder), and holds for everything that the
server does, its page cache included.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from bounded import Bound, Resident, drop_page_cache

ROUND = "2565-2"
UNLIMITED = {"rate_of_account": {"per_second": 0}, "rate_of_address": {"per_second": 0}}
MEMORY = ["tamroi_memory_block_bytes", "tamroi_memory_buffer_bytes", "tamroi_memory_fold_bytes"]


def lines_of(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def said(log, message):
    """The lines of a server's log with that message."""
    with open(log, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if f'"message":"{message}"' in line]


class Nation:
    """One data directory and the servers that run on it, one after the other."""

    def __init__(self, servers, folder, bound, history):
        self.servers, self.bound, self.history = servers, bound, history
        self.folder, self.starts = Path(folder), 0
        self.installation = servers.Installation.made(self.folder / "at", simulated=True, limits=UNLIMITED)
        self.figures = {"phases": {}}
        self.server = self.resident = self.log = None

    def start(self, name):
        self.starts += 1
        self.log = self.folder / f"{self.starts}.log"
        began = time.monotonic()
        command = self.bound.command(self.servers.SERVER)
        self.server = self.servers.Server(self.installation, command=command, log=self.log).listening()
        self.servers.until(lambda: self.server.readiness()["ready"], "the server is ready")
        took = time.monotonic() - began
        self.resident = Resident(self.server.pid)
        replayed = said(self.log, "replaying")
        self.figures["phases"][name] = {"seconds_to_ready": round(took, 2), "streams_replayed": len(replayed),
                                        "records_replayed": sum(line["until"] - line["from"] for line in replayed),
                                        "resident_mib": self.resident.peak_mib()}

    def phase(self, name, work):
        """The work, with how long it took and what the server had meanwhile at most."""
        self.resident.begin()
        began = time.monotonic()
        more = work() or {}
        shown = self.server.metrics()
        self.figures["phases"][name] = {"seconds": round(time.monotonic() - began, 1), "resident_mib_at_most": self.resident.peak_mib(),
                                        **{key.removeprefix("tamroi_memory_") + "_at_the_end": int(shown[key]) for key in MEMORY if key in shown}, **more}

    def load(self):
        """Starts sending what the server does not have yet."""
        url = f"http://127.0.0.1:{self.server.port}"
        command = [str(self.servers.PROGRAMS / "tamroi"), "--url", url, "load", str(self.history), "--tokens", str(self.installation.data / "tokens.json")]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def load_until(self, records):
        """Until so many submissions are in the journal."""
        sending = self.load()
        while sum(value for name, value in self.server.metrics().items() if name.startswith('tamroi_journal_appended_records_total{kind="province"')) < records:
            assert sending.poll() is None, sending.communicate()
            time.sleep(0.25)
        return sending

    def load_rest(self):
        sending = self.load()
        told = sending.communicate()[1]
        assert sending.returncode == 0, told
        while not self.server.readiness()["idle"]:
            time.sleep(0.25)

    def get(self, path, took):
        began = time.perf_counter()
        answer = self.client.get(path)
        assert answer.status == 200, (path, answer)
        took.append((time.perf_counter() - began) * 1000)
        return answer.json

    def read_everything(self):
        """Results, levels and history of every unit that has them."""
        self.client = self.server.client("auditor")
        units, indicators, told = self.get("/v1/units", [])["units"], None, {}
        for kind in ("results", "levels", "history"):
            took = []
            for unit in units:
                about = f"/v1/rounds/{ROUND}/units/{unit['unit']}"
                if kind == "results":
                    indicators = [result["indicator"] for result in self.get(f"{about}/results", took)["indicators"]]
                elif kind == "levels" and unit["level"] != "district":
                    for indicator in indicators:
                        self.get(f"{about}/levels?indicator={indicator}", took)
                elif kind == "history" and unit["level"] in ("district", "province"):
                    for indicator in indicators:
                        self.get(f"{about}/indicators/{indicator}/history?limit=100", took)
            took.sort()
            told[kind] = {"answers": len(took), "p50_ms": round(took[len(took) // 2], 2), "p99_ms": round(took[len(took) * 99 // 100], 2)}
        return told

    def rebuild_while_read(self):
        enough, told = threading.Event(), {}

        def read():
            while not enough.is_set():
                told.update(self.read_everything())

        reader = threading.Thread(target=read)
        reader.start()
        done = subprocess.run([self.servers.SERVER, "rebuild", "--config", self.installation.config], capture_output=True, check=False)
        enough.set()
        reader.join()
        assert done.returncode == 0, done
        return {"said": done.stdout.decode().strip(), **told}

    def stop(self):
        assert self.server.stop() == 0

    def play(self):
        records = lines_of(self.history)
        self.start("first_start")
        cut = {}

        def half():
            cut["sending"] = self.load_until(records // 2)

        self.phase("load_first_half", half)
        self.server.kill()
        cut["sending"].kill()
        cut["sending"].communicate()
        self.start("start_after_kill_in_the_load")
        self.phase("load_rest", self.load_rest)
        self.phase("read_everything", self.read_everything)
        self.phase("rebuild_while_read", self.rebuild_while_read)
        self.phase("read_everything_again", self.read_everything)
        self.stop()
        self.start("start_after_stop_warm")
        self.stop()
        drop_page_cache(self.installation.data)
        self.start("start_after_stop_cold")
        self.phase("read_everything_after_start", self.read_everything)
        self.stop()
        for part in ("journal", "readmodel"):
            self.figures[f"{part}_mib_on_disk"] = sum(path.stat().st_size for path in (self.installation.data / part).rglob("*") if path.is_file()) >> 20
        return {"submissions": records, **self.figures}


def main():
    parser = argparse.ArgumentParser(description="Plays a national round within a bound of memory and prints figures as JSON.")
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--scale", default="1", help="of the country that is made")
    parser.add_argument("--load", type=Path, help="a history that is there already")
    parser.add_argument("--memory", type=float, default=4, help="GiB that the server may use")
    parser.add_argument("--folder", type=Path, help="where everything lies meanwhile")
    asked = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = str(asked.programs.resolve())
    import servers  # looks for the programs when it is imported

    with tempfile.TemporaryDirectory(prefix="tamroi-nation-", dir=asked.folder) as folder, Bound(int(asked.memory * 2**30)) as bound:
        history = asked.load
        if not history:
            history = Path(folder) / "country.ndjson"
            subprocess.run([servers.PROGRAMS / "tamroi", "sample", "--country", "--scale", asked.scale, "--to", history], check=True, stderr=subprocess.DEVNULL)
        nation = Nation(servers, folder, bound, history)
        try:
            told = nation.play()
        finally:
            if nation.server and nation.server.ended() is None:
                nation.server.kill()
        figures = {"benchmark": "national_round", "memory_gib": asked.memory, "bound": bound.how, **told}
        if bound.peak_bytes() is not None:
            figures["peak_with_page_cache_mib"] = bound.peak_bytes() >> 20
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
