"""Keys in files of one folder with mode 0700: for development, small nodes, and nodes without a vault.

kek-0001.key       256-bit key-encryption keys; the highest number wraps, the others still unwrap
signing-0001.jwk   P-256 signing keys; the highest number signs, the others are still published
federation-0001.jwk  P-256 keys of the entity in its federation; the lowest number signs until it is retired
encryption-0001.jwk  X25519 keys to which partners seal; the highest number is published first, all open
log.key            Ed25519 seed of the transparency log; its identity, therefore never rotated in place
index-0001.secret  256-bit secrets of the candidate index; the highest number is used, the others still read
audit-0001.secret  256-bit secrets of log, journal, backups and what waits; likewise
<name>.secret      256-bit secrets that stay: identifiers, cursor, etag, idempotency
"""

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, get_args

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import ECKey, JWKRegistry, OKPKey

from mpex_server.keys.provider import RenewedName, SecretName
from mpex_server.kit import aead, hpke

KeyKind = Literal["kek", "signing", "federation", "encryption", "index", "audit"]
_HALF = 32
_RENEWED = frozenset[str](get_args(RenewedName))
_KEK = re.compile(r"kek-[0-9]{4}")


class KeyFolderError(RuntimeError):
    """The folder is missing, incomplete or readable by others."""


class FileKeys:
    """KeyProvider over a folder made by `FileKeys.create`."""

    def __init__(self, folder: Path) -> None:
        _check_folder(folder)
        self._folder = folder
        self._keks = {path.stem: path.read_bytes() for path in sorted(folder.glob("kek-*.key"))}
        self._current = max(self._keks, default="")
        self._signing = [_signing_key(path) for path in sorted(folder.glob("signing-*.jwk"))]
        self._federation = [_signing_key(path) for path in sorted(folder.glob("federation-*.jwk"))]
        self._encryption = [_encryption_key(path) for path in sorted(folder.glob("encryption-*.jwk"))]
        self._read_secrets()
        kept = (self._keks, self._signing, self._federation, self._encryption, *self._secrets.values())
        if not all(kept):
            raise KeyFolderError("MPEX_KEY_DIR lacks keys; `mpex-server init` or `new-key` makes them")
        self._log = Ed25519PrivateKey.from_private_bytes((folder / "log.key").read_bytes())

    @classmethod
    def create(cls, folder: Path) -> "FileKeys":
        """Fill a new folder with fresh keys; raises FileExistsError when it exists."""
        folder.mkdir(mode=0o700, parents=True)
        for kind in get_args(KeyKind):
            add_key(folder, kind)
        _write(folder / "log.key", secrets.token_bytes(_HALF))
        for name in set(get_args(SecretName)) - _RENEWED:
            _write(folder / f"{name}.secret", aead.new_key())
        return cls(folder)

    def current(self) -> str:
        """Return the identifier of the newest key-encryption key at the start."""
        return self._current

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Seal `key` under the newest key-encryption key."""
        return aead.seal(self._keks[self.current()], key, b"kek|" + context)

    def unwrap(self, kek_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Open a wrapped key, also under a key that another process has added since the start."""
        if kek_id not in self._keks and _KEK.fullmatch(kek_id):
            with suppress(FileNotFoundError):
                self._keks[kek_id] = (self._folder / f"{kek_id}.key").read_bytes()
        return aead.unseal(self._keks[kek_id], wrapped, b"kek|" + context)

    def signing_kid(self) -> str:
        """Return the thumbprint of the newest signing key."""
        return str(self._signing[-1].kid)

    def sign(self, data: bytes) -> bytes:
        """Sign with ES256."""
        return sign_es256(self._signing[-1], data)

    def sign_log(self, data: bytes) -> bytes:
        """Sign with the log's key."""
        return self._log.sign(data)

    def log_public_key(self) -> bytes:
        """Return the log's public key."""
        return self._log.public_key().public_bytes_raw()

    def public_jwks(self) -> dict[str, Any]:
        """Return all keys without private members: those that sign, then those to seal to, newest first."""
        signing = [{**key.as_dict(private=False), "use": "sig"} for key in self._signing]
        return {"keys": signing + [key.as_dict(private=False) for key in reversed(self._encryption)]}

    def federation_jwks(self) -> dict[str, Any]:
        """Return the public keys of the entity, oldest first."""
        return {"keys": [key.as_dict(private=False) for key in self._federation]}

    def sign_federation(self, data: bytes) -> bytes:
        """Sign with the oldest key of the entity."""
        return sign_es256(self._federation[0], data)

    def unseal(self, kid: str, enc: bytes, ciphertext: bytes, info: bytes) -> bytes:
        """Open what a partner sealed to an encryption key of this node."""
        private = next((key.private_key for key in self._encryption if key.kid == kid), None)
        if not isinstance(private, X25519PrivateKey):
            raise KeyError(kid)
        return hpke.unseal(private, enc, ciphertext, info)

    def secret(self, name: SecretName) -> bytes:
        """Return the newest generation of a secret."""
        return next(iter(self.generations(name).values()))

    def generations(self, name: SecretName) -> Mapping[int, bytes]:
        """Return the generations of a secret, newest first, also those that another process has added."""
        if name in self._awaited and self._awaited[name].exists():
            self._read_secrets()
        return self._secrets[name]

    def _read_secrets(self) -> None:
        self._secrets = {name: _generations(self._folder, name) for name in get_args(SecretName)}
        self._awaited = {
            name: self._folder / f"{name}-{max(self._secrets[name], default=0) + 1:04}.secret"
            for name in get_args(RenewedName)
        }


def add_key(folder: Path, kind: KeyKind) -> str:
    """Add a key beside those of its kind, which every later start prefers; return its name."""
    _check_folder(folder)
    made = {
        "kek": (".key", aead.new_key),
        "signing": (".jwk", lambda: orjson.dumps(new_signing_jwk())),
        "federation": (".jwk", lambda: orjson.dumps(new_signing_jwk())),
        "encryption": (".jwk", lambda: orjson.dumps(new_encryption_jwk())),
        "index": (".secret", aead.new_key),
        "audit": (".secret", aead.new_key),
    }
    suffix, new = made[kind]
    last = max((path.stem for path in folder.glob(f"{kind}-*{suffix}")), default=f"{kind}-0000")
    name = f"{kind}-{int(last.rpartition('-')[2]) + 1:04}"
    _write(folder / f"{name}{suffix}", new())
    return name


def new_signing_jwk() -> dict[str, Any]:
    """Return a fresh private P-256 JWK for ES256 whose `kid` is its thumbprint."""
    key = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def new_encryption_jwk() -> dict[str, Any]:
    """Return a fresh private X25519 JWK for encryption whose `kid` is its thumbprint."""
    key = OKPKey.generate_key("X25519", {"use": "enc"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def public_jwk(private: dict[str, Any]) -> dict[str, Any]:
    """Return the public half of a private JWK."""
    return dict(JWKRegistry.import_key(private).as_dict(private=False))


def sign_es256(key: ECKey, data: bytes) -> bytes:
    """Return the raw JOSE signature r || s of an ES256 key."""
    private = key.private_key
    if private is None:
        raise KeyFolderError("a signing key lacks its private member")
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def _signing_key(path: Path) -> ECKey:
    return ECKey.import_key(orjson.loads(path.read_bytes()))


def _encryption_key(path: Path) -> OKPKey:
    return OKPKey.import_key(orjson.loads(path.read_bytes()))


def _generations(folder: Path, name: SecretName) -> dict[int, bytes]:
    if name not in _RENEWED:
        return {1: (folder / f"{name}.secret").read_bytes()}
    found = sorted(folder.glob(f"{name}-*.secret"), reverse=True)
    return {int(path.stem.rpartition("-")[2]): path.read_bytes() for path in found}


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise KeyFolderError("MPEX_KEY_DIR is not a folder; run `mpex-server init`")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise KeyFolderError("MPEX_KEY_DIR is open to other users; run `chmod 700` on it")


def _write(path: Path, data: bytes) -> None:
    """Make a file that is whole as soon as it is there; raises FileExistsError."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    try:
        os.link(part, path)
    finally:
        Path(part).unlink()
