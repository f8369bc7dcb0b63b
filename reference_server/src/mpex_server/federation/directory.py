"""Who is enrolled: the lists of anchors and of those below (OpenID Federation 1.0, section 8.2)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from mpex_server.federation.chains import DEEPEST, Fetch, Resolver, endpoint
from mpex_server.federation.faults import TrustError
from mpex_server.federation.statements import Statement
from mpex_server.kit import strict_json

NODE = "mpex_node"
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Directory:
    """The nodes that somebody lists, and why a superior could not be asked for its list."""

    nodes: tuple[str, ...]
    faults: tuple[TrustError, ...]


def read(resolver: Resolver, fetch: Fetch) -> Directory:
    """Return the directory, and let `resolver` ask the intermediates in it.

    Who cannot be read lists nobody: one superior cannot hide what another lists.
    """
    nodes: dict[str, None] = {}
    faults: list[TrustError] = []
    level = sorted(resolver.superiors)
    for _ in range(DEEPEST):
        below: dict[str, None] = {}
        for superior in level:
            try:
                configuration = resolver.resolve(superior).configuration
                nodes |= dict.fromkeys(_listed(configuration, fetch, entity_type=NODE))
                below |= dict.fromkeys(_listed(configuration, fetch, intermediate="true"))
            except TrustError as error:
                faults.append(error)
        level = [entity for entity in below if entity not in resolver.superiors]
        resolver.superiors.update(level)
    return Directory(tuple(nodes)[:_MOST], tuple(faults))


def _listed(superior: Statement, fetch: Fetch, **query: str) -> list[str]:
    place = endpoint(superior, "federation_list_endpoint")
    try:
        listed = strict_json.loads(fetch(f"{place}?{urlencode(query)}").encode())
    except ValueError as error:
        raise TrustError("malformed", superior.subject, "its list is not strict JSON") from error
    if not isinstance(listed, list) or not all(isinstance(entity, str) for entity in listed):
        raise TrustError("malformed", superior.subject, "its list is not a list of entities")
    return listed[:_MOST]
