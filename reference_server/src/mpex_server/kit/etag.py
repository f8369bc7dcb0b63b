"""Strong entity tags (RFC 9110 §8.8.3) that reveal nothing of the content: an HMAC over what decides it."""

from mpex_server.kit import aead, base64url

_BYTES = 16


def strong(key: bytes, *parts: str | bytes) -> str:
    """Return the quoted tag of an answer; `parts` name version, directives, requester and set returned."""
    return f'"{base64url.encode(aead.mac(key, "etag", *parts)[:_BYTES])}"'


def listed(header: str, etag: str) -> bool:
    """Tell whether an If-Match or If-None-Match header names `etag` or `*`."""
    return header.strip() == "*" or etag in (item.strip() for item in header.split(","))
