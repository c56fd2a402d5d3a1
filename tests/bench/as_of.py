"""What an answer as of then costs beside one of now, at the server, over one connection: districts, provinces, the ministry
and who stands where; of cuts that nobody asked for before, spread over the whole history."""
import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))


def milliseconds(client, paths):
    taken = []
    for path in paths:
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, (path, answer.body[:300])
    taken.sort()
    return {"median": round(statistics.median(taken), 3), "p95": round(taken[len(taken) * 95 // 100], 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--scale", default="0.001")
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    os.environ["TAMROI_PROGRAMS"] = options.programs
    from servers import PROGRAMS, Installation, run, started
    chance = random.Random(1)
    unlimited = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}
    with tempfile.TemporaryDirectory(prefix="tamroi-as-of-") as folder:
        installation = Installation.made(Path(folder) / "server", simulated=True, **unlimited)
        sample = Path(folder) / "sample.ndjson"
        made = run(PROGRAMS / "tamroi", "sample", "--country", "--scale", options.scale, "--entire", "24", "--to", sample, timeout=600)
        assert made.returncode == 0, made
        with started(installation) as server:
            loaded = run(PROGRAMS / "tamroi", "--url", f"http://127.0.0.1:{server.port}", "load", sample, "--tokens",
                         installation.data / "tokens.json", timeout=1200)
            assert loaded.returncode == 0, loaded
            server.rested()
            client = server.client("auditor")
            entries = client.get("/v1/streams").json["streams"][1]["records"]
            end = next(stream["records"] for stream in client.get("/v1/streams").json["streams"] if stream["stream"] == "24")
            about = "/v1/rounds/2565-2/units/{}"
            kinds = {"district": (about.format("2401") + "/results?", 1), "province": (about.format("24") + "/results?", 1),
                     "TH": (about.format("TH") + "/results?", 0), "levels": (about.format("TH") + "/levels?indicator=6&", 0)}
            told = {"records of 24": end, "entries of the ledger": entries}
            for kind, (path, positions) in kinds.items():
                early = [f"ledger:{chance.randrange(entries // 10, entries // 5)}" for _ in range(options.times)]
                late = [f"ledger:{chance.randrange(entries * 4 // 5, entries)}" for _ in range(options.times)]
                times = [f"2022-0{chance.randrange(4, 10)}-{chance.randrange(10, 29)}T{chance.randrange(10, 24)}:{chance.randrange(10, 60)}:00Z"
                         for _ in range(options.times)]
                told[kind] = {"now": milliseconds(client, [f"{path}revision={1 + i % 2}" for i in range(options.times)]),
                              "ledger, early": milliseconds(client, [f"{path}as_of={cut}" for cut in early]),
                              "ledger, late": milliseconds(client, [f"{path}as_of={cut}" for cut in late]),
                              "time": milliseconds(client, [f"{path}as_of={cut}" for cut in times])}
                if positions:
                    cuts = [f"24:{chance.randrange(end // 10, end)}" for _ in range(options.times)]
                    told[kind]["position"] = milliseconds(client, [f"{path}as_of={cut}" for cut in cuts])
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
