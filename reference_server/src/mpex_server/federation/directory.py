"""Who is enrolled: the lists of anchors and of those below (OpenID Federation 1.0, section 8.2)."""

from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from mpex_server.federation.chains import DEEPEST, Fetch, Resolver, endpoint
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Statement

NODE = "mpex_node"
_MOST = 10_000


class _UnlistedError(TrustError):
    """A superior is who it is, and its list cannot be read."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The nodes that somebody lists, and why a superior could not be asked for its list.

    It is `whole` unless somebody who is vouched for, as far as is known, gave no list.
    """

    nodes: tuple[str, ...]
    faults: tuple[TrustError, ...]
    whole: bool


def read(resolver: Resolver, fetch: Fetch) -> Directory:
    """Return the directory, and let `resolver` ask the intermediates in it.

    Who cannot be read lists nobody: one superior cannot hide what another lists.
    """
    nodes: dict[str, None] = {}
    faults: list[TrustError] = []
    whole = True
    level = sorted(resolver.superiors)
    for _ in range(DEEPEST):
        below: dict[str, None] = {}
        for superior in level:
            try:
                configuration = resolver.resolve(superior).configuration
                listed, between = _lists(configuration, fetch)
            except TrustError as error:
                faults.append(error)
                whole &= not (error.is_silence or isinstance(error, _UnlistedError))
            else:
                nodes |= dict.fromkeys(listed)
                below |= dict.fromkeys(between)
        level = [entity for entity in below if entity not in resolver.superiors]
        resolver.superiors.update(level)
    return Directory(tuple(nodes)[:_MOST], tuple(faults), whole)


def _lists(superior: Statement, fetch: Fetch) -> tuple[list[str], list[str]]:
    """Return the nodes and the intermediates that a superior lists; raises TrustError."""
    place = endpoint(superior, "federation_list_endpoint")
    nodes, between = (
        _entities(superior.subject, fetch(f"{place}?{urlencode(query)}"))
        for query in ({"entity_type": NODE}, {"intermediate": "true"})
    )
    return nodes, between


def _entities(superior: str, text: str) -> list[str]:
    # Longer than the arrays of other messages, and without members that could stand there twice.
    try:
        listed = orjson.loads(text)
    except ValueError as error:
        raise _UnlistedError("malformed", superior, "its list is not JSON") from error
    if not isinstance(listed, list) or not all(isinstance(entity, str) for entity in listed):
        raise _UnlistedError("malformed", superior, "its list is not a list of entities")
    return listed[:_MOST]
