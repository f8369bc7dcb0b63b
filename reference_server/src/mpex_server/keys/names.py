"""Names of keys and secrets: `kek-0001` is the first of a kind that has several, `log` the only one."""

import re
from collections.abc import Iterable
from typing import Final, get_args

from mpex_server.keys.provider import KeyKind, RenewedName, SecretName

LOG: Final = "log"
GUARDED: Final = frozenset({"kek", "signing", "federation", LOG})
"""Kinds that wrap and sign: a vault may do so without ever showing them."""
NUMBERED: Final[tuple[KeyKind, ...]] = get_args(KeyKind)
SECRETS: Final[tuple[SecretName, ...]] = get_args(SecretName)
RENEWED: Final[frozenset[SecretName]] = frozenset(get_args(RenewedName))
SINGLE: Final = (LOG, *(name for name in SECRETS if name not in RENEWED))

_NUMBERED: Final = re.compile(rf"({'|'.join(NUMBERED)})-[0-9]{{4}}")


def kind_of(name: str) -> str:
    """Return the kind of a name."""
    return name.rpartition("-")[0] or name


def number_of(name: str) -> int:
    """Return the number of a name, 0 for one without."""
    return int(name.rpartition("-")[2]) if "-" in name else 0


def numbered(kind: str, number: int) -> str:
    """Return the name of a kind's key with a number."""
    return f"{kind}-{number:04}"


def next_of(kind: KeyKind, names: Iterable[str]) -> str:
    """Return the name of the next key of a kind, after those that are there."""
    return numbered(kind, max((number_of(name) for name in names if kind_of(name) == kind), default=0) + 1)


def first_ones() -> list[str]:
    """Return the name of each key and secret of a new node, those that wrap and sign first."""
    return guarded_first([*(numbered(kind, 1) for kind in NUMBERED), *SINGLE])


def guarded_first(names: Iterable[str]) -> list[str]:
    """Return names in order, those of keys that wrap and sign before the others."""
    return sorted(names, key=lambda name: (kind_of(name) not in GUARDED, name))


def is_known(name: str) -> bool:
    """Tell whether this may be the name of a key or secret."""
    return name in SINGLE or _NUMBERED.fullmatch(name) is not None
