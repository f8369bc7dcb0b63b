"""Keys in files of one folder with mode 0700: for development, small nodes, and nodes without a token.

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
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from mpex_server.keys.held import Held
from mpex_server.keys.names import LOG, is_known, kind_of
from mpex_server.keys.places import Place
from mpex_server.keys.provider import KeysError
from mpex_server.keys.ring import Keys

_SUFFIXES = {"kek": ".key", LOG: ".key", "signing": ".jwk", "federation": ".jwk", "encryption": ".jwk"}
_OTHERS = ".secret"


class Folder:
    """Store of one file for each key or secret."""

    def __init__(self, folder: Path) -> None:
        _check_folder(folder)
        self._folder = folder

    @classmethod
    def make(cls, folder: Path) -> "Folder":
        """Make a new folder; raises FileExistsError."""
        folder.mkdir(mode=0o700, parents=True)
        return cls(folder)

    def names(self) -> list[str]:
        """Return the names of all files that hold a key or secret."""
        return [path.stem for path in self._folder.iterdir() if path.name == _file_name(path.stem)]

    def awaiting(self, name: str) -> Callable[[], bool]:
        """Return what tells whether there is a file by now."""
        return self._path(name).exists

    def where(self, name: str) -> str:
        """Return the file."""
        return f"{_file_name(name)} in MPEX_KEY_DIR"

    def fixed(self, _name: str) -> None:
        """Return nothing: commands add and remove files."""

    def read(self, name: str) -> bytes:
        """Return what a file holds."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def add(self, name: str, written: bytes) -> None:
        """Make a file that is whole as soon as it is there."""
        handle, part = tempfile.mkstemp(dir=self._folder, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(written)
        try:
            os.link(part, self._path(name))
        finally:
            Path(part).unlink()

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise KeyError(name) from None

    def _path(self, name: str) -> Path:
        return self._folder / _file_name(name)


class FileKeys(Keys):
    """KeyProvider over a folder made by `FileKeys.create`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(in_files(Folder(folder), folder))

    @classmethod
    def create(cls, folder: Path) -> "FileKeys":
        """Fill a new folder with fresh keys; raises FileExistsError when it exists."""
        in_files(Folder.make(folder), folder).fill()
        return cls(folder)


def in_files(store: Folder, folder: Path) -> Place:
    """Return the place of keys whose bytes lie in a folder."""
    return Place(store, Held(store), f"the folder {folder}")


def _file_name(name: str) -> str:
    return name + _SUFFIXES.get(kind_of(name), _OTHERS) if is_known(name) else ""


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise KeysError("MPEX_KEY_DIR is not a folder; run `mpex-server init`")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise KeysError("MPEX_KEY_DIR is open to other users; run `chmod 700` on it")
