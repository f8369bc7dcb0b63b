"""What a look at the anchors has found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mpex_server.federation.chains import Chain
from mpex_server.federation.faults import OwnWordError, RevokedError, TrustError
from mpex_server.federation.mandate import Trusted

GRACE = timedelta(hours=12)
"""For how long a partner may be without trust before it is asked to erase what it holds."""


@dataclass
class Findings:
    """What the anchors say: nodes with a mandate by node id, and why an entity or a superior is not trusted.

    `places` is where each node is that was known before, by node id. `texts` is what entities said of
    themselves, and `vouched` are those with a chain, with a mandate or not. `silent` are those of whom
    one of the anchors, or somebody below it, gave no word that can be believed. `logs` says of superiors why
    their log could not be read on.
    """

    places: Mapping[str, str]
    trusted: dict[str, Trusted] = field(default_factory=dict)
    faults: dict[str, TrustError] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    vouched: dict[str, Chain] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    logs: dict[str, TrustError] = field(default_factory=dict)

    def add(self, entity: str, trusted: Trusted) -> None:
        """Enter a node, unless another entity has a mandate for the same; one with both marks goes first.

        A node that is known stays where it is, whoever else says to be it (TRUST-011).
        """
        node_id = trusted.entry["nodeId"]
        other = self.trusted.get(node_id)
        place = self.places.get(node_id) or (other.entry["url"] if other else entity)
        if place != entity:
            self.faults[entity] = TrustError("wrongSubject", entity, "its node id belongs to another entity")
        elif other is None or _worth(other) < _worth(trusted):
            self.trusted[node_id] = trusted
            self.faults.pop(entity, None)

    def blame(self, entity: str, fault: TrustError, *, whole: bool) -> None:
        """Enter why an entity is not trusted; not `whole` when somebody who may vouch for it was silent."""
        if fault.proves_nothing or (fault.reason == "noAnchor" and not whole):
            self.silent.add(entity)
        before = self.faults.get(entity)
        if before is None or before.proves_nothing or isinstance(fault, RevokedError):
            self.faults[entity] = fault

    def unknown(self, entity: str) -> bool:
        """Whether nothing was learnt of an entity, so that what was said before counts while it lasts."""
        return entity in self.silent and not isinstance(self.faults.get(entity), RevokedError)

    def without_word(self, entity: str) -> bool:
        """Whether nobody's word of today says whether an entity with a fault, or a superior, is trusted."""
        return self.unknown(entity) or self.faults[entity].proves_nothing

    def left_out(self) -> list[tuple[str, TrustError]]:
        """Return the faults of those who are trusted by no other anchor, in order of their names."""
        return [(name, self.faults[name]) for name in sorted(self.faults.keys() - self._trusted())]

    def names(self, entity: str) -> bool:
        """Whether anything is said of an entity."""
        return entity in self.faults or entity in self._trusted()

    def _trusted(self) -> set[str]:
        return {one.entry["url"] for one in self.trusted.values()}

    def to_ask(self, entity: str) -> bool:
        """Whether the marks that an entity showed before say more of it than what it shows today."""
        return self.unknown(entity) or isinstance(self.faults.get(entity), OwnWordError)

    def to_ask_for_second(self, trusted: Trusted) -> bool:
        """Whether that holds for the second mark of a node with a mandate."""
        return self.unsure(trusted) or isinstance(trusted.unmarked, OwnWordError)

    def ends(self, known: dict[str, Any]) -> bool:
        """Whether a partner with this entry is one no more: nobody vouches for it, and that is known."""
        return known["nodeId"] not in self.trusted and not self.unknown(known["url"])

    def unsure(self, trusted: Trusted) -> bool:
        """Whether a node lacks the second mark as far as is known, and nobody says that it does."""
        unmarked = trusted.unmarked
        if unmarked is None or isinstance(unmarked, RevokedError):
            return False
        return unmarked.proves_nothing or trusted.entry["url"] in self.silent

    def grace(self, fault: TrustError | None, entity: str) -> timedelta:
        """Return how long a partner may keep what it holds once it is not trusted for a fault (RECL-018).

        It is called back at once when a mark was taken back, and nobody is silent who may vouch for the
        entity in another way. What was erased does not come back, and a list that somebody left empty for an
        hour may. A day would be too long: the keys with which a partner confirms that it erased may have
        ended by then.
        """
        revoked = isinstance(fault, RevokedError) and entity not in self.silent
        return timedelta() if revoked else GRACE


def _worth(trusted: Trusted) -> tuple[bool, bool, datetime]:
    """Return what to prefer; that a mark was taken back is not forgotten for a longer term."""
    return trusted.unmarked is None, isinstance(trusted.unmarked, RevokedError), trusted.until
