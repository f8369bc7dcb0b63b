"""Entity statements (OpenID Federation 1.0, section 3), as narrow as the profile of this standard has them.

A statement that carries what this profile does not have is refused and not half understood: metadata
policies, metadata that a superior lays down, constraints other than the length of the path, critical claims.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mpex_server.federation.faults import TrustError
from mpex_server.kit import jws

TYP = "entity-statement+jwt"
LONGEST = timedelta(hours=24)
SKEW = timedelta(seconds=10)
MAX_CHARS = 65_536
_MAX_KEYS = 10
_MAX_HINTS = 5
_POLICIES = ("metadata_policy", "metadata_policy_crit")
_NOT_FROM_ABOVE = (*_POLICIES, "metadata")
_CONSTRAINTS = frozenset({"max_path_length"})


Fetch = Callable[[str], str]
"""Gets the text behind an address; raises TrustError with `unreachable`, or `notFound` for status 404."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified statement: `signer` is the thumbprint of the key that signed it, `keys` what it vouches for.

    `path` bounds the intermediates between the issuer and the end of a chain; None for no bound.
    """

    issuer: str
    subject: str
    signer: str
    keys: Mapping[str, jws.VerificationKey]
    expires: datetime
    claims: dict[str, Any]
    path: int | None

    @property
    def thumbprints(self) -> frozenset[str]:
        """The thumbprints of the keys that the statement vouches for."""
        return frozenset(key.thumbprint for key in self.keys.values())

    @property
    def hints(self) -> list[str]:
        """The superiors that an entity names."""
        return list(self.claims.get("authority_hints", ()))

    def metadata(self, kind: str) -> dict[str, Any]:
        """Return the metadata of an entity type; empty when the entity is none."""
        return dict(self.claims.get("metadata", {}).get(kind, {}))


def configuration(text: str, *, entity: str, now: datetime) -> Statement:
    """Read what an entity says of itself, signed by a key that it names; raises TrustError.

    That proves possession of the key and no more: a superior must vouch for it.
    """
    parsed = _parsed(text, entity)
    _refuse(parsed, _POLICIES, entity)
    keys = keys_of(parsed.claims.get("jwks"), entity)
    return _verified(parsed, issuer=entity, subject=entity, by=keys, keys=keys, now=now)


def issued(text: str) -> int:
    """Return the second of the epoch in which a configuration was signed that was verified before."""
    return int(jws.parse(text.strip(), max_chars=MAX_CHARS).claims["iat"])


def subordinate(text: str, *, issuer: Statement, subject: str, now: datetime) -> Statement:
    """Read what a superior says of an entity, signed by a key of its own; raises TrustError."""
    parsed = _parsed(text, issuer.subject)
    _refuse(parsed, _NOT_FROM_ABOVE, issuer.subject)
    keys = keys_of(parsed.claims.get("jwks"), issuer.subject)
    return _verified(parsed, issuer=issuer.subject, subject=subject, by=issuer.keys, keys=keys, now=now)


def signature(parsed: jws.Jws, by: Mapping[str, jws.VerificationKey], entity: str) -> str:
    """Return the thumbprint of the key among `by` that signed; raises TrustError."""
    key = by.get(str(parsed.header.get("kid")))
    if key is None:
        raise TrustError("unvouchedKey", entity, "kid names no key that is vouched for")
    try:
        jws.verify(parsed, key)
    except jws.JwsError as error:
        raise TrustError("badSignature", entity, str(error)) from error
    return key.thumbprint


def term(
    claims: Mapping[str, Any], entity: str, *, now: datetime, longest: timedelta
) -> tuple[datetime, datetime]:
    """Return when something was issued and when it ends, if it holds at `now`; raises TrustError."""
    issued, expires = (_instant(claims.get(name), name, entity, now) for name in ("iat", "exp"))
    if issued > now + SKEW:
        raise TrustError("notYetValid", entity, "iat is in the future")
    if expires <= now - SKEW:
        raise TrustError("expired", entity, "exp is past")
    if expires - issued > longest:
        raise TrustError("livesTooLong", entity, f"exp is more than {longest} after iat")
    return issued, expires


def keys_of(jwks: Any, entity: str) -> dict[str, jws.VerificationKey]:
    """Return the public keys of a JWK set by `kid`; raises TrustError."""
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MAX_KEYS:
        raise TrustError("malformed", entity, f"jwks has 1 to {_MAX_KEYS} keys")
    try:
        keys = {key["kid"]: jws.verification_key(key) for key in listed}
    except (jws.JwsError, KeyError, TypeError) as error:
        raise TrustError("malformed", entity, "a key is not usable, or has no kid that is text") from error
    if len(keys) != len(listed):
        raise TrustError("malformed", entity, "no two keys have the same kid")
    return keys


def _parsed(text: str, entity: str) -> jws.Jws:
    try:
        parsed = jws.parse(text.strip(), max_chars=MAX_CHARS)
    except jws.JwsError as error:
        raise TrustError("malformed", entity, str(error)) from error
    if parsed.header.get("typ") != TYP:
        raise TrustError("wrongType", entity, f"typ is {TYP}")
    if "crit" in parsed.claims:
        raise TrustError("unknownCritical", entity, "crit names claims that this profile does not have")
    return parsed


def _refuse(parsed: jws.Jws, names: tuple[str, ...], entity: str) -> None:
    for name in names:
        if name in parsed.claims:
            raise TrustError("policyRefused", entity, f"{name} is not part of this profile")


def _verified(
    parsed: jws.Jws,
    *,
    issuer: str,
    subject: str,
    by: Mapping[str, jws.VerificationKey],
    keys: Mapping[str, jws.VerificationKey],
    now: datetime,
) -> Statement:
    claims = parsed.claims
    if claims.get("iss") != issuer:
        raise TrustError("wrongIssuer", issuer, "iss is another entity")
    if claims.get("sub") != subject:
        raise TrustError("wrongSubject", issuer, "sub is another entity")
    signer = signature(parsed, by, issuer)
    _, expires = term(claims, issuer, now=now, longest=LONGEST)
    _check_shape(claims, issuer)
    return Statement(issuer, subject, signer, keys, expires, claims, _path(claims, issuer))


def _check_shape(claims: Mapping[str, Any], entity: str) -> None:
    hints, metadata = claims.get("authority_hints", []), claims.get("metadata", {})
    if not isinstance(hints, list) or len(hints) > _MAX_HINTS or not all(isinstance(i, str) for i in hints):
        raise TrustError("malformed", entity, f"authority_hints are at most {_MAX_HINTS} addresses")
    if not isinstance(metadata, dict) or not all(isinstance(i, dict) for i in metadata.values()):
        raise TrustError("malformed", entity, "metadata is an object of objects")


def _path(claims: Mapping[str, Any], entity: str) -> int | None:
    constraints = claims.get("constraints", {})
    if not isinstance(constraints, dict) or constraints.keys() - _CONSTRAINTS:
        raise TrustError("constraintBroken", entity, "a constraint is not part of this profile")
    longest = constraints.get("max_path_length")
    if longest is not None and (isinstance(longest, bool) or not isinstance(longest, int) or longest < 0):
        raise TrustError("malformed", entity, "max_path_length is a number, 0 or more")
    return longest


def _instant(value: Any, name: str, entity: str, now: datetime) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        raise TrustError("malformed", entity, f"{name} is a number of seconds since 1970")
    return datetime.fromtimestamp(value, now.tzinfo)
