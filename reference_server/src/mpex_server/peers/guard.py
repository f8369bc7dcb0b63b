"""Guard against being sent elsewhere: registry addresses only, public ones outside a sandbox (design R3)."""

import ipaddress
import socket
from urllib.parse import urlsplit


class ForbiddenAddressError(ValueError):
    """The address may not be called; the message never repeats it."""


def check(url: str, *, sandbox: bool) -> None:
    """Refuse an address that is not https on a public host; a sandbox may speak http, and to loopback only.

    Raises ForbiddenAddressError, or OSError when the name has no address.
    """
    parts = urlsplit(url)
    if parts.hostname is None or parts.username is not None or parts.query or parts.fragment:
        raise ForbiddenAddressError("the registry holds no plain address for the partner")
    if parts.scheme != "https" and not (sandbox and parts.scheme == "http"):
        raise ForbiddenAddressError("partners are called over https")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for *_, place in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if not (address.is_global or (sandbox and address.is_loopback)):
            raise ForbiddenAddressError("the partner's address is private")
