"""What the cases of the trust vectors are made of: a federation, and what somebody in it gets wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.generators._trust_ground import NOW, Change, Federation, Json

Spoil = Callable[[Federation], None]
SECONDS = int(NOW.timestamp())
DAY = 86_400
ELSEWHERE = "https://elsewhere.example"


@dataclass(frozen=True, slots=True)
class Case:
    """What is changed of the federation, the requirement that it shows, and the fault with the place of it.

    Without `fault` the node is trusted.
    """

    name: str
    shows: str
    spoil: Spoil
    fault: str | None = None
    at: str = "node"


def said(what: str, change: Change, who: str = "node") -> Spoil:
    """Let an entity change a token of a kind before it signs it."""
    return lambda federation: getattr(federation, who).odd.update({what: change})


def claims(**members: Any) -> Change:
    """Change claims; None takes one out."""
    return lambda _header, given: _put(given, members)


def header(**members: Any) -> Change:
    """Change the header."""
    return lambda given, _claims: _put(given, members)


def _put(given: Json, members: Json) -> None:
    given.update(members)
    for name in [name for name, value in given.items() if value is None]:
        del given[name]


def own(**members: Any) -> Spoil:
    """Let the node say something else of itself."""
    return said("configuration", claims(**members))


def above(**members: Any) -> Spoil:
    """Let the region say something else of the node."""
    return said("subordinate", claims(**members), "region")


def above_that(**members: Any) -> Spoil:
    """Let the anchor say something else of those whom it vouches for."""
    return said("subordinate", claims(**members), "anchor")


def both(*spoils: Spoil) -> Spoil:
    """Change several things."""

    def all_of_them(federation: Federation) -> None:
        for spoil in spoils:
            spoil(federation)

    return all_of_them


def keyed(*keys: Any) -> Spoil:
    """Let the node publish other keys, and its superior vouch for the right one only."""
    return own(jwks={"keys": list(keys)})


def metadata_of(who: str, **places: Any) -> Spoil:
    """Let an entity name other endpoints; None leaves one out."""

    def change(_header: Json, given: Json) -> None:
        _put(given["metadata"]["federation_entity"], places)

    return said("configuration", change, who)
