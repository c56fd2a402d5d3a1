"""Brokers and nodes that come and go, under load; each fault names its end, from which on they have to serve again."""
import http.client
import os
import signal
import time

import wire
from load import Officer
from senders import Over
from servers import BETWEEN_LOOKS, SERVER, WITHIN, Installation, Server, run

UNLIMITED = {"limits": {"rate_of_address": {"per_second": 0}, "rate_of_account": {"per_second": 0}}}
PORT = 8080  # of those that are hosts of their own, and the next ones
ANSWER_WITHIN = 8  # of a node that may be stopped


class Node:
    """A server on the brokers, always on the same port once it has one; with a network, a host of its own."""

    def __init__(self, number, folder, brokers, network=None):
        self.name = f"node-{number}"
        self.host = network and network.host()
        place = {}
        if self.host:
            place = {"address": self.host.address, "hosts": [self.host.address], "port": PORT + number}
            wire.HOSTS[PORT + number] = self.host.address
        self.installation = Installation(folder / self.name, journal={"kind": "kafka", "kafka": {"brokers": brokers.address}}, **UNLIMITED, **place)
        self.command = [*(self.host.within if self.host else []), SERVER]
        self.server = None
        self.starts = 0

    def make(self):
        done = self.installation.init()
        assert done.returncode == 0, done
        return self

    def start(self):
        """Again and again, as a service's supervisor does: brokers that come up may not have elected yet."""
        deadline = time.monotonic() + 60
        while True:
            self.starts += 1
            self.server = Server(self.installation, command=self.command, log=self.installation.folder / f"log-{self.starts}")
            try:
                self.server.listening()
                break
            except AssertionError:
                assert time.monotonic() < deadline
        self.installation.stay_at(self.server.port)
        return self

    @property
    def port(self):
        return self.installation.settings["port"]

    def readiness(self):
        """What it says, or nothing where it does not answer."""
        try:
            return self.server.readiness()
        except (OSError, ValueError, http.client.HTTPException):
            return {}

    def kill(self):
        self.server.kill()

    def pause(self):
        os.kill(self.server.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.server.pid, signal.SIGCONT)

    def end(self):
        """Whatever became of it."""
        if self.server is not None and self.server.ended() is None:
            self.resume()
            self.server.kill()


class AnyNode:
    """The address of one of them, another each time."""

    def __init__(self, nodes, chance):
        self.nodes = nodes
        self.chance = chance
        self.over = False

    def port(self):
        if self.over:
            raise Over
        time.sleep(BETWEEN_LOOKS)  # it may be down, and so may the next
        return self.chance.choice(self.nodes).port

    def end(self):
        self.over = True


class OneNode:
    """The address of one of them."""

    def __init__(self):
        self.node = None

    def port(self):
        return self.node.port


class Probe(Officer):
    """Asks each node to take a submission until it does; it is no thread."""

    def __init__(self, token, seed, unit):
        super().__init__(OneNode(), token, seed, unit)

    def taken_by(self, node):
        self.address.node = node
        self._client = None
        self.publicise(1)
        deadline = time.monotonic() + WITHIN
        while self.lost:
            assert time.monotonic() < deadline, f"{node.name} took nothing for {WITHIN} s"
            self.again()
            time.sleep(BETWEEN_LOOKS)


def steward_of(nodes):
    """The node that says so, if one does."""
    found = [node for node in nodes if node.server.ended() is None and node.readiness().get("steward")]
    return found[0] if len(found) == 1 else None


def embedded_copy(node, folder):
    """The journal as an embedded one, which the tools can read: its directory."""
    copy = Installation(folder, **UNLIMITED)
    done = run(SERVER, "copy-journal", "--from", node.installation.config, "--to", copy.config)
    assert done.returncode == 0, done
    return copy.data / "journal"
