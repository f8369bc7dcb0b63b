"""Chains of statements from an entity to an anchor that was chosen (TRUST-002, TRUST-012).

Only anchors are asked, and those whom somebody above lists: no entity can send its reader anywhere.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from mpex_client._clock import Clock
from mpex_client._errors import TrustError
from mpex_client._trust import statements
from mpex_client._trust.flow import Flow, published, strict_json
from mpex_client._trust.statements import Statement

__all__ = ["WELL_KNOWN", "Chain", "Realm"]

WELL_KNOWN = "/.well-known/openid-federation"
_DEEPEST = 3
_MOST_BETWEEN = 200


@dataclass(frozen=True, slots=True)
class Chain:
    """What leads from an entity to an anchor: its configuration, what superiors say, and the anchor's."""

    configuration: Statement
    statements: tuple[Statement, ...]
    anchor: Statement

    @property
    def entity(self) -> str:
        """The entity at the end of the chain."""
        return self.configuration.subject

    @property
    def path(self) -> tuple[str, ...]:
        """The entities of the chain, from the entity up to the anchor."""
        return (self.entity, *(said.issuer for said in self.statements))

    @property
    def keys(self) -> dict[str, Any]:
        """The keys of the entity that its superior vouches for as well, by `kid`."""
        vouched = (self.statements[0] if self.statements else self.anchor).thumbprints
        return {kid: key for kid, key in self.configuration.keys.items() if key.thumbprint() in vouched}

    @property
    def expires(self) -> datetime:
        """When the first of its statements ends."""
        return min(said.expires for said in (self.configuration, self.anchor, *self.statements))


class Realm:
    """What one anchor with the keys `jwks` says, judged as it comes; nothing is fetched twice."""

    def __init__(self, anchor: str, jwks: Mapping[str, Any], clock: Clock) -> None:
        self.anchor = anchor
        self._clock = clock
        self._chosen = {key.thumbprint() for key in statements.keys_of(dict(jwks), anchor).values()}
        self._superiors = {anchor: 0}
        self._read: set[str] = set()
        self._unread = deque[str]()
        self._known: dict[str, Statement] = {}
        self._texts: dict[str, str] = {}

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self._clock()

    def resolve(self, entity: str) -> Flow[Chain]:
        """Return the chain of an entity; raises the TrustError of the superior that was tried last."""
        if self.anchor not in self._read:
            yield from self._read_list(self.anchor)
        own = yield from self._configuration(entity)
        return (yield from self._climb(own, own, (), frozenset({own.signer})))

    def _configuration(self, entity: str) -> Flow[Statement]:
        if entity not in self._known:
            text = yield from self._text(entity + WELL_KNOWN)
            self._known[entity] = statements.configuration(text, entity, self.now)
        return self._known[entity]

    def _text(self, url: str) -> Flow[str]:
        if url not in self._texts:
            self._texts[url] = yield from published(url)
        return self._texts[url]

    def _read_more(self) -> Flow[None]:
        """Learn of further superiors by the list that is nearest to the anchor and was not read yet.

        One that cannot be read lists nobody, and hides nobody whom another lists.
        """
        superior = self._unread.popleft()
        try:
            yield from self._read_list(superior)
        except TrustError:
            return

    def _read_list(self, superior: str) -> Flow[None]:
        listed = yield from self._listed(superior)
        self._read.add(superior)
        level = self._superiors[superior] + 1
        for entity in sorted(set(listed) - self._superiors.keys()):
            self._superiors[entity] = level
            if level < _DEEPEST:
                self._unread.append(entity)

    def _listed(self, superior: str) -> Flow[list[str]]:
        own = yield from self._configuration(superior)
        chain = yield from self._climb(own, own, (), frozenset({own.signer}), reads=False)
        place = chain.configuration.endpoint("federation_list_endpoint")
        text = yield from published(f"{place}?{urlencode({'intermediate': 'true'})}")
        try:
            listed = strict_json(text.encode())
        except ValueError as error:
            raise TrustError("malformed", superior, "its list is not JSON") from error
        if not isinstance(listed, list) or not all(isinstance(entity, str) for entity in listed):
            raise TrustError("malformed", superior, "its list is no list of entities")
        return listed if len(listed) <= _MOST_BETWEEN else []

    def _climb(
        self,
        leaf: Statement,
        own: Statement,
        below: tuple[Statement, ...],
        used: frozenset[str],
        *,
        reads: bool = True,
    ) -> Flow[Chain]:
        """Go on from `own`, which signed with the keys `used` what the chain has so far.

        Lists are read only until one leads up, so that who is slow elsewhere holds nobody up.
        """
        if own.subject == self.anchor:
            return self._ended(leaf, own, below, used)
        if len(below) == _DEEPEST:
            raise TrustError("tooDeep", leaf.subject, f"no anchor within {_DEEPEST} superiors")
        seen = {own.subject, *(said.subject for said in below)}
        hints = [hint for hint in own.claims.get("authority_hints", ()) if hint not in seen]
        faults = dict[str, TrustError]()
        while True:
            for hint in [hint for hint in hints if hint in self._superiors and hint not in faults]:
                try:
                    superior = yield from self._configuration(hint)
                    said = yield from self._said(superior, own.subject, used, len(below))
                    above = frozenset({superior.signer, said.signer})
                    further = (*below, said)
                    return (yield from self._climb(leaf, superior, further, above, reads=reads))
                except TrustError as error:
                    faults[hint] = error
            if not (reads and self._unread) or faults.keys() >= set(hints):
                break
            yield from self._read_more()
        last = next((faults[hint] for hint in reversed(hints) if hint in faults), None)
        raise last or TrustError(
            "noAnchor", own.subject, "it names no superior that leads to a chosen anchor"
        )

    def _said(self, superior: Statement, entity: str, used: frozenset[str], between: int) -> Flow[Statement]:
        place = superior.endpoint("federation_fetch_endpoint")
        try:
            text = yield from self._text(f"{place}?{urlencode({'sub': entity})}")
        except TrustError as error:
            if error.reason != "notFound":
                raise
            raise TrustError("notEnrolled", superior.subject, f"it does not vouch for {entity}") from error
        said = statements.subordinate(text, superior, entity, self.now)
        if not used <= said.thumbprints:
            raise TrustError(
                "unvouchedKey", entity, "it signed with a key that its superior does not vouch for"
            )
        _check_path(said, between)
        return said

    def _ended(
        self, leaf: Statement, anchor: Statement, below: tuple[Statement, ...], used: frozenset[str]
    ) -> Chain:
        if not used <= self._chosen:
            raise TrustError(
                "unvouchedKey", anchor.subject, "the anchor signed with a key that was not chosen"
            )
        _check_path(anchor, max(0, len(below) - 1))
        return Chain(leaf, below, anchor)


def _check_path(said: Statement, between: int) -> None:
    if said.longest is not None and between > said.longest:
        raise TrustError("constraintBroken", said.issuer, "more intermediates than max_path_length")
