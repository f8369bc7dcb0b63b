"""Bodies of documents as the database holds them.

Their associated data are `id|kind|version`, so that no body can be moved or rolled back.
"""

from mpex_server.kit import aead


def seal(key: bytes | None, content: bytes, document_id: str, kind: str, version: int) -> bytes:
    """Return the content of one version, sealed under the key of its document; without a key as it is."""
    return content if key is None else aead.seal(key, content, _context(document_id, kind, version))


def unseal(key: bytes | None, body: bytes, document_id: str, kind: str, version: int) -> bytes:
    """Return the content of a body; what is shredded is empty. Raises when it stands in a wrong place."""
    return body if key is None or not body else aead.unseal(key, body, _context(document_id, kind, version))


def _context(document_id: str, kind: str, version: int) -> bytes:
    return f"{document_id}|{kind}|{version}".encode()
