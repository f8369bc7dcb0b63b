"""Who is enrolled: the lists of anchors and of those below (OpenID Federation 1.0, section 8.2)."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import orjson

from mpex_server.federation import asking
from mpex_server.federation.asking import mixed
from mpex_server.federation.chains import DEEPEST, Resolver, endpoint
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Fetch
from mpex_server.kit.entity import broken_rule

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

    Nodes come with the branches below the anchor in which somebody lists them. `superiors` are those to whom
    a chain leads, since an anchor answers for nobody else, each with the branch in which it is. It is `whole`
    unless somebody who is vouched for, as far as is known, gave no list.
    """

    nodes: Mapping[str, Collection[str]]
    faults: tuple[TrustError, ...]
    whole: bool
    superiors: Mapping[str, str]


def read(resolver: Resolver, fetch: Fetch) -> Directory:
    """Return the directory, and let `resolver` ask the intermediates in it.

    Who cannot be read lists nobody: one superior cannot hide what another lists, nor by listing more than can
    be read. Whoever is a partner already is looked for beyond the lists as well, and is never one too many.
    """
    known = frozenset(resolver.texts)
    lists, vouched = dict[str, _Lists](), dict[str, str]()
    faults: list[TrustError] = []
    whole = True
    uppermost = level = sorted(resolver.superiors)
    branches: Mapping[str, Collection[str]] = {anchor: (anchor,) for anchor in uppermost}
    for _ in range(DEEPEST):
        found = asking.each(partial(_asked, vouched, resolver, fetch), branches, level)
        for superior, listed in zip(level, found, strict=True):
            if isinstance(listed, TrustError):
                faults.append(listed)
                whole &= not (listed.proves_nothing or isinstance(listed, _UnlistedError))
            else:
                lists[superior] = listed
        below = _by_turns(mixed(lists[superior].between) for superior in level if superior in lists)
        # Below the anchor each begins a branch of its own.
        branches = _branches(
            (entity, entity if superior in uppermost else vouched[superior])
            for superior in level
            if superior in lists
            for entity in lists[superior].between
        )
        level = [entity for entity in dict.fromkeys(below) if entity not in resolver.superiors]
        resolver.superiors.update(level)
    listing = _branches((name, vouched[one]) for one, listed in lists.items() for name in listed.nodes)
    nodes = {name: listing[name] for name in _nodes(lists, uppermost, known)}
    return Directory(nodes, tuple(faults), whole, vouched)


def _branches(placed: Iterable[tuple[str, str]]) -> Mapping[str, Collection[str]]:
    """Return in which branches each entity is."""
    branches = defaultdict[str, set[str]](set)
    for entity, branch in placed:
        branches[entity].add(branch)
    return branches


def _nodes(lists: Mapping[str, _Lists], uppermost: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    """Return whom somebody lists, those known first, and of others as many as can be read."""
    nodes = {name: None for listed in lists.values() for name in listed.nodes if name in known}
    for name in _by_turns(_named(lists, superior, DEEPEST - 1) for superior in uppermost):
        if len(nodes) >= _MOST_IN_ALL:
            break
        nodes[name] = None
    return tuple(nodes)


def _named(lists: Mapping[str, _Lists], superior: str, deeper: int) -> Iterator[str]:
    """Yield whom a superior lists and whom each of those below it does, all of these by turns."""
    if superior in lists:
        below = mixed(lists[superior].between) if deeper else []
        yield from _by_turns(
            [mixed(lists[superior].nodes), *(_named(lists, entity, deeper - 1) for entity in below)]
        )


def _by_turns(ways: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield one of each in turn, until all have ended."""
    waiting = deque(map(iter, ways))
    while waiting:
        way = waiting.popleft()
        for name in way:
            yield name
            waiting.append(way)
            break


def _asked(vouched: dict[str, str], resolver: Resolver, fetch: Fetch, superior: str) -> _Lists | TrustError:
    try:
        chain = resolver.resolve(superior)
        vouched[superior] = chain.statements[-1].subject if chain.statements else superior
        place = endpoint(chain.configuration, "federation_list_endpoint")
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
    # What is no identifier, or too long to be kept, is nobody.
    return [name for name in listed if broken_rule(name) is None]
