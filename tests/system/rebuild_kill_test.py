"""Server and command are killed while the read model is built anew, put in place and rolled back, and while all send.

TAMROI_KILLS says how often; TAMROI_SEED repeats a run's choices, as far as threads and a machine's load repeat anything.
"""
import os
import re
import subprocess
import threading
import time
import unittest

import journal
import snapshot
from aftermath import Aftermath
from servers import SERVER, WITHIN, Server, run, started, until

KILLS = int(os.environ.get("TAMROI_KILLS", "21"))
STREAMS = 77  # a line each
SHOWN = ["2401", "1010", "50", "R4", "TH"]
TAKEN_OVER = re.compile(r"(\d+) of them by an interrupted rebuild")


class Command:
    """A rebuild or a roll-back under way; what it tells is counted."""

    def __init__(self, installation, *words):
        self.child = subprocess.Popen([SERVER, *words, "--config", installation.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.told = 0
        self.lines = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.child.stderr:
            self.lines.append(line.decode())
            self.told += bool(re.match(rb"\d\d: ", line))

    def has_told(self, many):
        until(lambda: self.told >= many or self.child.poll() is not None, f"{many} streams are built")

    def end(self, kill=False):
        """Its exit status."""
        if kill:
            self.child.kill()
        self.said = self.child.stdout.read().decode()
        status = self.child.wait(timeout=WITHIN)
        self._reader.join()
        for pipe in (self.child.stdout, self.child.stderr):
            pipe.close()
        return status


class Interrupted(Aftermath):
    def test_nothing_is_lost_and_what_was_interrupted_goes_on(self):
        self.begin(breath=0.02)
        kinds = [self.kill_under_load, self.kill_server_that_rebuilds, self.kill_server_that_switches, self.kill_server_that_rolls_back,
                 self.kill_command_of_server, self.kill_rebuild_alone, self.kill_roll_back_alone]
        ends = [kinds[n % len(kinds)] for n in range(KILLS)]
        self.chance.shuffle(ends)
        self.left, self.known, self.taken_over, self.unfinished = {}, None, 0, 0
        for kind in ends:
            self.interrupted = None  # the rebuild that did not end
            generation = self.generation()
            kind()
            print(kind.__name__, f"{self.interrupted.told} streams told" if self.interrupted else "", flush=True)
            self.check_after(kind, generation)
        self.check_clean()
        self.check_at_the_end(self.left)
        print(f"{self.unfinished} rebuilds went on, {self.taken_over} streams were taken over", flush=True)
        self.assertGreater(self.unfinished, KILLS // 7)
        self.assertGreater(self.taken_over, 0)
        self.assertGreater(self.losses, KILLS // 7, "the server was not under load when it was killed")

    def generation(self):
        return self.installation.read_model.name

    # Under load, a running server.

    def serving(self, *words):
        """A server under load, and the command under way."""
        server = self.enterContext(Server(self.installation)).listening()
        self.address.move(server.port)
        time.sleep(self.chance.uniform(0, 0.2))
        return server, Command(self.installation, *words) if words else None

    def leave(self, server, command=None):
        time.sleep(self.chance.uniform(0, 0.04))
        server.kill()
        self.address.move(None)
        if command is not None and command.end() != 0:
            self.assertIn("The server ended before the command did", "".join(command.lines))
            return command
        return None

    def kill_under_load(self):
        self.leave(self.serving()[0])

    def kill_server_that_rebuilds(self):
        server, command = self.serving("rebuild")
        command.has_told(self.chance.randrange(STREAMS))
        self.interrupted = self.leave(server, command)

    def kill_server_that_switches(self):
        server, command = self.serving("rebuild")
        command.has_told(STREAMS)
        self.interrupted = self.leave(server, command)

    def kill_server_that_rolls_back(self):
        self.rebuilt()
        server, command = self.serving("rebuild", "--rollback")
        self.leave(server, command)

    def kill_command_of_server(self):
        """The server goes on with what nobody waits for."""
        server, command = self.serving("rebuild")
        command.has_told(self.chance.randrange(STREAMS))
        command.end(kill=True)
        until(lambda: server.said("rebuild ended"), "the server ends the rebuild")
        self.leave(server)

    # By itself: the results are those of before.

    def rebuilt(self):
        done = run(SERVER, "rebuild", "--config", self.installation.config)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout.decode()

    def kill_rebuild_alone(self):
        command = Command(self.installation, "rebuild")
        command.has_told(self.chance.randrange(STREAMS + 1))
        time.sleep(self.chance.uniform(0, 0.02))
        self.interrupted = command if command.end(kill=True) != 0 else None

    def kill_roll_back_alone(self):
        self.rebuilt()
        command = Command(self.installation, "rebuild", "--rollback")
        time.sleep(self.chance.uniform(0, 0.1))
        command.end(kill=True)

    # Afterwards.

    def check_after(self, kind, generation):
        if self.interrupted and self.chance.random() < 0.5:
            self.go_on(generation)
        with started(self.installation) as server:
            shown = snapshot.taken(server.rested().client("ministry_officer"), SHOWN)
            if self.known is not None and kind in (self.kill_rebuild_alone, self.kill_roll_back_alone):
                self.assertEqual(snapshot.differences(self.known, shown)[:3], [])
            if self.interrupted:
                self.go_on(generation)
                self.assertEqual(snapshot.differences(shown, snapshot.taken(server.client("ministry_officer"), SHOWN))[:3], [])
            self.known = shown
            server.kill() if self.chance.random() < 0.5 else self.assertEqual(server.stop(), 0)
        self.check_no_surprise()
        self.check_clean()
        self.left = self.check_what_is_left(self.left)
        for sender in self.senders:
            for sent in sender.sent:
                for stream, offset in list(sent.positions):
                    record = self.left[stream][offset]["record"]
                    self.assertEqual((record["id"], record["body_sha256"]), (sent.id, sent.sha256), f"{stream}:{offset}")

    def go_on(self, generation):
        """With or without a server: what was finished of the same generation is not made again."""
        whole = self.interrupted.told if self.generation() == generation else 0
        said = self.rebuilt()
        taken_over = int(TAKEN_OVER.search(said)[1])
        # The last step takes the tables of all streams into the database, and begins anew where it was interrupted.
        if whole < STREAMS:
            self.assertGreaterEqual(taken_over, whole, said)
        self.taken_over += taken_over
        self.unfinished += 1
        self.interrupted = None

    def check_clean(self):
        done = run(SERVER, "check", "--config", self.installation.config)
        self.assertEqual(done.returncode, 0, done)


if __name__ == "__main__":
    unittest.main()
