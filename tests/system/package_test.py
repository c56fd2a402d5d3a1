"""The Debian package: what is in it, that it is sound, and that what it unpacks to serves."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from servers import PROGRAMS, ROOT, SERVER, Installation, Server, run, until

UNIT = "lib/systemd/system/tamroi.service"
CONFIGURATION = "etc/tamroi/tamroi.yaml"
CATALOGUE = "usr/share/tamroi/catalogue/2565-2"
EXPOSURE_MAX = 2.0


def packaged(folder):
    done = subprocess.run([ROOT / "deploy/package", "--programs", PROGRAMS, "--output", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    return Path(done.stdout.strip())


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.package = packaged(cls.folder)
        cls.tree = cls.folder / "tree"
        assert run("dpkg-deb", "-x", cls.package, cls.tree).returncode == 0

    def field(self, name):
        return run("dpkg-deb", "-f", self.package, name).stdout.decode().strip()

    def test_it_says_what_it_is_and_needs(self):
        self.assertEqual(self.field("Package"), "tamroi")
        self.assertRegex(self.field("Version"), r"^\d+\.\d+\.\d+\+\d{14}$")
        needs = self.field("Depends")
        for library in ("libc6", "libyaml-cpp", "libprotobuf", "libssl3", "libboost-json1.83.0", "adduser"):
            self.assertIn(library, needs)
        self.assertNotIn("@", needs)

    def test_all_is_where_debian_wants_it_and_roots(self):
        listed = [line.split(maxsplit=5) for line in run("dpkg-deb", "-c", self.package).stdout.decode().splitlines()]
        self.assertEqual({line[1] for line in listed}, {"root/root"})
        modes = {line[5]: line[0] for line in listed}
        for program in ("tamroi", "tamroi-server"):
            self.assertEqual(modes[f"./usr/bin/{program}"], "-rwxr-xr-x")
        self.assertEqual(modes[f"./{CONFIGURATION}"], "-rw-r-----")
        places = (UNIT, f"{CATALOGUE}/round.yaml", f"{CATALOGUE}/units.csv", "usr/share/man/man1/tamroi.1.gz", "usr/share/man/man8/tamroi-server.8.gz",
                  "usr/share/bash-completion/completions/tamroi", "usr/share/doc/tamroi/RUNBOOK.md", "usr/share/doc/tamroi/copyright",
                  "usr/share/doc/tamroi/examples/nginx/tamroi.conf", "usr/share/doc/tamroi/examples/monitoring/alerts.yml")
        for place in places:
            self.assertEqual(modes[f"./{place}"], "-rw-r--r--")
        self.assertEqual(run("dpkg-deb", "-I", self.package, "conffiles").stdout.decode().split(), [f"/{CONFIGURATION}"])

    def test_lintian_finds_no_fault(self):
        found = run("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags-from-file",
                    ROOT / "deploy/debian/not-applicable", self.package)
        self.assertEqual((found.returncode, found.stdout.decode()), (0, ""))

    def test_the_same_sources_give_the_same_bytes(self):
        again = self.folder / "again"
        self.assertEqual(packaged(again).read_bytes(), self.package.read_bytes())

    def test_the_scripts_are_sound(self):
        for script in ("postinst", "prerm", "postrm"):
            self.assertEqual(run("sh", "-n", ROOT / "deploy/debian" / script).returncode, 0)

    def test_the_manual_pages_can_be_set(self):
        for page in ("man1/tamroi.1.gz", "man8/tamroi-server.8.gz"):
            done = run("man", "--warnings", "-l", self.tree / "usr/share/man" / page, env={"MANROFFOPT": "", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"tamroi", done.stdout)

    def test_what_it_unpacks_to_serves(self):
        settings = yaml.safe_load((self.tree / CONFIGURATION).read_text(encoding="utf-8"))
        settings.update(data=str(self.folder / "data"), port=0, catalogue=str(self.tree / settings["catalogue"].lstrip("/")))
        installation = Installation(self.folder / "installed", **settings)
        program = self.tree / "usr/bin/tamroi-server"
        self.assertEqual(run(program, "init", "--config", installation.config).returncode, 0)
        tokens = json.loads((self.folder / "data/tokens.json").read_text(encoding="utf-8"))
        with Server(installation, command=(program,)) as server:
            server.listening()
            url = f"http://127.0.0.1:{server.port}"
            asked = run(self.tree / "usr/bin/tamroi", "account", "list", "--url", url, "--token", tokens["operator"], "--json")
            self.assertEqual(asked.returncode, 0, asked)
            self.assertEqual(len(json.loads(asked.stdout)["accounts"]), 5)
            self.assertEqual(server.stop(), 0)


class Unit(unittest.TestCase):
    """The systemd unit: how far it is shut in, and that the server can live there."""

    FILE = ROOT / "deploy/systemd/tamroi.service"

    def test_it_is_shut_in(self):
        told = run("systemd-analyze", "security", "--offline=true", "--no-pager", self.FILE)
        self.assertEqual(told.returncode, 0, told)
        exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", told.stdout.decode())[1])
        self.assertLessEqual(exposure, EXPOSURE_MAX)

    def test_it_says_what_systemd_understands(self):
        with tempfile.TemporaryDirectory() as folder:
            moved = Path(folder) / "tamroi.service"
            moved.write_text(self.FILE.read_text(encoding="utf-8").replace("/usr/bin/tamroi-server", "/bin/true")
                             .replace("Documentation=", "# Documentation="), encoding="utf-8")
            told = run("systemd-analyze", "verify", "--man=no", moved)
            self.assertEqual((told.returncode, told.stderr.decode()), (0, ""))

    def allowed(self):
        """The system calls that the unit leaves."""
        filters = [line.split("=", 1)[1] for line in self.FILE.read_text(encoding="utf-8").splitlines() if line.startswith("SystemCallFilter=")]
        names = set()
        for each in filters:
            groups = self.calls(each.lstrip("~").split())
            names = names - groups if each.startswith("~") else names | groups
        return names | self.calls(["@default"])

    def calls(self, groups):
        names, open_groups = set(), list(groups)
        while open_groups:
            told = run("systemd-analyze", "syscall-filter", open_groups.pop()).stdout.decode()
            words = [line.strip() for line in told.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
            open_groups += [word for word in words if word.startswith("@")]
            names |= {word for word in words if not word.startswith("@")}
        return names

    def test_the_server_calls_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            installation = Installation.made(folder)
            counted = Path(folder) / "calls"
            # The tracer stands aside (-D), so that the server is the child that is stopped.
            with Server(installation, command=("strace", "-D", "-f", "-c", "-o", counted, SERVER)) as server:
                server.listening()
                self.assertEqual(server.client("auditor").get("/v1/units").status, 200)
                self.assertEqual(server.client().get("/metrics").status, 200)
                server.rested()
                self.assertEqual(server.stop(), 0)
            until(lambda: counted.exists() and counted.read_text(encoding="utf-8").endswith("total\n"), "the tracer has counted")
            called = {line.split()[-1] for line in counted.read_text(encoding="utf-8").splitlines()[2:-2]}
        self.assertIn("fdatasync", called)
        self.assertEqual(called - self.allowed(), set())


if __name__ == "__main__":
    unittest.main()
