"""Trust marks (OpenID Federation 1.0, section 7): what accredited organisations attest of an entity."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mpex_server.federation import chains, statements
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.faults import OwnWordError, RevokedError, TrustError, own_word
from mpex_server.federation.logs import Ground
from mpex_server.federation.statements import Statement
from mpex_server.kit import jws

TYP = "trust-mark+jwt"
STATUS_TYP = "trust-mark-status-response+jwt"
LONGEST = timedelta(days=366)
_MAX_MARKS = 20
Ask = Callable[[str, str], str]
"""Asks an issuer's endpoint for the status of a mark; raises TrustError with `unreachable`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that holds: its type, who gave it, until when, what else it says, and what it rests on."""

    kind: str
    issuer: str
    expires: datetime
    claims: dict[str, Any]
    grounds: frozenset[Ground] = frozenset()


def find(chain: Chain, kind: str, resolver: Resolver, ask: Ask) -> Mark:
    """Return the mark of a type that an entity shows, if an accredited issuer gave it and stands by it today.

    Of several the first that holds, and rather one by somebody whose word counts. When none does, raises the
    TrustError of one that was taken back, whatever is shown beside it, else of one that may yet hold, else of
    the last. What the entity shows amiss is its own word (`OwnWordError`).
    """
    frozen = list[Mark]()
    fault: TrustError = OwnWordError("markMissing", chain.entity, f"it shows no mark {kind}")
    for text in _shown(chain.configuration, kind):
        try:
            mark = _verified(text, chain, kind, resolver, ask)
            if resolver.counts(mark.grounds):
                return mark
            frozen.append(mark)
        except TrustError as error:
            fault = error if _weight(error) >= _weight(fault) else fault
    if not frozen:
        raise fault
    return frozen[0]


def _weight(fault: TrustError) -> int:
    return 2 if isinstance(fault, RevokedError) else int(fault.proves_nothing)


def check_standing(said: Statement, kind: str, resolver: Resolver, ask: Ask) -> None:
    """Raise RevokedError when a mark of a type was taken back and no other is known to stand.

    For an entity whose chain cannot be read: that a superior is silent must not hide what another has ended.
    Nobody is asked who is no superior, whatever the entity says of its marks.
    """
    revoked = None
    for text in _shown(said, kind):
        try:
            parsed = _parsed(text, TYP, said.subject)
            issuer = str(parsed.claims.get("iss"))
            if issuer in resolver.superiors and _is_of(parsed, said.subject, kind):
                by = resolver.resolve(issuer)
                statements.signature(parsed, by.keys, issuer)
                _check_status(text, by, ask, resolver.now)
                return
        except RevokedError as error:
            revoked = error
        except TrustError:
            continue
    if revoked is not None:
        raise revoked


def read(text: str, entity: str, *, now: datetime) -> Mark:
    """Return a mark of an entity by its own words, before anybody is asked about it; raises TrustError."""
    claims = _parsed(text, TYP, entity).claims
    if claims.get("sub") != entity:
        raise TrustError("wrongSubject", entity, "the mark is of another entity")
    kind, issuer, name = (claims.get(claim) for claim in ("trust_mark_type", "iss", "jti"))
    if not (isinstance(kind, str) and isinstance(issuer, str) and isinstance(name, str)):
        raise TrustError("malformed", entity, "trust_mark_type, iss and jti of the mark are texts")
    _, expires = statements.term(claims, entity, now=now, longest=LONGEST)
    return Mark(kind, issuer, expires, claims)


def check_given(text: str, issuer: Chain, ask: Ask, now: Callable[[], datetime]) -> None:
    """Raise TrustError unless an issuer has signed a mark and stands by it today."""
    statements.signature(_parsed(text, TYP, issuer.entity), issuer.keys, issuer.entity)
    _check_status(text, issuer, ask, now)


def accredited(name: Any, chain: Chain, kind: str, resolver: Resolver) -> Chain:
    """Return the chain of who gave a mark, if the anchor of `chain` lets it give that type."""
    issuers = chain.anchor.claims.get("trust_mark_issuers", {})
    listed = issuers.get(kind) if isinstance(issuers, dict) else None
    if not isinstance(listed, list) or name not in listed:
        raise TrustError("markNotAccredited", chain.entity, "the anchor does not accredit who gave the mark")
    issuer = resolver.resolve(str(name))
    if issuer.anchor.subject != chain.anchor.subject:
        raise TrustError("markNotAccredited", issuer.entity, "it is under another anchor than the entity")
    return issuer


def _shown(said: Statement, kind: str) -> list[str]:
    shown = said.claims.get("trust_marks", [])
    if not isinstance(shown, list) or not all(isinstance(entry, dict) for entry in shown):
        raise OwnWordError("malformed", said.subject, "trust_marks is a list of objects")
    texts = [entry.get("trust_mark") for entry in shown[:_MAX_MARKS] if entry.get("trust_mark_type") == kind]
    return [text for text in texts if isinstance(text, str)]


def _verified(text: str, chain: Chain, kind: str, resolver: Resolver, ask: Ask) -> Mark:
    with own_word():
        parsed = _parsed(text, TYP, chain.entity)
    claims = parsed.claims
    if not _is_of(parsed, chain.entity, kind):
        raise TrustError("wrongSubject", chain.entity, "the mark is of another type or another entity")
    issuer = accredited(claims.get("iss"), chain, kind, resolver)
    statements.signature(parsed, issuer.keys, issuer.entity)
    with own_word():
        _, expires = statements.term(claims, issuer.entity, now=resolver.now(), longest=LONGEST)
    _check_status(text, issuer, ask, resolver.now)
    name = claims.get("jti")
    # A mark without an identifier is in no log.
    shows = frozenset((chain.entity,) if isinstance(name, str) else ())
    given = Ground(issuer.entity, ("mark", str(name)), shows, kind)
    grounds = issuer.grounds | {given}
    return Mark(kind, issuer.entity, min(expires, issuer.expires), claims, grounds)


def _is_of(parsed: jws.Jws, entity: str, kind: str) -> bool:
    return parsed.claims.get("trust_mark_type") == kind and parsed.claims.get("sub") == entity


def _check_status(text: str, issuer: Chain, ask: Ask, now: Callable[[], datetime]) -> None:
    """Let the issuer confirm that it has not taken the mark back (section 8.4)."""
    place = chains.endpoint(issuer.configuration, "federation_trust_mark_status_endpoint")
    answer = _parsed(ask(place, text), STATUS_TYP, issuer.entity)
    statements.signature(answer, issuer.keys, issuer.entity)
    if answer.claims.get("iss") != issuer.entity or answer.claims.get("trust_mark") != text:
        raise TrustError("wrongSubject", issuer.entity, "the status is of another mark")
    issued = answer.claims.get("iat")
    if not isinstance(issued, int) or abs(now().timestamp() - issued) > statements.SKEW.total_seconds():
        raise TrustError("notYetValid", issuer.entity, "the status is not of now")
    if answer.claims.get("status") == "revoked":
        raise RevokedError("markNotActive", issuer.entity, "who gave the mark has taken it back")
    if answer.claims.get("status") != "active":
        raise TrustError("markNotActive", issuer.entity, "who gave the mark does not stand by it")


def _parsed(text: str, typ: str, entity: str) -> jws.Jws:
    try:
        parsed = jws.parse(text.strip(), max_chars=statements.MAX_CHARS)
    except jws.JwsError as error:
        raise TrustError("malformed", entity, str(error)) from error
    if parsed.header.get("typ") != typ:
        raise TrustError("wrongType", entity, f"typ is {typ}")
    return parsed
