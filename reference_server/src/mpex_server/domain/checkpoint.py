"""Checkpoints of a log as C2SP signed notes (`tlog-checkpoint`, `signed-note`), signed with Ed25519.

A note is UTF-8 text, an empty line, and signature lines `— <name> <base64(key id || signature)>`. The key id
is the first four bytes of SHA-256(name || LF || algorithm || public key), so a verifier finds its line
without trying every key. Signing is a callable: private keys stay with the key provider.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
_DASH = "\u2014 "
_MAX_SIGNATURES = 32


class NoteError(ValueError):
    """A text is not a well-formed note, checkpoint or verifier key; the message never quotes it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named Ed25519 public key (32 raw bytes), written `name+hex key id+base64(algorithm || key)`."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(character.isspace() for character in self.name):
            raise NoteError("a key name is neither empty nor has it spaces or a plus sign")
        if len(self.public_key) != 32:
            raise NoteError("an Ed25519 public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that signature lines begin with."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a verifier key; NoteError when it is malformed or its key id is not its own."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _decoded(encoded)
        if key[:1] != ED25519:
            raise NoteError("the verifier key is not an Ed25519 key")
        verifier = cls(name, key[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteError("the key id does not belong to the verifier key")
        return verifier

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encoded(ED25519 + self.public_key)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: its origin, number of leaves, root hash (32 bytes) and extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if any(not line or not line.isprintable() for line in lines):
            raise NoteError("origin and extensions are non-empty printable lines")
        if self.size < 0 or len(self.root) != 32:
            raise NoteError("a checkpoint has a size and a root hash of 32 bytes")

    @property
    def text(self) -> str:
        """Return the signed text, with its final line feed."""
        return "\n".join((self.origin, str(self.size), _encoded(self.root), *self.extensions)) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text of a note; NoteError when it is no checkpoint."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "":
            raise NoteError("a checkpoint has an origin, a size and a root, each on a line")
        origin, size, root, *extensions = lines
        canonical = size.isascii() and size.isdigit() and (size == "0" or size[0] != "0")
        if not canonical or len(size) > 19:
            raise NoteError("the size is not a decimal number without leading zeros")
        return cls(origin, int(size), _decoded(root), tuple(extensions))


def sign(text: str, signer: Verifier, sign_bytes: Callable[[bytes], bytes]) -> str:
    """Return the signed note of a text; `sign_bytes` makes the raw Ed25519 signature of the bytes given."""
    return f"{text}\n{signature_line(text, signer, sign_bytes)}"


def signature_line(text: str, signer: Verifier, sign_bytes: Callable[[bytes], bytes]) -> str:
    """Return one signature line, with its line feed, to append to a note of the same text."""
    return f"{_DASH}{signer.name} {_encoded(signer.key_id + sign_bytes(text.encode()))}\n"


def verify(note: str, *verifiers: Verifier) -> tuple[str, frozenset[str]]:
    """Return the text and the names of the given verifiers whose signatures it carries.

    Lines of unknown keys are passed over. A wrong signature of a known key, or none of any known key,
    is a NoteError: a note is never returned unverified.
    """
    text, lines = _split(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed: set[str] = set()
    for name, key_id, signature in lines:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.public_key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            raise NoteError("a signature of a known key is wrong") from None
        signed.add(name)
    if not signed:
        raise NoteError("the note has no signature of a known key")
    return text, frozenset(signed)


def open_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """Verify a note by its log's key and return its checkpoint, whose origin must be the key's name."""
    text, _ = verify(note, verifier)
    checkpoint = Checkpoint.from_text(text)
    if checkpoint.origin != verifier.name:
        raise NoteError("the checkpoint is of another origin")
    return checkpoint


def _split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    body, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines")
    if any(ord(character) < 32 and character != "\n" for character in note):
        raise NoteError("a note has no control characters")
    rows = signatures[:-1].split("\n")
    if len(rows) > _MAX_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return body + "\n", [_signature(row) for row in rows]


def _signature(row: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = row.removeprefix(_DASH).partition(" ")
    blob = _decoded(encoded)
    if not row.startswith(_DASH) or not name or len(blob) < 5:
        raise NoteError("a signature line is malformed")
    return name, blob[:4], blob[4:]


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("a value is not base64") from None
    if _encoded(data) != text:
        raise NoteError("a value is not canonical base64")
    return data
