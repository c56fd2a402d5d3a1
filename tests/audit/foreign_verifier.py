#!/usr/bin/env python3
"""A verifier of a log's folder out of the formats' descriptions alone: foreign_verifier.py FOLDER; nothing is shared with Tamroi."""
import base64
import hashlib
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Refused(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """RFC 6962, section 2.1, word for word; the roots of perfect subtrees are kept."""

    def __init__(self, entries):
        self.leaves = [sha256(b"\0", entry) for entry in entries]
        self.kept = {}

    def root(self, begin, end):
        size = end - begin
        if size == 0:
            return sha256(b"")
        if size == 1:
            return self.leaves[begin]
        if (begin, end) not in self.kept:
            middle = begin + split(size)
            self.kept[begin, end] = sha256(b"\1", self.root(begin, middle), self.root(middle, end))
        return self.kept[begin, end]

    def path(self, index, begin, end):
        if end - begin == 1:
            return []
        middle = begin + split(end - begin)
        if index < middle:
            return self.path(index, begin, middle) + [self.root(middle, end)]
        return self.path(index, middle, end) + [self.root(begin, middle)]

    def consistency(self, old, begin, end, whole=True):
        if old == end - begin:
            return [] if whole else [self.root(begin, end)]
        half = split(end - begin)
        if old <= half:
            return self.consistency(old, begin, begin + half, whole) + [self.root(begin + half, end)]
        return self.consistency(old - half, begin + half, end, False) + [self.root(begin, begin + half)]


def strict_base64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "not base64 as it is written")
    return data


def number(text):
    need(text.isascii() and text.isdigit() and str(int(text)) == text, f"no number: {text!r}")
    return int(text)


def read_key(text, kind):
    name, key_id, key = text.strip().split("+", 2)
    key = strict_base64(key)
    need(len(key) == 33 and key[0] == kind, f"no key of type {kind}")
    need(sha256(name.encode(), b"\n", key)[:4].hex() == key_id, "the key's id is another")
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(key[1:])


def open_checkpoint(note, log, witness):
    text, _, lines = note.rpartition(b"\n\n")
    text += b"\n"
    need(lines.endswith(b"\n"), "the note has no line end")
    seen = []
    for line in lines[:-1].decode().split("\n"):
        dash, name, blob = line.split(" ")
        blob = strict_base64(blob)
        need(dash == "\u2014", "no dash")
        if (name, blob[:4]) == log[:2]:
            need(len(blob) == 68, "a signature of another length")
            log[2].verify(blob[4:], text)
            seen.append("log")
        elif (name, blob[:4]) == witness[:2]:
            need(len(blob) == 76, "a cosignature of another length")
            seconds = struct.unpack(">Q", blob[4:12])[0]
            witness[2].verify(blob[12:], f"cosignature/v1\ntime {seconds}\n".encode() + text)
            seen.append("witness")
    need(sorted(seen) == ["log", "witness"], f"signed by {seen}")
    origin, size, root, rest = text.decode().split("\n")
    need(origin == log[0] and rest == "", "no checkpoint of the log")
    return number(size), strict_base64(root)


def tile_path(level, index, width):
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + (f".p/{width}" if width < 256 else "")


def tiles_of(level, count):
    for index in range((count + 255) // 256):
        yield index, min(256, count - index * 256), tile_path(level, index, min(256, count - index * 256))


def read_entries(folder, size):
    entries = []
    for _, width, path in tiles_of("entries", size):
        bundle = (folder / path).read_bytes()
        for _ in range(width):
            need(len(bundle) >= 2, f"{path} is cut off")
            length = struct.unpack(">H", bundle[:2])[0]
            need(len(bundle) >= 2 + length, f"{path} is cut off")
            entries.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
        need(not bundle, f"{path} has more than its entries")
    return entries


def check_tiles(folder, tree, size):
    paths, level, below = set(), 0, 1
    while size // below:
        for index, width, path in tiles_of(level, size // below):
            first = index * 256
            wanted = b"".join(tree.root((first + i) * below, (first + i + 1) * below) for i in range(width))
            need((folder / path).read_bytes() == wanted, f"{path} is not what the entries give")
            paths.add(path)
        level, below = level + 1, below * 256
    paths |= {path for _, _, path in tiles_of("entries", size)}
    there = {str(path.relative_to(folder)) for path in (folder / "tile").rglob("*") if path.is_file()}
    need(there == paths, f"other tiles are there: {sorted(there ^ paths)[:3]}")


def check_proofs(folder, tree, size, root, log, witness):
    for path in sorted((folder / "proofs").glob("*.tlog-proof")):
        head, _, note = path.read_bytes().partition(b"\n\n")
        first, index, *hashes = head.decode().split("\n")
        need(first == "c2sp.org/tlog-proof@v1" and index.startswith("index "), f"{path.name} is no proof")
        need(open_checkpoint(note, log, witness) == (size, root), f"{path.name} is of another checkpoint")
        wanted = tree.path(number(index[6:]), 0, size)
        need([strict_base64(hash_) for hash_ in hashes] == wanted, f"{path.name} is another path")
    for path in sorted((folder / "proofs").glob("*.consistency")):
        old, *hashes = path.read_text().removesuffix("\n").split("\n")
        wanted = tree.consistency(number(old.removeprefix("old ")), 0, size)
        need([strict_base64(hash_) for hash_ in hashes] == wanted, f"{path.name} is another proof")


def verify(folder):
    log = read_key((folder / "vkey").read_text(), 1)
    witness = read_key((folder / "wvkey").read_text(), 4)
    size, root = open_checkpoint((folder / "checkpoint").read_bytes(), log, witness)
    tree = Tree(read_entries(folder, size))
    need(tree.root(0, size) == root, "the root is not that of the entries")
    check_tiles(folder, tree, size)
    check_proofs(folder, tree, size, root, log, witness)
    return size


if __name__ == "__main__":
    try:
        print(verify(Path(sys.argv[1])), "entries")
    except (Refused, InvalidSignature, ValueError, OSError, UnicodeDecodeError) as why:
        print(f"refused: {why!r}")
        sys.exit(1)
