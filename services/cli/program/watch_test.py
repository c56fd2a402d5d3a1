"""tamroi watch as a person sees it, before a feed that can be cut: watch_test.py TAMROI"""
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def change(cursor, number):
    return f"event: change\nid: {cursor}\ndata: {json.dumps({'unit': '2401', 'number': number})}\n\n"


class Feed:
    """Takes one reader after the other; what each asked for is told to whoever holds it."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def reader(self):
        """The next reader's connection, once its request was read, and the request."""
        self.listening.settimeout(30)
        connection, _ = self.listening.accept()
        connection.settimeout(30)
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            asked += connection.recv(4096)
        connection.sendall(HEAD)
        return connection, asked.decode()


def send(connection, text):
    content = text.encode()
    connection.sendall(b"%x\r\n%s\r\n" % (len(content), content))


class Lines:
    """The lines of a stream, as they come."""

    def __init__(self, stream):
        self.waiting = queue.Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        with stream:
            for line in stream:
                self.waiting.put(line)

    def next(self):
        return self.waiting.get(timeout=30)


class Watch(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()
        self.addCleanup(self.feed.listening.close)

    def start(self, *arguments):
        watching = subprocess.Popen([PROGRAM, "watch", "--json", "--url", self.feed.url, *arguments], text=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env={"PATH": os.environ["PATH"]})
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        return watching

    def test_a_change_is_shown_when_it_comes_and_ctrl_c_ends_well(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            watching = self.start("2401")
            output, errors = Lines(watching.stdout), Lines(watching.stderr)
            connection, asked = self.feed.reader()
            self.assertTrue(asked.startswith("GET /v1/feed?unit=2401 "), asked)
            with connection:
                send(connection, change("7.1", 1))
                self.assertEqual(json.loads(output.next())["number"], 1)
                watching.send_signal(number)
                self.assertEqual(watching.wait(timeout=30), 0)
                self.assertEqual(errors.next(), "To go on from here: tamroi watch 2401 --since 7.1\n")

    def test_half_an_event_of_a_cut_connection_is_asked_for_again(self):
        watching = self.start("--limit", "3")
        output, errors = Lines(watching.stdout), Lines(watching.stderr)
        connection, _ = self.feed.reader()
        with connection:
            send(connection, change("7.1", 1) + change("7.2", 2)[:40])
            self.assertEqual(json.loads(output.next())["number"], 1)
        self.assertIn("The connection was lost", errors.next())
        connection, asked = self.feed.reader()
        with connection:
            self.assertIn("\r\nLast-Event-ID: 7.1\r\n", asked)
            send(connection, change("7.2", 2))
            self.assertIn("nothing was missed", errors.next())
            send(connection, change("9.1", 3))
            self.assertEqual([json.loads(output.next())["number"] for _ in range(2)], [2, 3])
        self.assertEqual(watching.wait(timeout=30), 0)

    def test_ctrl_c_ends_a_pause_too(self):
        watching = self.start()
        errors = Lines(watching.stderr)
        connection, _ = self.feed.reader()
        with connection:
            send(connection, "event: position\nid: 5.0\ndata: {}\n\n")
        self.assertIn("Trying again in 1 s", errors.next())
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(timeout=30), 0)
        self.assertIn("--since 5.0", errors.next())

    def test_whoever_reads_it_may_go_away(self):
        watching = self.start()
        self.addCleanup(watching.stderr.close)
        connection, _ = self.feed.reader()
        with connection:
            send(connection, change("7.1", 1))
            watching.stdout.readline()
            watching.stdout.close()
            send(connection, change("7.2", 2))
            self.assertEqual(watching.wait(timeout=30), -signal.SIGPIPE)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
