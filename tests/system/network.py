"""Hosts that can be cut off: network namespaces on one bridge, for which root's rights are needed."""
import ipaddress
import os
import random
import subprocess

SUBNETS = ipaddress.ip_network("198.18.0.0/15")  # for tests of networks (RFC 2544)


def ip(*words, check=True):
    return subprocess.run(["ip", *map(str, words)], capture_output=True, check=check)


class Host:
    """One namespace; `within` begins the command of a program that is to run there."""

    def __init__(self, network, name, address):
        self.network, self.name, self.address = network, name, str(address)
        self.within = ["ip", "netns", "exec", name]
        self._cable = f"v{name[1:]}"  # at most 15 characters
        ip("netns", "add", name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("link", "set", self._cable, "master", network.bridge, "up")
        ip("-n", name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", name, "link", "set", device, "up")

    def cut(self):
        """Nobody reaches it, and it reaches nobody; connections stay, and nobody is told."""
        ip("link", "set", self._cable, "down")

    def join(self):
        ip("link", "set", self._cable, "up")

    def end(self):
        ip("netns", "del", self.name, check=False)
        ip("link", "del", self._cable, check=False)


class Network:
    def __init__(self):
        mark = f"{os.getpid() % 0xfffff:05x}"
        # Whatever else has one of them keeps it: another is tried.
        self.subnet = random.SystemRandom().choice(list(SUBNETS.subnets(new_prefix=24)))
        self.bridge, self._mark, self.hosts = f"tb{mark}", mark, []
        ip("link", "add", self.bridge, "type", "bridge")
        ip("addr", "add", f"{self.subnet[1]}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")

    def host(self):
        number = len(self.hosts) + 1
        made = Host(self, f"t{self._mark}-{number}", self.subnet[10 + number])
        self.hosts.append(made)
        return made

    def end(self):
        for host in self.hosts:
            host.end()
        ip("link", "del", self.bridge, check=False)


def made():
    """A network; none, and why, where the machine does not permit it."""
    network = None
    try:
        network = Network()
        network.host().end()
        network.hosts.clear()
        return network, ""
    except (OSError, subprocess.CalledProcessError) as refused:
        if network is not None:
            network.end()
        told = getattr(refused, "stderr", None)
        return None, (told or b"").decode().strip() or str(refused)
