"""The samples for three hosts: the programs take them as they are, but for names, ports and folders."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from nginx_test import AROUND, free_ports
from refusals import control
from servers import ROOT, SERVER, Installation, run, started, until

SAMPLES = ROOT / "deploy/three-hosts"
JARS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tamroi/kafka-4.4.0"  # the fixture has fetched them
FIRST_START = 120  # seconds
JAVA = ["java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*"]


def settings_of(text):
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


class Samples(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tamroi-three-")))
        self.brokers = {}

    def written(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def test_the_units_say_what_systemd_understands(self):
        for name in ("tamroi-kafka.service", "tamroi.service"):
            file = SAMPLES / name if name != "tamroi.service" else ROOT / "deploy/systemd" / name
            text = re.sub("^ExecStart=\\S+", "ExecStart=/bin/true", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            self.written(name, text.replace("Documentation=", "# Documentation="))
        self.written("tamroi.service.d/three-hosts.conf", (SAMPLES / "tamroi.service.conf").read_text(encoding="utf-8"))
        for name in ("tamroi-kafka.service", "tamroi.service"):
            told = run("systemd-analyze", "verify", "--man=no", self.folder / name)
            self.assertEqual((told.returncode, told.stderr.decode()), (0, ""), name)

    def test_a_node_has_the_network_that_its_configuration_names(self):
        node = yaml.safe_load((SAMPLES / "tamroi.yaml").read_text(encoding="utf-8"))
        allowed = re.search(r"IPAddressAllow=(\d+\.\d+\.\d+)\.0/24", (SAMPLES / "tamroi.service.conf").read_text(encoding="utf-8"))[1]
        nodes = re.findall(r"server ([\d.]+):8080", (SAMPLES / "nodes.sed").read_text(encoding="utf-8"))
        self.assertEqual(nodes, node["trusted_proxies"])
        self.assertIn(node["address"], nodes)
        self.assertTrue(all(each.startswith(f"{allowed}.") for each in nodes))

    def test_nginx_takes_its_sample_with_three_nodes(self):
        done = run("sed", "-f", SAMPLES / "nodes.sed", ROOT / "deploy/nginx/tamroi.conf")
        self.assertEqual(done.returncode, 0, done)
        text = done.stdout.decode()
        self.assertEqual(text.count("server 10.0.0.3:8080 max_fails=2 fail_timeout=2s;"), 2)
        self.assertNotIn("127.0.0.1:8080", text)
        plain, tls = free_ports(2)
        for there, here in (("/etc/ssl/tamroi", self.folder), ("/var/log/nginx", self.folder), ("listen 80;", f"listen 127.0.0.1:{plain};"),
                            ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl")):
            text = text.replace(there, str(here))
        self.written("tamroi.conf", re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE))
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=tamroi.example",
            "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem")
        checked = run("/usr/sbin/nginx", "-t", "-c", self.written("nginx.conf", AROUND.format(folder=self.folder, user="")))
        self.assertEqual(checked.returncode, 0, checked)

    def test_brokers_are_set_as_those_that_are_tried(self):
        tried = settings_of((ROOT / "deploy/kafka/layout").read_text(encoding="utf-8").split('"""\\\n')[1].split('"""')[0].format(
            number=1, voters="", client=0, controller=0, folder="", copies=3, least=2))
        sample = settings_of((SAMPLES / "kafka.properties").read_text(encoding="utf-8"))
        own = {"listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs", "node.id"}
        self.assertEqual({name: value for name, value in sample.items() if name not in own},
                         {name: value for name, value in tried.items() if name not in own})
        self.assertEqual(set(sample), set(tried))

    def test_three_brokers_run_with_it_and_take_the_topics_of_a_node(self):
        ports = free_ports(6)
        clients, controllers = ports[:3], ports[3:]
        node = yaml.safe_load(self.at_home((SAMPLES / "tamroi.yaml").read_text(encoding="utf-8"), clients, controllers))
        self.assertEqual(node["journal"]["kafka"]["brokers"], ",".join(f"127.0.0.1:{port}" for port in clients))
        node.update(data=str(self.folder / "node"), catalogue=str(ROOT / "schemas/catalogue/2565-2"))
        config = self.written("tamroi.yaml", yaml.safe_dump(node))
        for number in (1, 2, 3):
            self.broker(number, clients, controllers)
        until(lambda: run(SERVER, "topics", "--config", config, timeout=FIRST_START).returncode == 0, "the topics are made")
        again = run(SERVER, "topics", "--config", config)
        self.assertEqual(again.stdout.decode(), "All topics are as they should be.\n", again)
        done = run(SERVER, "init", "--config", config)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done)
        node["data"] = str(self.folder / "another")
        done = run(SERVER, "init", "--config", self.written("another.yaml", yaml.safe_dump(node)))
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("Joined a journal that has records", done.stdout.decode())
        self.assertFalse((self.folder / "another/tokens.json").exists())
        self.check_lost_broker(node)

    def check_lost_broker(self, node):
        """It is told of, and what is heard and taken goes on with the others."""
        settings = {**node, "data": str(self.folder / "node"), "address": "127.0.0.1", "port": 0}
        settings.pop("trusted_proxies")
        installation = Installation(self.folder / "served", **settings)
        installation.data = self.folder / "node"
        with started(installation) as server:
            figures = until(lambda: (told := server.metrics())["tamroi_kafka_brokers"] == 3 and told, "all brokers are seen")
            self.assertEqual(figures["tamroi_kafka_partitions_under_replicated"], 0)
            self.brokers[3].kill()
            figures = until(lambda: (told := server.metrics())["tamroi_kafka_brokers"] == 2 and told, "the lost one is missed")
            self.assertGreaterEqual(figures["tamroi_kafka_partitions_under_replicated"], 80)
            until(lambda: server.metrics()["tamroi_kafka_unheard_seconds"] == 0, "the others are heard")
            opening = control("round_opened", round="2565-2", revision=1)
            until(lambda: server.client("ministry_officer").post("/v1/controls", opening, wait=5).status == 200, "it takes controls again")
            self.assertEqual(server.metrics()["tamroi_kafka_partitions_without_leader"], 0)
            self.assertEqual(server.readiness()["behind"]["seconds"], 0)

    @staticmethod
    def at_home(text, clients, controllers):
        for number, (client, controller) in enumerate(zip(clients, controllers), 1):
            text = text.replace(f"host-{number}.tamroi.example:9092", f"127.0.0.1:{client}")
            text = text.replace(f"host-{number}.tamroi.example:9093", f"127.0.0.1:{controller}")
        return text

    def broker(self, number, clients, controllers):
        client, controller = clients[number - 1], controllers[number - 1]
        text = (SAMPLES / "kafka.properties").read_text(encoding="utf-8")
        text = text.replace("node.id=1", f"node.id={number}").replace("CLIENTS://host-1.", f"CLIENTS://host-{number}.")
        text = self.at_home(text, clients, controllers).replace("/var/lib/kafka", str(self.folder / f"records-{number}"))
        text = text.replace("CLIENTS://:9092,CONTROLLER://:9093", f"CLIENTS://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}")
        config = self.written(f"kafka-{number}.properties", text)
        made = run(*JAVA, "kafka.tools.StorageTool", "format", "-t", "dGFtcm9pLXRlc3QtLS0tLQ", "-c", config)
        self.assertEqual(made.returncode, 0, made)
        with open(self.folder / f"log-{number}", "wb") as log:
            child = subprocess.Popen([*JAVA, "kafka.Kafka", str(config)], stdout=log, stderr=log)

        self.brokers[number] = child

        def end():
            child.kill()
            child.wait()
        self.addCleanup(end)


if __name__ == "__main__":
    unittest.main()
