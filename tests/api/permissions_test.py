"""Who may do what is what permissions.md says, which a person has read beside contract.md: every route, asked by every
role about every kind of unit, and with every kind of token. A route that the table lacks fails.

permissions_test.py --write writes what the server answers, to be read again."""
import difflib
import json
import socket
import sys
import tempfile
import unittest
from pathlib import Path

from asking import Asker, Asking
from permission_matrix import Matrix, prepared
from servers import SERVER, Installation, run, started
from wire import answers, read_to_end

TABLE = Path(__file__).resolve().parent / "permissions.md"
NOW, YESTERDAY, TODAY = "2022-09-02T03:00:00Z", "2022-09-01", "2022-09-02"
TABLES_BEGIN = "<!-- What follows is written by permissions_test.py. -->\n"


class Permissions(Asking):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tamroi-permissions-"))
        cls.server = cls.enterClassContext(started(Installation.made(Path(folder), simulated=True)))
        cls.asker = Asker()
        cls.asker.meet(cls.server)
        cls.routes = json.loads(run(SERVER, "routes").stdout)["routes"]

    def test_who_may_do_what(self):
        told = Matrix(self.asker, self.routes, *prepared(self, NOW, YESTERDAY, TODAY)).text()
        words, _, written = TABLE.read_text(encoding="utf-8").partition(TABLES_BEGIN)
        if "--write" in sys.argv:
            TABLE.write_text(words + TABLES_BEGIN + told, encoding="utf-8")
        differences = difflib.unified_diff(written.splitlines(), told.splitlines(), "permissions.md", "the server", lineterm="", n=3)
        self.assertEqual(written, told, "\n".join(differences))

    def test_whoever_may_never_use_a_route_is_refused_before_the_body(self):
        for route in self.routes:
            if route["method"] != "POST":
                continue
            for role in self.server.installation.tokens.keys() - set(route["roles"]):
                with self.subTest(f"{role} {route['path']}"):
                    with socket.create_connection(("127.0.0.1", self.server.port)) as peer:
                        head = f"POST {route['path']} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.asker.tokens[role]}\r\n"
                        peer.sendall(head.encode() + b"Content-Length: 1000\r\n\r\n")
                        refused, = answers(read_to_end(peer))
                    self.assertEqual((refused.status, refused.problems), (403, [("not_permitted", "")]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
