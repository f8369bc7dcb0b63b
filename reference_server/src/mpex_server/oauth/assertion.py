"""Client authentication by `private_key_jwt` (RFC 7523 as FAPI 2.0 narrows it)."""

from dataclasses import dataclass
from typing import Any

from mpex_server.kit import jws
from mpex_server.oauth.clients import Client

LIFETIME_SECONDS = 300
SKEW_SECONDS = 10


class AssertionRefusedError(ValueError):
    """The assertion does not authenticate the client; the message names the claim, never its value."""


class UnknownKeyError(AssertionRefusedError):
    """The assertion names a key that the client is not known to have."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A parsed assertion: who it claims to be, still to be verified with that client's keys."""

    parsed: jws.Jws
    client_id: str


def parse(text: str) -> Assertion:
    """Read an assertion; raises AssertionRefusedError."""
    try:
        parsed = jws.parse(text)
    except jws.JwsError as error:
        raise AssertionRefusedError(str(error)) from error
    subject = parsed.claims.get("sub")
    if not isinstance(subject, str) or parsed.claims.get("iss") != subject:
        raise AssertionRefusedError("iss and sub must both be the client id")
    return Assertion(parsed, subject)


def verify(assertion: Assertion, client: Client, *, issuer: str, now: float) -> tuple[str, int]:
    """Check signature and claims; return `jti` and the second until which it must be remembered."""
    _verify_signature(assertion.parsed, client)
    claims = assertion.parsed.claims
    if claims.get("aud") != issuer:
        raise AssertionRefusedError("aud must be the issuer identifier as a string")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 128:
        raise AssertionRefusedError("jti must be a string of 1 to 128 characters")
    expires = _seconds(claims, "exp")
    if expires is None or expires <= now - SKEW_SECONDS:
        raise AssertionRefusedError("exp is missing or past")
    issued = _seconds(claims, "iat")
    if expires - (now if issued is None else min(issued, now)) > LIFETIME_SECONDS:
        raise AssertionRefusedError(
            f"exp must be at most {LIFETIME_SECONDS} seconds after iat and after the request"
        )
    for name in ("iat", "nbf"):
        moment = _seconds(claims, name)
        if moment is not None and moment > now + SKEW_SECONDS:
            raise AssertionRefusedError(f"{name} is in the future")
    return jti, int(expires) + SKEW_SECONDS + 1


def _verify_signature(parsed: jws.Jws, client: Client) -> None:
    kid = parsed.header.get("kid")
    keys = [key for key in client.jwks.get("keys", ()) if kid is None or key.get("kid") == kid]
    if isinstance(kid, str) and not keys:
        raise UnknownKeyError("the signature is by no registered key of the client")
    for key in keys:
        try:
            jws.verify(parsed, jws.verification_key(key))
        except jws.JwsError:
            continue
        return
    raise AssertionRefusedError("the signature is by no registered key of the client")


def _seconds(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AssertionRefusedError(f"{name} must be a number")
    return value
