"""Reading a security event token: signed by the partner that sends it, for this node, of a known form."""

from datetime import datetime
from typing import Any

from mpex_server.domain.purposes import PROHIBITED
from mpex_server.errors import Fault, PlainError, Problem
from mpex_server.http.spec import schema_validator
from mpex_server.kit import jws
from mpex_server.peers import signatures

TYPE = "secevent+jwt"
_SKEW_SECONDS = 60
_PREFIX = "urn:mpex:event:"
Json = dict[str, Any]


def refusal(code: str, description: str) -> PlainError:
    """Return the error answer of RFC 8935 §2.3."""
    return PlainError(400, {"err": code, "description": description})


def early(description: str) -> PlainError:
    """Return the answer to an event that has overtaken another: its sender repeats it (RECL-002)."""
    return refusal("access_denied", description)


def read(token: str, sender: Json, *, audience: str, now: datetime) -> Json:
    """Return the claims (event-claims.json); raises PlainError with a code of RFC 8935 (RECL-004).

    `sender` is the entry of the authenticated partner. Raises Problem for a prohibited purpose.
    """
    try:
        jws.parse(token)
    except jws.JwsError as error:
        raise refusal("invalid_request", f"The body is no security event token: {error}.") from error
    try:
        claims = signatures.verified(token, sender["jwks"], typ=TYPE)
    except jws.JwsError as error:
        raise refusal("invalid_key", f"The token is not one of the sender: {error}.") from error
    if claims.get("iss") != sender["nodeId"]:
        raise refusal("invalid_issuer", "iss is not the partner that sends the event.")
    if claims.get("aud") != audience:
        raise refusal("invalid_audience", "aud is not this node.")
    _refuse_prohibited(claims.get("events"))
    if not schema_validator("event-claims").is_valid(claims):
        raise refusal("invalid_request", "The claims do not follow the schema event-claims.")
    if claims["iat"] > now.timestamp() + _SKEW_SECONDS:
        raise refusal("invalid_request", "iat is in the future.")
    return claims


def event_of(claims: Json) -> tuple[str, Json]:
    """Return type and members of the one event that a token carries."""
    ((uri, event),) = claims["events"].items()
    return uri.removeprefix(_PREFIX), event


def _refuse_prohibited(events: Any) -> None:
    """Refuse an event that names a prohibited purpose, whatever form the rest has (PURP-002)."""
    for event in events.values() if isinstance(events, dict) else ():
        purpose = event.get("purpose") if isinstance(event, dict) else None
        if isinstance(purpose, str) and purpose in PROHIBITED:
            raise Problem("prohibitedPurpose", faults=[Fault("/purpose", "is prohibited")])
