"""Follows the log of a server from outside, as anybody may: without a token, by its tiles alone, and with hashing of its own."""
import base64
import hashlib

WIDTH = 256


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes):
    """Of RFC 6962, as it is defined there."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_of(hashes[:split]), root_of(hashes[split:]))


def number_path(number):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def tile_path(level, number, width=WIDTH):
    return f"/v1/log/tile/{level}/{number_path(number)}" + (f".p/{width}" if width < WIDTH else "")


class Checkpoint:
    def __init__(self, note):
        self.note = note
        text, _, signatures = note.decode().rpartition("\n\n")
        self.origin, size, root, *more = (text + "\n").split("\n")
        assert more == [""], note
        self.size, self.root = int(size), base64.b64decode(root)
        self.signatures = [line.split(" ")[1:] for line in signatures.splitlines()]

    def signers(self):
        return [name for name, _ in self.signatures]


class Receipt:
    """What a submitter keeps; `is_proved` looks at nothing but what stands in it."""

    def __init__(self, told):
        self.record, self.outcome, self.leaf = (base64.b64decode(told[name]) for name in ("record", "outcome", "leaf"))
        head, _, note = told["tlog_proof"].partition("\n\n")
        form, index, *path = head.split("\n")
        assert form == "c2sp.org/tlog-proof@v1" and index.startswith("index "), head
        self.index = int(index.removeprefix("index "))
        self.path = [base64.b64decode(line) for line in path]
        self.checkpoint = Checkpoint(note.encode())

    def is_proved(self):
        lengths_and_hashes = b"".join(len(part).to_bytes(4, "big") + hashlib.sha256(part).digest() for part in (self.record, self.outcome))
        return self.leaf[36:108] == lengths_and_hashes and self.root() == self.checkpoint.root

    def root(self):
        """As RFC 9162, section 2.1.3.2 says it."""
        place, last, root = self.index, self.checkpoint.size - 1, leaf_hash(self.leaf)
        for sibling in self.path:
            if place & 1 or place == last:
                root = node_hash(sibling, root)
                while not place & 1 and place:
                    place, last = place >> 1, last >> 1
            else:
                root = node_hash(root, sibling)
            place, last = place >> 1, last >> 1
        return root if last == 0 else None


class Mirror:
    """Keeps the leaves, and asks for what is new; each tile that it is given must be what they come to."""

    def __init__(self, client):
        self.client = client  # that speaks for nobody
        self.leaves = []
        self.asked = 0

    def checkpoint(self):
        answer = self.client.get("/v1/log/checkpoint")
        if answer.status == 404:
            return None
        assert answer.status == 200, answer
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8", answer.headers
        return Checkpoint(answer.body)

    def get(self, path):
        answer = self.client.get(path)
        assert answer.status == 200, (path, answer)
        assert answer.headers["Content-Type"] == "application/octet-stream", answer.headers
        assert "immutable" in answer.headers["Cache-Control"], answer.headers
        self.asked += 1
        return answer.body

    def bundle(self, number, width):
        left, entries = self.get(tile_path("entries", number, width)), []
        while left:
            size = int.from_bytes(left[:2], "big")
            entries.append(left[2:2 + size])
            assert len(entries[-1]) == size, "a bundle that is cut off"
            left = left[2 + size:]
        assert len(entries) == width, (number, width, len(entries))
        return entries

    def follow(self):
        """Up to the newest checkpoint, which it gives."""
        checkpoint = self.checkpoint()
        while checkpoint and len(self.leaves) < checkpoint.size:
            number, within = divmod(len(self.leaves), WIDTH)
            width = min(WIDTH, checkpoint.size - number * WIDTH)
            self.leaves += self.bundle(number, width)[within:]
        if checkpoint:
            hashes = [leaf_hash(leaf) for leaf in self.leaves[:checkpoint.size]]
            assert root_of(hashes) == checkpoint.root, f"another root at {checkpoint.size}"
            self.compare_tiles(hashes)
        return checkpoint

    def compare_tiles(self, hashes):
        """Every tile of a tree, from the leaves' hashes up."""
        level = 0
        while hashes:
            tiles = [hashes[i:i + WIDTH] for i in range(0, len(hashes), WIDTH)]
            for number, tile in enumerate(tiles):
                given = self.get(tile_path(level, number, len(tile)))
                assert given == b"".join(tile), f"another tile {tile_path(level, number, len(tile))}"
            hashes = [root_of(tile) for tile in tiles if len(tile) == WIDTH]
            level += 1
