"""Three brokers and three nodes, of which something fails again and again while everybody sends.

Whatever happened: nothing acknowledged is lost, nothing counts twice, all replicas say the same, the ledger has no hole, and
submissions are taken again within ten seconds of a fault's end. TAMROI_ROUNDS says how many faults (default 8), TAMROI_SEED
repeats their choice, as far as threads and a machine's load repeat anything. What was measured is printed as JSON.
"""
import os
import shutil
import signal
import time
import unittest

from cluster import steward_of
from replicas import Replicas

ROUNDS = int(os.environ.get("TAMROI_ROUNDS", "8"))
SERVED_WITHIN = 10  # seconds from a fault's end
# How often of 15.
WEIGHTS = {"broker_killed": 3, "node_killed": 3, "node_stands_still": 2, "broker_stands_still": 1, "broker_cut_off": 3, "node_cut_off": 2, "all_killed": 1}


class Cluster(Replicas):
    BROKERS = 3
    CUTS = True

    def test_nothing_is_lost_and_nothing_counts_twice(self):
        self.begin_everywhere(breath=0.1)
        # Each kind at least once, where there are as many rounds.
        weights = WEIGHTS if self.network else {fault: weight for fault, weight in WEIGHTS.items() if not fault.endswith("_cut_off")}
        faults = [*weights, *self.chance.choices([*weights], [*weights.values()], k=max(0, ROUNDS - len(weights)))][:ROUNDS]
        self.chance.shuffle(faults)
        measured = []
        for number, fault in enumerate(faults, 1):
            time.sleep(self.chance.uniform(0, 2))
            ended, what = getattr(self, fault)()
            pauses = self.wait_until_served(ended)
            self.check_no_surprise()
            self.check_nothing_stopped()
            measured.append({"round": number, "fault": fault, **what, **pauses})
            self.tell(**measured[-1])
        streams = self.check_all()
        self.tell(rounds=len(measured), repeats=self.repeats_in(streams), answers_lost=self.losses,
                  longest={fault: max(each["writes"] for each in measured if each["fault"] == fault) for fault in set(faults)})
        self.assertEqual([each for each in measured if each["writes"] > SERVED_WITHIN], [])

    def check_nothing_stopped(self):
        told = {node.name: node.readiness() for node in self.nodes}
        self.assertEqual([name for name, each in told.items() if each.get("stopped") != []], [], told)

    def broker_killed(self):
        """A broker leads a third of the partitions, and now and then the ledger's, the group's or the brokers themselves."""
        broker = self.chance.randint(1, self.BROKERS)
        self.brokers.send(signal.SIGKILL, broker)
        away = self.chance.uniform(0, 6)
        time.sleep(away)
        without = self.wait_until_served(time.monotonic())["writes"] if self.chance.random() < 0.5 else None
        self.brokers.start()
        return time.monotonic(), {"broker": broker, "away": round(away, 1), "without_it": without}

    def broker_stands_still(self):
        """As one that is cut off: its connections stay, and nobody answers."""
        broker = self.chance.randint(1, self.BROKERS)
        self.brokers.send(signal.SIGSTOP, broker)
        away = self.chance.uniform(1, 14)
        time.sleep(away)
        self.brokers.send(signal.SIGCONT, broker)
        return time.monotonic(), {"broker": broker, "away": round(away, 1)}

    def broker_cut_off(self):
        """From the other brokers, and from every node."""
        broker = self.chance.randint(1, self.BROKERS)
        away = self.chance.uniform(1, 16)
        self.brokers.hosts[broker].cut()
        time.sleep(away)
        without = self.wait_until_served(time.monotonic())["writes"] if self.chance.random() < 0.5 else None
        self.brokers.hosts[broker].join()
        return time.monotonic(), {"broker": broker, "away": round(away, 1), "without_it": without}

    def node_cut_off(self):
        """From every broker, and from who sends: what is under way there has an unknown outcome."""
        node = self.any_node()
        steward = node.readiness().get("steward")
        away = self.chance.uniform(1, 16)
        node.host.cut()
        time.sleep(away)
        node.host.join()
        return time.monotonic(), {"node": node.name, "steward": steward, "away": round(away, 1)}

    def any_node(self):
        """The steward more often than others."""
        return (self.chance.random() < 0.5 and steward_of(self.nodes)) or self.chance.choice(self.nodes)

    def node_killed(self):
        node = self.any_node()
        steward = node.readiness().get("steward")
        node.kill()
        away = self.chance.uniform(0, 8)
        time.sleep(away)
        anew = self.chance.random() < 0.25
        if anew:
            shutil.rmtree(node.installation.data / "readmodel")
        node.start()
        return time.monotonic(), {"node": node.name, "steward": steward, "away": round(away, 1), "anew": anew}

    def node_stands_still(self):
        node = self.any_node()
        steward = node.readiness().get("steward")
        node.pause()
        away = self.chance.uniform(1, 12)
        time.sleep(away)
        node.resume()
        return time.monotonic(), {"node": node.name, "steward": steward, "away": round(away, 1)}

    def all_killed(self):
        for broker in range(1, self.BROKERS + 1):
            self.brokers.send(signal.SIGKILL, broker)
        for node in self.nodes:
            node.kill()
        self.brokers.start()
        for node in self.nodes:
            node.start()
        return time.monotonic(), {}


del Replicas

if __name__ == "__main__":
    unittest.main()
