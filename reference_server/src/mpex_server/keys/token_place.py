"""Keys in a token of a PKCS#11 module: what wraps and signs never leaves it, an extra of the distribution.

Key-encryption keys, the keys that sign, and the log's key are made in the token and cannot be read out of it.
The secrets, which are used for every record, and the X25519 keys, which few tokens know, lie in the folder of
keys, sealed under one more key of the token, `seal-0001`. Labels begin with the node's identifier, so that
nodes may share a token.
"""

import os
import stat
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from mpex_server.keys.files import Folder
from mpex_server.keys.names import GUARDED, LOG, kind_of
from mpex_server.keys.places import Place, Signing, Store, Wrapping
from mpex_server.keys.provider import KeysError
from mpex_server.keys.token import Login, Token
from mpex_server.keys.token_keys import TokenSigning, TokenWrapping
from mpex_server.keys.token_objects import (
    destroy,
    make_ed25519,
    make_p256,
    make_secret,
    take_ed25519,
    take_p256,
    take_secret,
)
from mpex_server.kit import aead
from mpex_server.settings import Settings

_SEAL: Final = "seal-0001"
_PIN_VARIABLE: Final = "MPEX_PKCS11_PIN"
_MAKERS: Final = {"kek": make_secret, kind_of(_SEAL): make_secret, LOG: make_ed25519}
_TAKERS: Final = {"kek": take_secret, LOG: take_ed25519}


def in_token(settings: Settings) -> Place:
    """Return the place of a node's keys in the token that its settings name; raises KeysError."""
    module, label = settings.pkcs11_module, settings.pkcs11_token
    if module is None or label is None or not module.is_file():
        raise KeysError("MPEX_PKCS11_MODULE names no file; it is the PKCS#11 library of the token's maker")
    vault = TokenVault(Token(module, label, partial(_pin, settings.pkcs11_pin_file)), settings.node_id)
    where = f"the token {label} and the folder {settings.key_dir}"
    return Place(Sealed(Folder(settings.key_dir), vault), vault, where)


class TokenVault:
    """Vault over the keys that one node has in a token."""

    def __init__(self, token: Token, owner: str) -> None:
        self._token, self._owner = token, f"{owner} "

    def names(self) -> list[str]:
        """Return the names of the keys that wrap and sign."""
        return [name for name in self._all() if kind_of(name) in GUARDED]

    def wrapping(self, name: str) -> Wrapping:
        """Return a key that wraps."""
        return TokenWrapping(self._token, self._owner + name)

    def signing(self, name: str) -> Signing:
        """Return a key that signs."""
        return TokenSigning(self._token, self._owner + name)

    def make(self, name: str) -> None:
        """Make a key in the token."""
        self._add(name, _MAKERS.get(kind_of(name), make_p256))

    def take(self, name: str, written: bytes) -> None:
        """Bring a key into the token; some tokens take none."""
        self._add(name, partial(_TAKERS.get(kind_of(name), take_p256), written=written))

    def has(self, name: str) -> bool:
        """Tell whether the token has a key."""
        return name in self._all()

    def remove(self, name: str) -> None:
        """Destroy a key in the token."""
        if not self.has(name):
            raise KeyError(name)
        self._token.write(partial(destroy, label=self._owner + name))

    def _add(self, name: str, make: Callable[..., None]) -> None:
        if self.has(name):
            raise FileExistsError(f"the token has a key {name} of this node already")
        self._token.write(partial(make, label=self._owner + name))

    def _all(self) -> list[str]:
        labels = self._token.use(Login.labels)
        return [label.removeprefix(self._owner) for label in labels if label.startswith(self._owner)]


class Sealed:
    """Store over another one whose content is sealed under a key of the token; names stay in the clear."""

    def __init__(self, inner: Store, vault: TokenVault) -> None:
        self._inner, self._vault = inner, vault
        self.awaiting, self.remove = inner.awaiting, inner.remove
        self.fixed, self.where = inner.fixed, inner.where

    def names(self) -> Sequence[str]:
        """Return the names of all that is here."""
        return self._inner.names()

    def read(self, name: str) -> bytes:
        """Return what has a name."""
        try:
            return self._vault.wrapping(_SEAL).unseal(self._inner.read(name), _context(name))
        except aead.SealError:
            raise KeysError(f"{name} in MPEX_KEY_DIR was not sealed by this node's token") from None

    def add(self, name: str, written: bytes) -> None:
        """Add what has a new name; the first one makes the key that seals."""
        if not self._vault.has(_SEAL):
            self._vault.make(_SEAL)
        self._inner.add(name, self._vault.wrapping(_SEAL).seal(written, _context(name)))


def _context(name: str) -> bytes:
    return b"store|" + name.encode()


def _pin(file: Path | None) -> str:
    if file is None:
        if _PIN_VARIABLE not in os.environ:
            raise KeysError(
                f"The token wants a PIN: name its file in MPEX_PKCS11_PIN_FILE, or set {_PIN_VARIABLE}"
            )
        return os.environ[_PIN_VARIABLE]
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise KeysError("MPEX_PKCS11_PIN_FILE is open to other users; run `chmod 600` on it")
    return file.read_text("utf-8").strip()
