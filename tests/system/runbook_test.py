"""The runbook's commands do what it says: each `sh` block is run, in order, against a package that was unpacked.

What is the machine's (systemd, its users) is stood in for by small programs; the folders are moved into a test's own.
"""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from package_test import packaged
from servers import ROOT, run
from nginx_test import free_ports

RUNBOOK = ROOT / "deploy/RUNBOOK.md"
WITHIN = 90  # seconds for a section on a machine that has a lot else to do

SYSTEMCTL = """#!/bin/bash
# Of one unit, without systemd.
set -eu
running() { [ -e "$HERE/pid" ] && kill -0 "$(cat "$HERE/pid")" 2>/dev/null; }
case $1 in
  start | enable)
    running && exit 0
    tamroi-server --config "$HERE/etc/tamroi/tamroi.yaml" >/dev/null 2>>"$HERE/journal" </dev/null & echo $! >"$HERE/pid" ;;
  stop)
    ! running || { kill "$(cat "$HERE/pid")"; while running; do sleep 0.1; done; } ;;
  is-active) running && echo active ;;
  *) exit 64 ;;
esac
"""
RUNUSER = '#!/bin/bash\n[ "$1 $2 $3" = "-u tamroi --" ] || exit 64\nshift 3\nexec "$@"\n'
JOURNALCTL = '#!/bin/bash\n[ "$*" = "-u tamroi -o cat" ] || exit 64\nexec cat "$HERE/journal"\n'
MOVED = ("/etc/tamroi", "/var/lib/tamroi", "/var/backups", "/root/", "/usr/share/tamroi")


def sections():
    """(title, [block]) of each section with commands, in order."""
    for section in re.split(r"^## ", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        if blocks:
            yield section.splitlines()[0], blocks


class Links(unittest.TestCase):
    def test_each_leads_to_a_page(self):
        text = RUNBOOK.read_text(encoding="utf-8")
        pages = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^##+ (.*)$", text, re.MULTILINE)}
        links = re.findall(r"\]\(#([^)]*)\)", text)
        self.assertGreater(len(links), 30)
        self.assertEqual([link for link in links if link not in pages], [])

    def test_each_file_that_it_names_is_there(self):
        text = RUNBOOK.read_text(encoding="utf-8")
        for name in ("kafka.properties", "tamroi-kafka.service", "tamroi.service.conf", "nodes.sed", "tamroi.yaml"):
            self.assertIn(name, text)
            self.assertTrue((ROOT / "deploy/three-hosts" / name).exists(), name)


class Runbook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.here = Path(folder.name) / "here"
        assert run("dpkg-deb", "-x", packaged(folder.name), cls.here).returncode == 0
        stand_ins = cls.here / "stand-ins"
        for name, text in (("systemctl", SYSTEMCTL), ("runuser", RUNUSER), ("journalctl", JOURNALCTL)):
            stand_ins.mkdir(exist_ok=True)
            (stand_ins / name).write_text(text, encoding="utf-8")
            (stand_ins / name).chmod(0o755)
        (cls.here / "root").mkdir()
        (cls.here / "var/lib").mkdir(parents=True)
        cls.port = free_ports(1)[0]
        config = cls.here / "etc/tamroi/tamroi.yaml"
        config.write_text(cls.moved(config.read_text(encoding="utf-8")).replace("port: 8080", f"port: {cls.port}"), encoding="utf-8")
        cls.environment = {**os.environ, "HERE": str(cls.here), "PATH": f"{stand_ins}:{cls.here}/usr/bin:{os.environ['PATH']}",
                           "TAMROI_URL": f"http://127.0.0.1:{cls.port}"}

    @classmethod
    def moved(cls, text):
        for folder in MOVED:
            text = re.sub(rf"(?<![\w/]){folder}", f"{cls.here}{folder}", text)
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{cls.port}")

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["systemctl", "stop", "tamroi"], env=cls.environment, check=True)

    def run_block(self, block):
        return subprocess.run(["bash", "-euo", "pipefail", "-c", self.moved(block)], env=self.environment, capture_output=True, text=True,
                              timeout=WITHIN, check=False)

    def test_every_command(self):
        titles = [title for title, _ in sections()]
        self.assertEqual(titles, ["First use", "Accounts and tokens", "Start, stop, upgrade", "Backup", "Restore", "The read model",
                                  "Reading the figures"])
        printed = {}
        for title, blocks in sections():
            for block in blocks:
                done = self.run_block(block)
                self.assertEqual(done.returncode, 0, (title, done))
                printed[title] = printed.get(title, "") + done.stdout
        self.assertIn('"ready":true', printed["First use"])
        self.assertIn("officer-2402", printed["Accounts and tokens"])
        self.assertTrue(printed["Start, stop, upgrade"].endswith("active\n"))
        self.assertRegex(printed["Backup"], r"^Backed up to .*: \d+ MiB\.")
        self.assertIn('"ready":true', printed["Restore"])
        self.assertIn("All is as it should be", printed["Restore"])
        said = printed["The read model"]
        self.assertLess(said.index("All is as it should be"), said.index("Built generation 2 "))
        self.assertTrue(said.endswith("Generation 1 is served again; 2 is kept.\n"), said)
        self.assertIn("tamroi_ready 1", printed["Reading the figures"])
        # What was granted before the backup holds after the restoration and the new read model.
        token = (self.here / "root/operations.token").read_text(encoding="utf-8").split()
        listed = run(self.here / "usr/bin/tamroi", "account", "list", env={**self.environment, "TAMROI_TOKEN": next(word for word in token if len(word) == 64)})
        self.assertEqual(listed.returncode, 0, listed)


if __name__ == "__main__":
    unittest.main()
