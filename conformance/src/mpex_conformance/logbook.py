"""Reading the target's log: entries, checkpoints as signed notes, and RFC 6962 proofs."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mpex_conformance import expect
from mpex_conformance.lab import Lab
from mpex_conformance.wire.exchange import Answer

_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed note over a tree: origin, size and root hash."""

    origin: str
    size: int
    root: bytes
    note: str


def entries(lab: Lab, after: str | None = None) -> list[dict[str, Any]]:
    """Return every entry that the auditor may read, in log order; after a cursor if one is given."""
    found: list[dict[str, Any]] = []
    query = {"limit": "100"} | ({"cursor": after} if after else {})
    for _ in range(_MOST_PAGES):
        page = expect.status(lab.staff("listLogEntries", query=query), 200)
        found += page.at("items")
        cursor = page.json.get("nextCursor")
        if not cursor:
            return found
        query = {"limit": "100", "cursor": cursor}
    return found


def logged(lab: Lab, actions: list[tuple[Answer, str | None]]) -> list[dict[str, Any]]:
    """Wait until each action has its entry, known by its DPoP proof or case reference; return them."""

    def look() -> list[dict[str, Any]] | None:
        written = entries(lab)
        found = [_entry(written, answer, case) for answer, case in actions]
        return [item for item in found if item] if all(found) else None

    names = ", ".join(answer.operation for answer, _ in actions)
    return expect.eventually(look, within=lab.config.event_seconds, what=f"log entries of {names}", every=0.5)


def _entry(written: list[dict[str, Any]], answer: Answer, case: str | None) -> dict[str, Any] | None:
    by_proof = [entry for entry in written if entry.get("proof") == answer.proof]
    by_case = [entry for entry in written if case and entry.get("caseReference") == case]
    return next(iter(by_proof or by_case), None)


def checkpoint(lab: Lab) -> Checkpoint:
    """Return the newest checkpoint; CheckFailedError unless it is a note signed by the metadata's key."""
    answer = expect.status(lab.staff("getCheckpoint"), 200)
    return opened(
        answer.body.decode("utf-8", "replace"), lab.metadata["log"]["key"], lab.metadata["log"]["origin"]
    )


def opened(note: str, verifier: str, origin: str) -> Checkpoint:
    """Read a C2SP checkpoint; CheckFailedError says what is wrong with it."""
    text, separator, signatures = note.partition("\n\n")
    lines = text.split("\n")
    expect.that(separator and len(lines) >= 3, "the checkpoint is no signed note")
    expect.that(lines[0] == origin, "the checkpoint has another origin than the metadata")
    name, key_id, key = _verifier(verifier)
    signed = (text + "\n").encode()
    expect.that(
        any(_signs(line, name, key_id, key, signed) for line in signatures.split("\n")),
        "the checkpoint is not signed by the key in the metadata",
    )
    try:
        return Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), note)
    except (ValueError, binascii.Error):
        expect.that(False, "size or root of the checkpoint cannot be read")
        raise


def _verifier(text: str) -> tuple[str, bytes, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
        identifier = bytes.fromhex(key_id)
    except (ValueError, binascii.Error):
        raw, identifier = b"", b""
    right = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4] == identifier
    expect.that(
        right and len(raw) == 33 and raw[0] == 1, "the log key of the metadata is no Ed25519 verifier key"
    )
    return name, identifier, raw[1:]


def _signs(line: str, name: str, key_id: bytes, key: bytes, signed: bytes) -> bool:
    dash, _, rest = line.partition(" ")
    signer, _, encoded = rest.partition(" ")
    if dash != "\u2014" or signer != name:
        return False
    try:
        raw = base64.b64decode(encoded, validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], signed)
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return raw[:4] == key_id


def leaf_hash(entry: dict[str, Any]) -> bytes:
    """Return the RFC 6962 hash of a leaf: its canonical JSON behind a zero byte."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(b"\x00" + canonical).digest()


def root_from_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or None when it cannot be one."""
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = _parent(step, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = _parent(root, step)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def consistent(old: Checkpoint, new: Checkpoint, path: list[bytes]) -> bool:
    """Return whether ``path`` proves that ``old`` is a prefix of ``new`` (RFC 9162, 2.1.4.2)."""
    if old.size == new.size:
        return not path and old.root == new.root
    if not path or not 0 < old.size < new.size:
        return False
    steps = path if old.size & (old.size - 1) else [old.root, *path]
    node, last = old.size - 1, new.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = _parent(step, first), _parent(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = _parent(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old.root and second == new.root


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
