"""The server is killed again and again under load. Afterwards everything that it acknowledged is there, once and whole.

TAMROI_SEED repeats a run's choices, as far as threads and a machine's load repeat anything.
"""
import time
import unittest

from aftermath import Aftermath
from servers import Server

KILLS = 24
STOPS = 4


class Killed(Aftermath):
    def test_everything_acknowledged_is_there_once_and_whole(self):
        self.begin()
        ends = [*self.chance.choices(["starting", "loaded", "copying"], [1, 2, 2], k=KILLS), *["stopped"] * STOPS]
        self.chance.shuffle(ends)
        left = {}
        for end in ends:
            print(end, flush=True)
            self.live_and_die(end)
            left = self.check_what_is_left(left)
            self.check_no_surprise()
        self.check_at_the_end(left)
        self.assertGreater(self.losses, KILLS // 2, "the server was not under load when it was killed")

    def live_and_die(self, end):
        """Starts the server and kills it: while it starts, under load, or just after it took a control. Or stops it under load."""
        acknowledged = self.controllers[0].acknowledged
        with Server(self.installation) as server:
            if end == "starting":
                time.sleep(self.chance.uniform(0, 0.3))
            else:
                self.address.move(server.listening().port)
                acknowledged.clear()
                copying = end == "copying" and acknowledged.wait(2)
                time.sleep(self.chance.uniform(0, 0.03 if copying else 0.4))
            self.address.move(None)
            if end == "stopped":
                self.assertEqual(server.stop(), 0)
            else:
                server.kill()


if __name__ == "__main__":
    unittest.main()
