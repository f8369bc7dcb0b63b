"""Where keys lie: a store, which shows what it holds, and a vault, which may wrap and sign without that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mpex_server.keys import material
from mpex_server.keys.names import GUARDED, first_ones, guarded_first, kind_of, next_of
from mpex_server.keys.provider import KeyKind, KeysError


class Store(Protocol):
    """Named keys and secrets as bytes."""

    def names(self) -> Sequence[str]:
        """Return the names of all that is here."""

    def awaiting(self, name: str) -> Callable[[], bool]:
        """Return what tells whether another process has added something of that name by now."""

    def where(self, name: str) -> str:
        """Return where what has a name is, in words."""

    def fixed(self, name: str) -> str | None:
        """Return what to do where no command adds or removes what has a name; None where commands do."""

    def read(self, name: str) -> bytes:
        """Return what has a name; raises KeyError."""

    def add(self, name: str, written: bytes) -> None:
        """Add what has a new name; raises FileExistsError, KeysError where nothing can be added."""

    def remove(self, name: str) -> None:
        """Remove what has a name; raises KeyError, KeysError where nothing can be removed."""


class Wrapping(Protocol):
    """A key that seals small things, in the form of `kit.aead`."""

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Return a sealed box, bound to its context."""

    def unseal(self, box: bytes, context: bytes) -> bytes:
        """Return what was sealed; raises aead.SealError."""


class Signing(Protocol):
    """A key that signs."""

    @property
    def public(self) -> dict[str, Any]:
        """The public JWK."""

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature (64 bytes), ES256 or Ed25519."""


class Vault(Protocol):
    """Named keys that wrap and sign."""

    def names(self) -> Sequence[str]:
        """Return the names of all that is here."""

    def wrapping(self, name: str) -> Wrapping:
        """Return a key that wraps, also one that another process has added; raises KeyError."""

    def signing(self, name: str) -> Signing:
        """Return a key that signs; raises KeyError."""

    def make(self, name: str) -> None:
        """Make the key of a new name; raises FileExistsError, KeysError where none can be made."""

    def take(self, name: str, written: bytes) -> None:
        """Keep a key that was made elsewhere; raises as `make` does."""

    def remove(self, name: str) -> None:
        """Destroy a key; raises KeyError, KeysError where none can be removed."""


def sound(store: Store, name: str) -> bytes:
    """Return a key or secret of a store; raises KeyError, KeysError when what is there is none.

    A secret that is empty or short would do its work and protect nothing.
    """
    written = store.read(name)
    if fault := material.fault(name, written):
        raise KeysError(f"{store.where(name)} {fault}; restore it from a copy")
    return written


@dataclass(frozen=True, slots=True)
class Place:
    """The store and the vault of one node, and where to look for them in words."""

    store: Store
    vault: Vault
    where: str

    def names(self) -> list[str]:
        """Return the names of all keys and secrets, sorted."""
        return sorted({*self.store.names(), *self.vault.names()})

    def add(self, kind: KeyKind, *, dry_run: bool = False) -> str:
        """Add a key or secret after those of its kind and return its name; raises KeysError."""
        name = next_of(kind, self.names())
        self._check_open(name)
        if not dry_run:
            self._make(name)
        return name

    def remove(self, name: str, *, dry_run: bool = False) -> None:
        """Destroy a key or secret; raises KeysError."""
        self._check_open(name)
        if not dry_run:
            self._side(name).remove(name)

    def fill(self) -> None:
        """Make every key and secret of a new node; what was made is removed when one cannot be."""
        self._all_or_none(first_ones(), self._make)

    def take(self, written: Mapping[str, bytes], *, dry_run: bool = False) -> None:
        """Keep keys and secrets that were made elsewhere, all or none; raises KeysError."""
        if there := sorted({*written} & {*self.names()}):
            raise KeysError(f"{self.where} has {', '.join(there)} of this node already")
        if dry_run:
            return

        def take(name: str) -> None:
            store = self.vault.take if kind_of(name) in GUARDED else self.store.add
            store(name, written[name])

        self._all_or_none(guarded_first(written), take)

    def written(self) -> dict[str, bytes]:
        """Return every key and secret as it is written down; raises KeysError when the vault shows none."""
        if hidden := sorted({*self.vault.names()} - {*self.store.names()}):
            raise KeysError(f"{', '.join(hidden)} cannot be read out of {self.where}")
        return {name: sound(self.store, name) for name in self.store.names()}

    def _all_or_none(self, names: Iterable[str], keep: Callable[[str], None]) -> None:
        kept: list[str] = []
        try:
            for name in names:
                keep(name)
                kept.append(name)
        except KeysError:
            for name in kept:
                self.remove(name)
            raise

    def _check_open(self, name: str) -> None:
        if remedy := self.store.fixed(name):
            raise KeysError(remedy)

    def _make(self, name: str) -> None:
        if kind_of(name) in GUARDED:
            self.vault.make(name)
        else:
            self.store.add(name, material.fresh(name))

    def _side(self, name: str) -> Store | Vault:
        return self.vault if kind_of(name) in GUARDED else self.store
