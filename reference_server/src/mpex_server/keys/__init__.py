"""Keys of a node: the protocol that the server needs, and providers over files, environment and token."""

from mpex_server.keys.files import FileKeys
from mpex_server.keys.opening import make_keys, open_keys, place_of, take_keys
from mpex_server.keys.provider import KeyProvider, KeysAwayError, KeysError, PinRefusedError

__all__ = [
    "FileKeys",
    "KeyProvider",
    "KeysAwayError",
    "KeysError",
    "PinRefusedError",
    "make_keys",
    "open_keys",
    "place_of",
    "take_keys",
]
