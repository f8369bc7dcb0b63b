"""The log of an anchor of the suite: entries, and checkpoints over them as C2SP signed notes (RFC 6962)."""

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mpex_conformance import samples
from mpex_conformance.wire.jose import b64u, unb64u

Json = dict[str, Any]
_ED25519 = b"\x01"


class Ledger:
    """A log that grows, kept in `file` if there is one: a target that has read it must find it again."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        known = json.loads(file.read_text("utf-8")) if file is not None and file.exists() else {}
        self._seed = unb64u(known["seed"]) if known else secrets.token_bytes(32)
        self._key = Ed25519PrivateKey.from_private_bytes(self._seed)
        self.origin = str(known.get("origin") or f"mpex/{samples.identifier('node')}")
        self.entries: list[Json] = known.get("entries", [])

    @property
    def key(self) -> str:
        """Return the verifier key, as an entity configuration names it."""
        return f"{self.origin}+{self._key_id.hex()}+{_text(self._public)}"

    def write(self, reason: str, **about: Any) -> None:
        """Append what was decided."""
        said = {"v": 1, "leaf": samples.identifier("leaf"), "at": samples.instant(), "actor": "operator"}
        done = {"event": "administration", "outcome": "done", "reason": reason}
        self.entries.append(said | done | about)
        if self._file is not None:
            kept = {"origin": self.origin, "seed": b64u(self._seed), "entries": self.entries}
            self._file.write_text(json.dumps(kept), "utf-8")

    def forget(self, entity: str, reason: str) -> None:
        """Keep silent on a decision about an entity; before anybody has read the log."""
        self.entries = [
            entry for entry in self.entries if (entry.get("entity"), entry["reason"]) != (entity, reason)
        ]

    def checkpoint(self) -> str:
        """Return the signed note over all entries."""
        leaves = [hashlib.sha256(b"\x00" + rfc8785.dumps(entry)).digest() for entry in self.entries]
        text = f"{self.origin}\n{len(leaves)}\n{_text(_root(leaves))}\n"
        return f"{text}\n\u2014 {self.origin} {_text(self._key_id + self._key.sign(text.encode()))}\n"

    @property
    def _public(self) -> bytes:
        return _ED25519 + self._key.public_key().public_bytes_raw()

    @property
    def _key_id(self) -> bytes:
        return hashlib.sha256(self.origin.encode() + b"\n" + self._public).digest()[:4]


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:middle]) + _root(leaves[middle:])).digest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
