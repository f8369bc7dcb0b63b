"""Keys of a node: the protocol that the server needs, and a provider that keeps them in files."""

from mpex_server.keys.files import FileKeys
from mpex_server.keys.provider import KeyProvider

__all__ = ["FileKeys", "KeyProvider"]
