"""Guard against being sent elsewhere: plain addresses, and public ones outside a sandbox."""

import ipaddress
import socket
from urllib.parse import urlsplit


class ForbiddenAddressError(ValueError):
    """The address may not be called; the message never repeats it."""


def check(url: str, *, sandbox: bool) -> None:
    """Refuse an address that is not https on a public host; a sandbox may speak http, and to loopback only.

    Raises ForbiddenAddressError, or OSError when the name has no address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ForbiddenAddressError("it is no address") from error
    if host is None or parts.username is not None or parts.query or parts.fragment:
        raise ForbiddenAddressError("it is no plain address")
    if parts.scheme != "https" and not (sandbox and parts.scheme == "http"):
        raise ForbiddenAddressError("partners are called over https")
    for place in _places(host, port or (443 if parts.scheme == "https" else 80)):
        address = ipaddress.ip_address(place.partition("%")[0])
        if not (address.is_global or (sandbox and address.is_loopback)):
            raise ForbiddenAddressError("the partner's address is private")


def _places(host: str, port: int) -> list[str]:
    try:
        return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise ForbiddenAddressError("it is the name of no host") from error
