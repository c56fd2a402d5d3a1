"""A reader of the live feed over a raw socket: cut and resumed at will."""
import socket
import time

from wire import connect


class Cut(Exception):
    """The stream ended."""


class FeedReader:
    """Reads server-sent events; keeps the cursor of the last one over connections."""

    def __init__(self, port, token, query="", cursor=None):
        self.port, self.token, self.query, self.cursor = port, token, query, cursor
        self.changes = []    # (id, data) of each change
        self.positions = []  # ids of position events
        self._peer = None

    def open(self, within=60):
        self._peer = connect(self.port)
        self._peer.settimeout(within)
        resume = f"Last-Event-ID: {self.cursor}\r\n" if self.cursor is not None else ""
        self._peer.sendall(f"GET /v1/feed{self.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n{resume}\r\n".encode())
        self._raw, self._text = b"", b""
        while b"\r\n\r\n" not in self._raw:
            self._receive()
        head, self._raw = self._raw.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert b"text/event-stream" in head and b"chunked" in head, head
        return self

    def read(self, until, within=60):
        """Reads on until the condition holds; Cut where the stream ends before."""
        deadline = time.monotonic() + within
        while not until(self):
            assert time.monotonic() < deadline, f"not within {within} s; {len(self.changes)} changes, cursor {self.cursor}"
            event = self._event()
            if event is None:
                self._receive()
            else:
                self._take(event)

    def cut(self):
        if self._peer is not None:
            self._peer.close()
            self._peer = None

    def _receive(self):
        try:
            more = self._peer.recv(1 << 16)
        except (ConnectionError, socket.timeout) as failure:
            raise Cut(str(failure)) from failure
        if not more:
            raise Cut("the server closed it")
        self._raw += more

    def _event(self):
        """The next whole event, or None where more bytes are needed."""
        while b"\n\n" not in self._text:
            line, separator, rest = self._raw.partition(b"\r\n")
            size = int(line, 16) if separator else -1
            if size == 0:
                raise Cut("the server ended it")
            if size < 0 or len(rest) < size + 2:
                return None
            self._text += rest[:size]
            self._raw = rest[size + 2:]
        event, self._text = self._text.split(b"\n\n", 1)
        return dict(line.split(": ", 1) for line in event.decode().split("\n"))

    def _take(self, event):
        self.cursor = event["id"]
        if event["event"] == "change":
            self.changes.append((event["id"], event["data"]))
        else:
            self.positions.append(event["id"])
