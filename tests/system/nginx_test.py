"""The sample of nginx in front of a real server: TLS, HTTP/2, the feed, and whom the server takes for the client."""
import json
import os
import re
import socket
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

import yaml

from feed_test import visible
from refusals import submission
from servers import ROOT, WITHIN, Installation, run, started, until

SAMPLE = ROOT / "deploy/nginx/tamroi.conf"
NAME = "tamroi.example"
CLIENT, OTHER = "127.0.0.2", "127.0.0.3"

AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/tamroi.conf;
}}
"""


def free_ports(count):
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


class Nginx:
    """The sample, with its ports, folders and certificate moved to where a test may have them."""

    def __init__(self, folder, port):
        self.folder = Path(folder)
        self.plain, self.tls = free_ports(2)
        made = run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                   "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.folder / "key.pem",
                   "-out", self.folder / "certificate.pem")
        assert made.returncode == 0, made
        moved = SAMPLE.read_text(encoding="utf-8")
        for there, here in (("/etc/ssl/tamroi", folder), ("/var/log/nginx", folder), ("127.0.0.1:8080", f"127.0.0.1:{port}"),
                            ("listen 80;", f"listen 127.0.0.1:{self.plain};"), ("listen 443 ssl", f"listen 127.0.0.1:{self.tls} ssl")):
            assert there in moved, there
            moved = moved.replace(there, str(here))
        moved = re.sub(r"^ *listen \[::\].*\n", "", moved, flags=re.MULTILINE)
        (self.folder / "tamroi.conf").write_text(moved, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        self.config = self.folder / "nginx.conf"
        self.config.write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
        checked = run("/usr/sbin/nginx", "-t", "-c", self.config)
        assert checked.returncode == 0, checked
        self._child = subprocess.Popen(["/usr/sbin/nginx", "-c", self.config], stderr=subprocess.DEVNULL)
        until(self._listens, "nginx listens")

    def _listens(self):
        assert self._child.poll() is None, (self.folder / "error.log").read_text(encoding="utf-8")
        with socket.socket() as peer:
            return peer.connect_ex(("127.0.0.1", self.tls)) == 0

    def stop(self):
        self._child.terminate()
        self._child.wait(WITHIN)

    def arguments(self, path, *more, interface=CLIENT):
        return ["curl", "-sS", "--max-time", str(WITHIN), "--cacert", self.folder / "certificate.pem", "--interface", interface,
                "--resolve", f"{NAME}:{self.tls}:127.0.0.1", *more, f"https://{NAME}:{self.tls}{path}"]

    def curl(self, path, *more, interface=CLIENT):
        """(status, version of HTTP, headers, body)"""
        done = run(*self.arguments(path, "-D", "-", "-w", "\n%{http_code} %{http_version}", *more, interface=interface))
        assert done.returncode == 0, done
        whole, _, last = done.stdout.decode().rpartition("\n")
        head, _, body = whole.replace("\r\n", "\n").partition("\n\n")
        headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        status, version = last.split()
        return int(status), version, headers, body


def bearer(server, role):
    return ["-H", f"Authorization: Bearer {server.installation.tokens[role]}"]


class Sample(unittest.TestCase):
    def test_times_and_sizes_are_in_line_with_the_server(self):
        said = re.sub("#.*", "", SAMPLE.read_text(encoding="utf-8"))
        defaults = yaml.safe_load((ROOT / "deploy/tamroi.yaml").read_text(encoding="utf-8"))

        def seconds(name):
            return [int(each) for each in re.findall(rf"\b{name} (\d+)s;", said)]

        def of(time):
            return int(time.removesuffix(" s"))
        limits, deadlines = defaults["limits"], defaults["deadlines"]
        self.assertLess(seconds("keepalive_timeout")[0], of(deadlines["idle"]))
        self.assertLess(int(re.search(r"keepalive_requests (\d+);", said)[1]), limits["requests_of_connection"])
        every, feed = seconds("proxy_read_timeout")
        self.assertGreater(every, of(deadlines["request"]))
        self.assertGreater(every, of(deadlines["wait"]))
        self.assertGreater(feed, 3 * of(defaults["feed"]["position_every"]))
        self.assertEqual(seconds("client_header_timeout"), [of(deadlines["header"])])
        self.assertEqual(seconds("send_timeout")[0], of(deadlines["write"]))
        self.assertEqual(re.search(r"client_max_body_size (\d+)m;", said)[1] + " MiB", limits["lines_bytes"])
        self.assertEqual(int(re.search(r"limit_conn tamroi (\d+);", said)[1]), limits["requests_of_forwarded_address"])


class NobodyBehind(unittest.TestCase):
    def test_it_answers_as_a_server_does_that_takes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            nginx = Nginx(folder, free_ports(1)[0])
            try:
                for more in ([], ["-d", "{}"], []):  # the last one when nobody is asked any more
                    status, _, headers, body = nginx.curl("/v1/submissions", *more)
                    self.assertEqual((status, headers["content-type"]), (503, "application/problem+json"))
                    self.assertGreater(int(headers["retry-after"]), 0)
                    self.assertTrue(headers["request-id"])
                    told = json.loads(body)
                    self.assertEqual((told["status"], [each["code"] for each in told["problems"]]), (503, ["unavailable"]))
                    self.assertIn("may be stored", told["problems"][0]["why"])
                self.assertEqual(nginx.curl("/v1/feed")[0], 503)
            finally:
                nginx.stop()


class InFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        settings = {"hosts": [NAME, "127.0.0.1"], "trusted_proxies": ["127.0.0.1"],
                    "limits": {"rate_of_address": {"per_second": 0.001, "burst": 100}}}
        cls.server = started(Installation.made(Path(folder.name) / "server", **settings))
        cls.addClassCleanup(cls.server.__exit__, None, None, None)
        opening = {"id": str(uuid.uuid4()), "type": "round_opened", "round": "2565-2", "revision": 1, "reason": "It begins."}
        assert cls.server.client("ministry_officer").post("/v1/controls", opening, wait=30).status == 200
        cls.nginx = Nginx(folder.name, cls.server.port)
        cls.addClassCleanup(cls.nginx.stop)

    def test_http_2_and_http_1_over_tls(self):
        for flag, version in (("--http2", "2"), ("--http1.1", "1.1")):
            status, spoken, headers, body = self.nginx.curl("/v1/units/24", flag, *bearer(self.server, "auditor"))
            self.assertEqual((status, spoken), (200, version), body)
            self.assertEqual(json.loads(body)["unit"], "24")
            self.assertIn("max-age", headers["strict-transport-security"])
            self.assertEqual(headers["x-content-type-options"], "nosniff")

    def test_plain_http_is_sent_to_tls(self):
        done = run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "-H", f"Host: {NAME}",
                   f"http://127.0.0.1:{self.nginx.plain}/v1/units?a=b")
        self.assertEqual(done.stdout.decode(), f"301 https://{NAME}/v1/units?a=b")

    def test_the_client_is_who_nginx_saw_and_not_who_it_says_it_is(self):
        marks = [f"asked-{number}" for number in range(2)]
        self.nginx.curl("/healthz", "-H", f"Request-Id: {marks[0]}")
        self.nginx.curl("/healthz", "-H", f"Request-Id: {marks[1]}", "-H", "X-Forwarded-For: 203.0.113.9", interface=OTHER)
        def seen():
            return [line["remote"] for mark in marks for line in self.server.said("answered") if line["request_id"] == mark]

        until(lambda: len(seen()) == len(marks), "the server has logged both")
        self.assertEqual(seen(), [CLIENT, OTHER])

    def test_a_client_too_fast_is_refused_alone(self):
        urls = [f"https://{NAME}:{self.nginx.tls}/healthz"] * 150
        done = run(*self.nginx.arguments("/healthz", "--http2", "-o", "/dev/null", "-w", "%{http_code}\n", interface="127.0.0.4"),
                   *[word for url in urls for word in ("-o", "/dev/null", url)])
        statuses = done.stdout.decode().split()
        self.assertEqual((statuses[0], statuses[-1], len(statuses)), ("200", "429", 151))
        status, _, headers, _ = self.nginx.curl("/healthz", interface="127.0.0.4")
        self.assertEqual(status, 429)
        self.assertGreater(int(headers["retry-after"]), 0)
        self.assertEqual(self.nginx.curl("/healthz", interface="127.0.0.5")[0], 200)

    def test_connections_to_the_server_are_kept(self):
        for _ in range(10):
            self.assertEqual(self.nginx.curl("/healthz", interface="127.0.0.6")[0], 200)
        told = self.server.client().get("/metrics").body.decode()
        self.assertLess(int(re.search(r"^tamroi_http_connections (\d+)$", told, re.MULTILINE)[1]), 8)

    def test_many_lines_pass_and_more_than_the_server_takes_do_not(self):
        lines = self.nginx.folder / "lines"
        lines.write_text("\n".join(json.dumps(submission()) for _ in range(20)), encoding="utf-8")
        sent = ["-H", "Content-Type: application/x-ndjson", "--data-binary", f"@{lines}", *bearer(self.server, "province_officer")]
        status, _, _, body = self.nginx.curl("/v1/submissions", "--http2", *sent)
        self.assertEqual((status, [json.loads(line)["status"] for line in body.splitlines()]), (200, [202] * 20))
        lines.write_bytes(b" " * ((16 << 20) + 1))
        self.assertEqual(self.nginx.curl("/v1/submissions", "--http1.1", "-H", "Expect: 100-continue", *sent)[0], 413)

    def test_metrics_are_not_for_the_world(self):
        self.assertEqual(self.nginx.curl("/metrics")[0], 404)

    def test_the_feed_comes_through_as_it_happens(self):
        with subprocess.Popen(self.nginx.arguments("/v1/feed?unit=2401", "-N", "--http2", *bearer(self.server, "auditor")),
                              stdout=subprocess.PIPE) as feed:
            try:
                self.assertEqual(feed.stdout.readline(), b"event: position\n")
                sent = visible(["h-1"], "2401")
                answer = self.server.client("province_officer").post("/v1/submissions", sent, wait=30)
                self.assertEqual(answer.status, 200, answer)
                change = next(json.loads(line.removeprefix(b"data: ")) for line in feed.stdout if sent["id"].encode() in line)
                self.assertEqual((change["unit"], change["cause"]["id"]), ("2401", sent["id"]))
                self.assertIsNone(feed.poll())
            finally:
                feed.kill()


if __name__ == "__main__":
    unittest.main()
