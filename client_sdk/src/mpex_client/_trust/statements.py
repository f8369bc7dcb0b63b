"""Entity statements and other signed tokens of the federation, read whole or refused (TRUST-003, -004)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import Key

from mpex_client._errors import TrustError
from mpex_client._signatures import algorithms, checked, public_key
from mpex_client._trust.flow import strict_json

__all__ = ["Statement", "Token", "configuration", "keys_of", "read", "signer", "subordinate", "term"]

Keys = Mapping[str, Key]
_TYP = "entity-statement+jwt"
_DAY = timedelta(hours=24)
_SKEW = timedelta(seconds=10)
_MOST_CHARS, _MOST_KEYS, _MOST_HINTS = 65_536, 10, 5
_POLICIES = ("metadata_policy", "metadata_policy_crit")


@dataclass(frozen=True, slots=True)
class Token:
    """A signed token that was read and not yet verified."""

    header: dict[str, Any]
    claims: dict[str, Any]
    data: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified statement: who signed it with which key, the keys that it vouches for, and until when."""

    issuer: str
    subject: str
    signer: str
    keys: Keys
    expires: datetime
    claims: dict[str, Any]

    @property
    def thumbprints(self) -> frozenset[str]:
        """The thumbprints of the keys that it vouches for."""
        return frozenset(key.thumbprint() for key in self.keys.values())

    @property
    def longest(self) -> int | None:
        """How many intermediates may lie below the issuer; None for any number."""
        found: int | None = self.claims.get("constraints", {}).get("max_path_length")
        return found

    def metadata(self, kind: str) -> dict[str, Any]:
        """Return the metadata of an entity type; empty when the entity is none."""
        return dict(self.claims.get("metadata", {}).get(kind, {}))

    def endpoint(self, name: str) -> str:
        """Return an address that the entity names below its own; raises TrustError."""
        place = self.metadata("federation_entity").get(name)
        if not isinstance(place, str) or not place.startswith(self.subject + "/"):
            raise TrustError("malformed", self.subject, f"it names no {name} below its own address")
        return place


def configuration(text: str, entity: str, now: datetime) -> Statement:
    """Read what an entity says of itself, signed with a key that it names; raises TrustError."""
    token = read(text, _TYP, entity)
    keys = keys_of(token.claims.get("jwks"), entity)
    return _statement(token, entity, entity, keys, now, refused=_POLICIES)


def subordinate(text: str, superior: Statement, entity: str, now: datetime) -> Statement:
    """Read what a superior says of an entity, signed with a key of the superior; raises TrustError."""
    token = read(text, _TYP, superior.subject)
    return _statement(token, superior.subject, entity, superior.keys, now, refused=(*_POLICIES, "metadata"))


def read(text: str, typ: str, entity: str) -> Token:
    """Split a token of a type; raises TrustError, which is about `entity`."""
    try:
        head, body, tail = text.strip().split(".")
        header, claims = strict_json(_decoded(head)), strict_json(_decoded(body))
        token = Token(header, claims, f"{head}.{body}".encode(), _decoded(tail))
    except ValueError as error:
        raise TrustError("malformed", entity, "it is no signed token") from error
    sound = len(text) <= _MOST_CHARS and isinstance(header, dict) and isinstance(claims, dict)
    if not sound or "crit" in header or header.get("alg") not in ("ES256", "PS256", "EdDSA", "Ed25519"):
        raise TrustError("malformed", entity, "it is no signed token of this standard")
    if header.get("typ") != typ:
        raise TrustError("wrongType", entity, f"typ is not {typ}")
    return token


def signer(token: Token, keys: Keys, entity: str) -> str:
    """Return the thumbprint of the key that signed a token; raises TrustError."""
    key = keys.get(str(token.header.get("kid")))
    if key is None:
        raise TrustError("unvouchedKey", entity, "kid names no key that is vouched for")
    try:
        if token.header["alg"] not in algorithms(key):
            raise ValueError("alg does not fit the key")
        checked(key, token.data, token.signature)
    except ValueError as error:
        raise TrustError("badSignature", entity, str(error)) from error
    return key.thumbprint()


def term(claims: Mapping[str, Any], entity: str, now: datetime, longest: timedelta) -> datetime:
    """Return when something ends that holds now; raises TrustError."""
    issued, expires = (_instant(claims.get(name), name, entity) for name in ("iat", "exp"))
    if issued > now + _SKEW:
        raise TrustError("notYetValid", entity, "iat is in the future")
    if expires <= now - _SKEW:
        raise TrustError("expired", entity, "exp is past")
    if expires - issued > longest:
        raise TrustError("livesTooLong", entity, f"exp is more than {longest} after iat")
    return expires


def keys_of(jwks: Any, entity: str) -> dict[str, Key]:
    """Return the public keys of a JWK set by `kid`; raises TrustError."""
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_KEYS:
        raise TrustError("malformed", entity, f"jwks does not have 1 to {_MOST_KEYS} keys")
    try:
        keys = {key["kid"]: public_key(key) for key in listed}
    except (ValueError, LookupError, TypeError) as error:
        raise TrustError("malformed", entity, "jwks has a key that is not usable, or has no kid") from error
    if len(keys) != len(listed) or not all(isinstance(kid, str) for kid in keys):
        raise TrustError("malformed", entity, "a kid is there twice, or is no string")
    return keys


def _statement(
    token: Token, issuer: str, subject: str, by: Keys, now: datetime, *, refused: tuple[str, ...]
) -> Statement:
    claims = token.claims
    if "crit" in claims:
        raise TrustError("unknownCritical", issuer, "crit names claims that this standard does not have")
    for name in refused:
        if name in claims:
            raise TrustError("policyRefused", issuer, f"{name} is not part of this standard")
    keys = keys_of(claims.get("jwks"), issuer)
    for name, wanted, reason in (("iss", issuer, "wrongIssuer"), ("sub", subject, "wrongSubject")):
        if claims.get(name) != wanted:
            raise TrustError(reason, issuer, f"{name} is another entity")
    thumbprint, expires = signer(token, by, issuer), term(claims, issuer, now, _DAY)
    _check_shape(claims, issuer)
    return Statement(issuer, subject, thumbprint, keys, expires, claims)


def _check_shape(claims: Mapping[str, Any], entity: str) -> None:
    hints, metadata = claims.get("authority_hints", []), claims.get("metadata", {})
    if not isinstance(hints, list) or len(hints) > _MOST_HINTS or not all(isinstance(i, str) for i in hints):
        raise TrustError("malformed", entity, f"authority_hints are not at most {_MOST_HINTS} addresses")
    if not isinstance(metadata, dict) or not all(isinstance(i, dict) for i in metadata.values()):
        raise TrustError("malformed", entity, "metadata is no object of objects")
    constraints = claims.get("constraints", {})
    if not isinstance(constraints, dict) or constraints.keys() - {"max_path_length"}:
        raise TrustError("constraintBroken", entity, "a constraint is not part of this standard")
    longest = constraints.get("max_path_length", 0)
    if isinstance(longest, bool) or not isinstance(longest, int) or longest < 0:
        raise TrustError("malformed", entity, "max_path_length is no number, or below 0")


def _decoded(text: str) -> bytes:
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _instant(value: Any, name: str, entity: str) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        raise TrustError("malformed", entity, f"{name} is no number of seconds since 1970")
    return datetime.fromtimestamp(value, UTC)
