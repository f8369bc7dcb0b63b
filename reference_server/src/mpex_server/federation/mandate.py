"""From a chain and its marks to a partner: what each says of a node (TRUST-005 to -008, -021, -031)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mpex_server.domain.purposes import PROHIBITED, PROHIBITED_CLASSES
from mpex_server.errors import Problem
from mpex_server.federation import marks, statements
from mpex_server.federation.chains import Chain, Resolver
from mpex_server.federation.directory import NODE
from mpex_server.federation.faults import TrustError
from mpex_server.federation.logs import Ground
from mpex_server.federation.marks import Ask
from mpex_server.http.spec import schema_validator
from mpex_server.http.validation import check
from mpex_server.kit import hpke, jws

TRACING = "urn:mpex:mark:tracing-mandate"
NO_ENFORCEMENT = "urn:mpex:mark:no-immigration-enforcement"
CONFORMANCE = "urn:mpex:mark:conformance"
FOR_ACCESS = (TRACING, NO_ENFORCEMENT)
KINDS = (*FOR_ACCESS, CONFORMANCE)
_PROHIBITED = PROHIBITED | PROHIBITED_CLASSES
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trusted:
    """A node with a mandate: its partner entry, until when it holds, and why a mark beside it does not.

    `grounds` are the decisions by which it has all that, of those who vouch for it and those who gave marks.
    """

    entry: Json
    until: datetime
    unmarked: TrustError | None
    grounds: frozenset[Ground]


def read(chain: Chain, resolver: Resolver, ask: Ask) -> Trusted:
    """Return the node at the end of a chain; raises TrustError when it has no mandate.

    The mandate says which node it is, what it is and what for; of itself it says its name and its keys.
    Without the mark of no immigration enforcement it is known and has no access (AUTH-013). That whoever gave
    the mark cannot be asked says nothing of it (TRUST-021), so then nothing is returned either.
    """
    tracing = marks.find(chain, TRACING, resolver, ask)
    entry = _entry(chain, tracing)
    until = min(chain.expires, tracing.expires)
    grounds = chain.grounds | tracing.grounds
    try:
        other = marks.find(chain, NO_ENFORCEMENT, resolver, ask)
        if other.issuer == tracing.issuer:
            raise TrustError("markSameIssuer", chain.entity, "both marks are by the same organisation")
    except TrustError as error:
        if error.is_silence:
            raise
        return Trusted(entry | {"noImmigrationEnforcement": False}, until, error, grounds)
    marked = entry | {"noImmigrationEnforcement": True}
    return Trusted(marked, min(until, other.expires), None, grounds | other.grounds)


def check_standing(text: str, entity: str, resolver: Resolver, ask: Ask, *kinds: str) -> None:
    """Raise TrustError when a mark was taken back that an entity showed when it was judged last."""
    said = statements.configuration(text, entity=entity, now=resolver.now())
    for kind in kinds:
        marks.check_standing(said, kind, resolver, ask)


def check_lawful(said: Any, entity: str) -> None:
    """Raise TrustError when a mandate, or an entry, names what nobody is given (TRUST-031)."""
    if not isinstance(said, dict):
        return
    purposes = said.get("purposes")
    named = [*(purposes if isinstance(purposes, list) else ()), said.get("recipientClass")]
    if wrong := [code for code in map(str, named) if code in _PROHIBITED]:
        raise TrustError("mandateProhibited", entity, f"nobody has a mandate for {', '.join(wrong)}")


def check_mandate(mandate: Any, entity: str) -> None:
    """Raise TrustError when a mandate is for what is prohibited, or does not follow its schema."""
    check_lawful(mandate, entity)
    check_form("tracing-mandate", mandate, entity)


def check_entry(entry: Json, entity: str) -> None:
    """Raise TrustError when a partner entry is for what is prohibited, or does not follow its schema."""
    check_lawful(entry, entity)
    check_form("partner", entry, entity)
    keys = entry["jwks"].get("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise TrustError("malformed", entity, "the keys of the node are a list of objects")
    try:
        for key in keys:
            check_key = hpke.public_key if hpke.is_for_encryption(key) else jws.verification_key
            check_key(key)
    except (jws.JwsError, hpke.HpkeError) as error:
        raise TrustError("malformed", entity, f"a key of the node is refused: {error}") from error


def _entry(chain: Chain, tracing: marks.Mark) -> Json:
    about, mandate = chain.configuration.metadata(NODE), tracing.claims.get("mandate", {})
    check_mandate(mandate, chain.entity)
    if about.get("nodeId") != mandate["nodeId"]:
        raise TrustError("wrongSubject", chain.entity, "its mandate is for another node")
    entry = {
        "name": about.get("name"),
        "url": chain.entity,
        "jwks": about.get("jwks"),
        **mandate,
        "noImmigrationEnforcement": False,
    }
    check_entry(entry, chain.entity)
    return entry


def check_form(schema: str, document: Any, entity: str) -> None:
    """Raise TrustError, naming each wrong place, when what an entity says does not follow a schema."""
    try:
        check(schema_validator(schema), document)
    except Problem as problem:
        places = "; ".join(f"{fault.pointer or '/'} {fault.detail}" for fault in problem.faults)
        raise TrustError("malformed", entity, f"{schema}: {places}") from problem
