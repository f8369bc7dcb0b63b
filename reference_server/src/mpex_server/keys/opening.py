"""Where the keys of a node are, as its settings say."""

import os
from collections.abc import Callable, Mapping
from importlib import import_module

from mpex_server.keys.environment import in_environment
from mpex_server.keys.files import Folder, in_files
from mpex_server.keys.places import Place
from mpex_server.keys.provider import KeyProvider, KeysError
from mpex_server.keys.ring import Keys
from mpex_server.settings import Settings


def open_keys(settings: Settings) -> KeyProvider:
    """Return the keys of a node; raises KeysError."""
    return Keys(place_of(settings))


def make_keys(settings: Settings) -> None:
    """Make the keys of a new node, or look that those in the environment are complete.

    Raises FileExistsError when there are keys already.
    """
    if settings.keys == "environment":
        open_keys(settings)
    else:
        _in_new_folder(settings, Place.fill)


def take_keys(settings: Settings, written: Mapping[str, bytes], *, dry_run: bool = False) -> str:
    """Keep keys that were made elsewhere in a new place, and return where, in words.

    Raises FileExistsError, KeysError; with `dry_run` as far as that is known before anything is kept.
    """
    where = _in_new_folder(settings, lambda place: place.take(written, dry_run=dry_run))
    if dry_run:
        settings.key_dir.rmdir()
    else:
        open_keys(settings)
    return where


def _in_new_folder(settings: Settings, work: Callable[[Place], None]) -> str:
    Folder.make(settings.key_dir)
    try:
        place = place_of(settings)
        work(place)
    except KeysError:
        settings.key_dir.rmdir()
        raise
    return place.where


def place_of(settings: Settings) -> Place:
    """Return the place of a node's keys; raises KeysError when it cannot be used."""
    match settings.keys:
        case "environment":
            return in_environment(os.environ)
        case "pkcs11":
            return _in_token(settings)
        case "file":
            return in_files(Folder(settings.key_dir), settings.key_dir)


def _in_token(settings: Settings) -> Place:
    try:
        extra = import_module("mpex_server.keys.token_place")
    except ImportError as error:
        raise KeysError("MPEX_KEYS=pkcs11 needs `pip install 'mpex-server[pkcs11]'`.") from error
    place: Place = extra.in_token(settings)
    return place
