"""Three nodes on one broker under load: another becomes steward when the one that is ends, is killed, or stands still."""
import time
import unittest

from replicas import Replicas
from servers import until

STANDS_STILL = 8  # seconds: longer than a lease lasts


class Steward(Replicas):
    def test_another_takes_over_and_a_former_steward_does_no_harm(self):
        self.begin_everywhere(breath=0.05)
        pauses = {"killed": self.lose(self.kill), "stopped": self.lose(self.stop), "stood_still": self.stand_still()}
        self.check_metrics()
        streams = self.check_all()
        self.tell(pauses=pauses, repeats=self.repeats_in(streams))
        self.assertLess(pauses["killed"], 10)
        self.assertLess(pauses["stood_still"], 10)
        # Nobody has to be missed first.
        self.assertLess(pauses["stopped"], 5)

    def kill(self, node):
        node.kill()

    def stop(self, node):
        self.assertEqual(node.server.stop(), 0)

    def lose(self, end):
        """Seconds from the steward's end to the first entries of another, on the others."""
        steward = self.only_steward()
        others = [node for node in self.nodes if node is not steward]
        end(steward)
        taken_over = self.taken_over(steward, others, time.monotonic())
        steward.start()
        self.wait_until_served(time.monotonic())
        return taken_over

    def taken_over(self, former, others, since):
        self.only_steward(former)
        entries = max(node.readiness()["ledger"] for node in others)
        for node in others:
            until(lambda node=node: node.readiness()["ledger"] > entries, "the ledger goes on")
        return round(time.monotonic() - since, 2)

    def stand_still(self):
        steward = self.only_steward()
        others = [node for node in self.nodes if node is not steward]
        steward.pause()
        began = time.monotonic()
        taken_over = self.taken_over(steward, others, began)
        time.sleep(max(0, STANDS_STILL - (time.monotonic() - began)))
        steward.resume()
        self.wait_until_served(time.monotonic())
        self.only_steward()
        return taken_over

    def check_metrics(self):
        told = until(lambda: [self.gauges(), [node.readiness()["steward"] for node in self.nodes]], "metrics")
        self.assertEqual(sum(told[0]), 1, told)

    def gauges(self):
        self.only_steward()
        return [node.server.metrics()["tamroi_steward"] for node in self.nodes]


del Replicas

if __name__ == "__main__":
    unittest.main()
