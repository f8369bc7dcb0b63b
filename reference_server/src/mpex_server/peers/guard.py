"""Guard against being sent elsewhere: plain addresses, and public ones outside a sandbox."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpcore2

from mpex_server.peers.patience import Left, PatientStream

_UNICAST = IPv6Network("2000::/3")
_TO_IPV4 = IPv6Network("64:ff9b::/96")
"""What a network without IPv4 gives for a host that has nothing else (RFC 6052): its address ends it."""
_THROUGH_IPV4 = IPv6Network("2002::/16")
_MOST_PLACES = 4
"""Addresses of a name that are tried: each may take the whole time of a connection."""


class ForbiddenAddressError(ValueError):
    """The address may not be called; the message never repeats it."""


def check(url: str, *, sandbox: bool) -> None:
    """Refuse an address that is not plain https; a sandbox may speak http. Raises ForbiddenAddressError."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ForbiddenAddressError("it is no address") from error
    if host is None or parts.username is not None or parts.query or parts.fragment:
        raise ForbiddenAddressError("it is no plain address")
    if parts.scheme != "https" and not (sandbox and parts.scheme == "http"):
        raise ForbiddenAddressError("partners are called over https")


class PublicOnly(httpcore2.NetworkBackend):
    """Connects to public hosts only; a sandbox to loopback as well (TRUST-029).

    A name is looked up once, and the connection goes to an address that was judged: whoever answers for the
    name cannot give another one in between. The certificate is judged by the name all the same.
    """

    def __init__(self, left: Left, *, sandbox: bool) -> None:
        self._left = left
        self._sandbox = sandbox
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of a host that answers, if all that it has may be called.

        Raises ForbiddenAddressError, OSError when the name has no address, or as `SyncBackend` does.
        """

        def connected(place: str) -> httpcore2.NetworkStream:
            given = self._left(timeout)
            stream = self._plain.connect_tcp(place, port, given, local_address, socket_options)
            return PatientStream(stream, self._left)

        *others, last = self._judged(host, port)[:_MOST_PLACES]
        for place in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return connected(place)
        return connected(last)

    def _judged(self, host: str, port: int) -> list[str]:
        places = _places(host, port)
        for place in places:
            address = ip_address(place.partition("%")[0])
            if not (_is_public(address) or (self._sandbox and address.is_loopback)):
                raise ForbiddenAddressError("the partner's address is private")
        return places


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
