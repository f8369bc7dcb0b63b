"""Guard against being sent elsewhere: plain addresses, and public ones outside a sandbox."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_UNICAST = IPv6Network("2000::/3")
_TO_IPV4 = IPv6Network("64:ff9b::/96")
"""What a network without IPv4 gives for a host that has nothing else (RFC 6052): its address ends it."""
_THROUGH_IPV4 = IPv6Network("2002::/16")


class ForbiddenAddressError(ValueError):
    """The address may not be called; the message never repeats it."""


def check(url: str, *, sandbox: bool) -> None:
    """Refuse an address that is not https on a public host; a sandbox may speak http, and to loopback only.

    The connection looks the name up again. Who answers there must have the certificate of the name, so that
    nothing is sent to an address that it was given in between.
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
        address = ip_address(place.partition("%")[0])
        if not (_is_public(address) or (sandbox and address.is_loopback)):
            raise ForbiddenAddressError("the partner's address is private")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address in _TO_IPV4:
        return _is_public(IPv4Address(address.packed[-4:]))
    return address.is_global and address in _UNICAST and address not in _THROUGH_IPV4


def _places(host: str, port: int) -> list[str]:
    try:
        return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise ForbiddenAddressError("it is the name of no host") from error
