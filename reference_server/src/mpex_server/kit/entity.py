"""The form of an entity identifier (OpenID Federation 1.0, section 1.2; annex B of the standard)."""

from urllib.parse import urlsplit

LONGEST = 300
"""Characters of an entity identifier, as schema partner.json and the tables have it."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Names under which a machine reaches itself; trials speak http there."""


def broken_rule(text: str) -> str | None:
    """Return what every entity identifier is or has and a text does not, None when it is one."""
    if len(text) > LONGEST:
        return f"has at most {LONGEST} characters"
    try:
        address = urlsplit(text)
        host, port = address.hostname, address.port
    except ValueError:
        return "is an address"
    if not host or port == 0 or not text.isascii() or not text.isprintable() or " " in text:
        return "is an address"
    if address.scheme != "https" and not (address.scheme == "http" and host in LOOPBACK):
        return "begins with https:// (http:// on this machine only)"
    if address.username is not None or "?" in text or "#" in text:
        return "has no user, query or fragment"
    return "has no slash at its end" if text.endswith("/") else None
