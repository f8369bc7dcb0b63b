"""Recovery codes: 23 random characters of base32 and two of a checksum, in groups of five (ENQ-002)."""

import re
from base64 import b32encode
from hashlib import sha256

RANDOM_BYTES = 15
_RANDOM = 23
_GROUP = 5
_FORM = re.compile(r"[A-Z2-7]{25}")


def make(random: bytes) -> str:
    """Return the code of 15 random bytes, 115 bits of which it holds."""
    characters = b32encode(random).decode()[:_RANDOM]
    return _grouped(characters + _checksum(characters))


def parse(text: str) -> str | None:
    """Return the code that was typed, in its one form; None when it cannot be one."""
    characters = re.sub(r"[\s-]", "", text).upper()
    if not _FORM.fullmatch(characters) or _checksum(characters[:_RANDOM]) != characters[_RANDOM:]:
        return None
    return _grouped(characters)


def _checksum(characters: str) -> str:
    return b32encode(sha256(characters.encode()).digest()).decode()[:2]


def _grouped(characters: str) -> str:
    return "-".join(characters[at : at + _GROUP] for at in range(0, len(characters), _GROUP))
