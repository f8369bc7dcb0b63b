"""Who is enrolled: the lists of anchors and of those below (OpenID Federation 1.0, section 8.2)."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import orjson

from mpex_server.federation import asking
from mpex_server.federation.chains import DEEPEST, Resolver, endpoint
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Fetch

NODE = "mpex_node"
_MOST = 10_000
_MOST_BETWEEN = 200
_MOST_IN_ALL = 100_000


class _UnlistedError(TrustError):
    """A superior is who it is, and its list cannot be read."""


@dataclass(frozen=True, slots=True)
class _Lists:
    """Whom one superior lists: nodes, and intermediates."""

    nodes: list[str]
    between: list[str]


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

    Who cannot be read lists nobody: one superior cannot hide what another lists. Whoever is a partner already
    is looked for beyond the lists as well.
    """
    nodes: dict[str, None] = {}
    faults: list[TrustError] = []
    whole = True
    level = sorted(resolver.superiors)
    for _ in range(DEEPEST):
        below: dict[str, None] = {}
        for lists in asking.each(partial(_asked, resolver, fetch), level):
            if isinstance(lists, TrustError):
                faults.append(lists)
                whole &= not (lists.proves_nothing or isinstance(lists, _UnlistedError))
            else:
                nodes |= dict.fromkeys(lists.nodes[: max(0, _MOST_IN_ALL - len(nodes))])
                below |= dict.fromkeys(lists.between)
        level = [entity for entity in below if entity not in resolver.superiors]
        resolver.superiors.update(level)
    return Directory(tuple(nodes), tuple(faults), whole)


def _asked(resolver: Resolver, fetch: Fetch, superior: str) -> _Lists | TrustError:
    try:
        place = endpoint(resolver.resolve(superior).configuration, "federation_list_endpoint")
        nodes = fetch(f"{place}?{urlencode({'entity_type': NODE})}")
        between = fetch(f"{place}?{urlencode({'intermediate': 'true'})}")
        return _Lists(_entities(superior, nodes, _MOST), _entities(superior, between, _MOST_BETWEEN))
    except TrustError as error:
        return error


def _entities(superior: str, text: str, most: int) -> list[str]:
    # Longer than the arrays of other messages, and without members that could stand there twice.
    try:
        listed = orjson.loads(text)
    except ValueError as error:
        raise _UnlistedError("malformed", superior, "its list is not JSON") from error
    if not isinstance(listed, list) or not all(isinstance(entity, str) for entity in listed):
        raise _UnlistedError("malformed", superior, "its list is not a list of entities")
    if len(listed) > most:
        raise _UnlistedError("malformed", superior, f"its list names more than {most} entities")
    return listed
