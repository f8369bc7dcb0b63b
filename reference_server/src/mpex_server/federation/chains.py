"""Trust chains (OpenID Federation 1.0, sections 4 and 10): from an entity to an anchor that was chosen.

A superior is asked only when it is an anchor or somebody above it lists it, so that an entity cannot send the
node anywhere by naming a superior of its own.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from mpex_server.federation import statements
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import BETWEEN, Ground
from mpex_server.federation.statements import Fetch, Statement
from mpex_server.kit import jws

WELL_KNOWN = "/.well-known/openid-federation"
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain proves: who the entity is, by which anchor, and until when."""

    configuration: Statement
    anchor: Statement
    statements: tuple[Statement, ...]

    @property
    def entity(self) -> str:
        """The entity at the end of the chain."""
        return self.configuration.subject

    @property
    def keys(self) -> dict[str, jws.VerificationKey]:
        """The keys of the entity that are its own by its word and by its superior's."""
        vouched = (self.statements[0] if self.statements else self.anchor).thumbprints
        return {kid: key for kid, key in self.configuration.keys.items() if key.thumbprint in vouched}

    @property
    def grounds(self) -> frozenset[Ground]:
        """What was decided above the entity, by which the chain holds."""
        return frozenset(
            Ground(said.issuer, ("entity", said.subject), said.thumbprints, BETWEEN if above else "")
            for above, said in enumerate(self.statements)
        )

    @property
    def expires(self) -> datetime:
        """When the first of the statements ends, and the chain with it."""
        return min(entry.expires for entry in (self.configuration, self.anchor, *self.statements))


class Resolver:
    """Resolves chains in one look; what it fetched it does not fetch again.

    Everything is judged at the instant at which it came, by `now`: a look may take minutes.

    `anchors` are the entities that the node trusts, each with the JWK set that it was given for it by hand.
    Who may be a superior beside them is what `directory` adds to `superiors`. `kept` is what entities said of
    themselves before: it holds while they cannot be asked, or say what is older. So silence is no way out of
    a revocation, and what is shown again brings no key back. `frozen` are superiors whose word counts for
    nothing new (TRUST-026): another way to an anchor, or another mark, goes before theirs.
    Several threads may resolve at once; at worst something is fetched twice.
    """

    def __init__(
        self,
        anchors: Mapping[str, dict[str, Any]],
        fetch: Fetch,
        now: Callable[[], datetime],
        kept: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.texts = dict(kept)
        self.superiors = set(anchors)
        self.anchors = frozenset(anchors)
        self.frozen: Container[str] = ()
        self._anchors = {entity: statements.keys_of(jwks, entity) for entity, jwks in anchors.items()}
        self._fetch = fetch
        self.now = now
        self._known: dict[str, Statement] = {}

    def resolve(self, entity: str) -> Chain:
        """Return the chain of an entity; raises the TrustError of the last superior that was tried."""
        own = self.configuration(entity)
        return self._climb(own, own, (), frozenset({own.signer}))

    def recall(self, entity: str) -> Chain:
        """Return the chain of an entity by what it said before, without asking it; raises TrustError."""
        said = statements.configuration(self.texts[entity], entity=entity, now=self.now())
        return self._climb(said, said, (), frozenset({said.signer}))

    def counts(self, grounds: Iterable[Ground]) -> bool:
        """Tell whether decisions are of superiors whose word counts."""
        return not any(ground.superior in self.frozen for ground in grounds)

    def configuration(self, entity: str) -> Statement:
        """Return what an entity says of itself."""
        if entity not in self._known:
            self._known[entity] = self._own_words(entity)
        return self._known[entity]

    def _own_words(self, entity: str) -> Statement:
        """Return what an entity says today, or what it said before where nothing newer of it comes."""
        kept = self.texts.get(entity)
        try:
            text = self._fetch(entity.rstrip("/") + WELL_KNOWN)
            said = statements.configuration(text, entity=entity, now=self.now())
            if kept is None or statements.issued(kept) <= said.claims["iat"]:
                self.texts[entity] = text
                return said
        except TrustError as error:
            if kept is None or not error.proves_nothing:
                raise
        return statements.configuration(kept, entity=entity, now=self.now())

    def _climb(
        self, leaf: Statement, own: Statement, below: tuple[Statement, ...], used: frozenset[str]
    ) -> Chain:
        """Go on from the entity `own`, which signed with the keys `used` what the chain has so far."""
        if own.subject in self._anchors:
            return self._ended(leaf, own, below, used)
        if len(below) == DEEPEST:
            raise TrustError("tooDeep", leaf.subject, f"no anchor within {DEEPEST} superiors")
        fault = TrustError("noAnchor", own.subject, "it names no superior that leads to a chosen anchor")
        frozen = list[Chain]()
        seen = {own.subject, *(entry.subject for entry in below)}
        for hint in own.hints:
            try:
                if hint in self.superiors - seen:
                    superior = self.configuration(hint)
                    said = self._said(superior, own.subject, used, len(below))
                    above = frozenset({superior.signer, said.signer})
                    chain = self._climb(leaf, superior, (*below, said), above)
                    if self.counts(chain.grounds):
                        return chain
                    frozen.append(chain)
            except TrustError as error:
                fault = error
        if not frozen:
            raise fault
        return frozen[0]

    def _said(self, superior: Statement, entity: str, used: frozenset[str], between: int) -> Statement:
        """Return what a superior says of an entity; `between` intermediates lie below the superior."""
        try:
            text = self._fetch(
                f"{endpoint(superior, 'federation_fetch_endpoint')}?{urlencode({'sub': entity})}"
            )
        except TrustError as error:
            if error.reason == "notFound":
                raise TrustError(
                    "notEnrolled", superior.subject, "it does not vouch for the entity"
                ) from error
            raise
        said = statements.subordinate(text, issuer=superior, subject=entity, now=self.now())
        if not used <= said.thumbprints:
            raise TrustError(
                "unvouchedKey", entity, "it signed with a key that its superior does not vouch for"
            )
        _check_path(said.path, between, superior.subject)
        return said

    def _ended(
        self, leaf: Statement, anchor: Statement, below: tuple[Statement, ...], used: frozenset[str]
    ) -> Chain:
        chosen = {key.thumbprint for key in self._anchors[anchor.subject].values()}
        if not used <= chosen:
            raise TrustError(
                "unvouchedKey", anchor.subject, "the anchor signed with a key that was not chosen"
            )
        _check_path(anchor.path, max(0, len(below) - 1), anchor.subject)
        return Chain(leaf, anchor, below)


def endpoint(entity: Statement, name: str) -> str:
    """Return the address that an entity names below its own; raises TrustError when it names none there."""
    place = entity.metadata("federation_entity").get(name)
    if not isinstance(place, str) or not place.startswith(entity.subject.rstrip("/") + "/"):
        raise TrustError("malformed", entity.subject, f"it names no {name} below its own address")
    return place


def _check_path(longest: int | None, between: int, entity: str) -> None:
    if longest is not None and between > longest:
        raise TrustError("constraintBroken", entity, "more intermediates than max_path_length")
