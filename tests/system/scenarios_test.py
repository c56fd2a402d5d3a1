"""Every scenario of tests/scenarios, played against a real server that begins with nothing but its first use."""
import os
import shutil
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from servers import PROGRAMS, ROOT, Installation, run, started

RUNNER = PROGRAMS / "tamroi-scenarios"
SCENARIOS = ROOT / "tests/scenarios"
# FILE N: why it cannot be played over HTTP.
NOT_OVER_HTTP = {}


def listed():
    """(file, number) of every scenario."""
    done = run(RUNNER, "--list", SCENARIOS, cwd=ROOT)
    assert done.returncode == 0, done
    counts = [line.rsplit(" ", 1) for line in done.stdout.decode().splitlines()]
    return [(Path(file), n) for file, count in counts for n in range(1, int(count) + 1)]


class Scenarios(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-scenarios-")))
        self.first_use = Installation.made(self.folder / "first-use", simulated=True)
        # Every scenario publishes the catalogue under one id: what was published here is a repeat there, and quick.
        beginning = self.folder / "beginning.scenario"
        beginning.write_text("at 2022-03-31 12:00\ncatalogue 2565-2\n", encoding="utf-8")
        with started(self.first_use) as server:
            done = self.run_on(server, beginning)
            self.assertEqual(done.returncode, 0, done)
            self.assertEqual(server.rested().stop(), 0)

    def test_each_says_of_a_server_what_it_says_of_the_fold(self):
        scenarios = listed()
        self.assertGreater(len(scenarios), 400)
        scenarios = self.chosen(scenarios)
        # Most of the time goes into waiting for the disk.
        with ThreadPoolExecutor(3 * os.cpu_count()) as workers:
            failures = [failure for failure in workers.map(self.play, scenarios) if failure]
        print(f"{len(scenarios)} scenarios", flush=True)
        self.assertEqual([], failures, "".join(failures))

    def run_on(self, server, file, *which):
        return run(RUNNER, file, *which, "--catalogues", ROOT / "schemas/catalogue", "--url", f"http://127.0.0.1:{server.port}",
                   "--tokens", self.first_use.data / "tokens.json")

    def chosen(self, scenarios):
        return scenarios

    def begun(self, folder):
        """A server's directory as the first use left it."""
        return self.first_use.copy(folder)

    def ended(self, installation):
        """Nothing is left of it but its folder."""

    def play(self, scenario):
        """What is wrong with it, or nothing."""
        file, number = scenario
        name = f"{file.relative_to(SCENARIOS)} {number}"
        if name in NOT_OVER_HTTP:
            return None
        folder = self.folder / name.replace("/", "-")
        installation = self.begun(folder)
        with started(installation) as server:
            done = self.run_on(server, file, "--only", number)
            stopped = server.readiness()["stopped"]
        self.ended(installation)
        shutil.rmtree(folder)
        wrong = done.returncode != 0 or stopped
        return f"\n{name}: {done.stdout.decode()}{done.stderr.decode()}{stopped or ''}" if wrong else None


if __name__ == "__main__":
    unittest.main()
