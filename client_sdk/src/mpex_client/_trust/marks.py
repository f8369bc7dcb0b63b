"""Trust marks: what accredited organisations attest of a node, and stand by (TRUST-006 to TRUST-008)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mpex_client._errors import TrustError
from mpex_client._trust import statements
from mpex_client._trust.chains import Chain, Realm
from mpex_client._trust.flow import Flow, published

__all__ = ["CONFORMANCE", "NO_ENFORCEMENT", "TRACING", "Mark", "find"]

TRACING = "urn:mpex:mark:tracing-mandate"
NO_ENFORCEMENT = "urn:mpex:mark:no-immigration-enforcement"
CONFORMANCE = "urn:mpex:mark:conformance"
_TYP, _STATUS_TYP = "trust-mark+jwt", "trust-mark-status-response+jwt"
_LONGEST = timedelta(days=366)
_SKEW_SECONDS = 10
_MOST = 20


class _RevokedError(TrustError):
    """Whoever gave a mark says, signed, that it was taken back."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that holds: its type, who gave it, until when, and what else it says."""

    kind: str
    issuer: str
    expires: datetime
    claims: dict[str, Any]


def find(realm: Realm, chain: Chain, kind: str) -> Flow[Mark]:
    """Return the first mark of a type that holds.

    When none does, raises the TrustError of one that was taken back, else of the last.
    """
    fault = TrustError("markMissing", chain.entity, f"it shows no mark {kind}")
    for text in _shown(chain, kind):
        try:
            return (yield from _verified(realm, chain, kind, text))
        except TrustError as error:
            error.mark = kind
            fault = fault if isinstance(fault, _RevokedError) else error
    raise fault


def _shown(chain: Chain, kind: str) -> list[str]:
    shown = chain.configuration.claims.get("trust_marks", [])
    if not isinstance(shown, list) or not all(isinstance(entry, dict) for entry in shown):
        raise TrustError("malformed", chain.entity, "trust_marks is no list of objects")
    texts = [entry.get("trust_mark") for entry in shown[:_MOST] if entry.get("trust_mark_type") == kind]
    return [text for text in texts if isinstance(text, str)]


def _verified(realm: Realm, chain: Chain, kind: str, text: str) -> Flow[Mark]:
    token = statements.read(text, _TYP, chain.entity)
    if token.claims.get("trust_mark_type") != kind or token.claims.get("sub") != chain.entity:
        raise TrustError("wrongSubject", chain.entity, "the mark is of another type or another entity")
    accredited = chain.anchor.claims.get("trust_mark_issuers", {})
    listed, name = accredited.get(kind) if isinstance(accredited, dict) else None, token.claims.get("iss")
    if not isinstance(listed, list) or name not in listed:
        raise TrustError("markNotAccredited", chain.entity, "the anchor does not accredit who gave the mark")
    issuer = yield from realm.resolve(str(name))
    statements.signer(token, issuer.keys, issuer.entity)
    expires = statements.term(token.claims, issuer.entity, realm.now, _LONGEST)
    place = issuer.configuration.endpoint("federation_trust_mark_status_endpoint")
    answer = yield from published(place, {"trust_mark": text})
    _check_status(answer, text, issuer, realm.now)
    return Mark(kind, issuer.entity, min(expires, issuer.expires), token.claims)


def _check_status(answer: str, text: str, issuer: Chain, now: datetime) -> None:
    status = statements.read(answer, _STATUS_TYP, issuer.entity)
    statements.signer(status, issuer.keys, issuer.entity)
    claims = status.claims
    if claims.get("iss") != issuer.entity or claims.get("trust_mark") != text:
        raise TrustError("wrongSubject", issuer.entity, "the status is of another mark")
    issued = claims.get("iat")
    if not isinstance(issued, int) or abs(now.timestamp() - issued) > _SKEW_SECONDS:
        raise TrustError("notYetValid", issuer.entity, "the status is not of now")
    if claims.get("status") == "revoked":
        raise _RevokedError("markNotActive", issuer.entity, "who gave the mark has taken it back")
    if claims.get("status") != "active":
        raise TrustError("markNotActive", issuer.entity, "who gave the mark does not stand by it")
