"""Signed releases: a statement over a salted digest of each value, and the disclosed values beside it.

A later reduction leaves out values with their salts and keeps the signature (REL-003, REL-004).
"""

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mpex_server.domain import onward
from mpex_server.domain.consent import Obligations
from mpex_server.http.spec import schema_validator
from mpex_server.keys import KeyProvider
from mpex_server.kit import base64url, jws, strict_json
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.kit.ids import new_id
from mpex_server.peers import signatures
from mpex_server.release_requests import proofs
from mpex_server.storage.documents import Document

TYPE = "mpex-release+jwt"
LONGEST = timedelta(days=30)
_SALT_BYTES = 16
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom, for what and under which conditions something is released."""

    issuer: str
    audience: str
    purpose: str
    case_reference: str
    obligations: Obligations


def release(
    keys: KeyProvider, record: Document, terms: Terms, values: Mapping[str, list[Json]], now: datetime
) -> Json:
    """Return a new release (release.json) of the values by category; its `jti` identifies it."""
    disclosures = {
        category: {"values": [_with_salt(entry) for entry in entries]} for category, entries in values.items()
    }
    until = min(end for end in (now + LONGEST, terms.obligations.delete_by) if end is not None)
    claims = {
        "iss": terms.issuer,
        "aud": terms.audience,
        "jti": new_id("release"),
        "iat": int(now.timestamp()),
        "purpose": terms.purpose,
        "caseReference": terms.case_reference,
        "validUntil": instant(until),
        "obligations": {
            "deleteBy": instant(until),
            "onward": terms.obligations.onward,
            "doNotShareWith": sorted(
                ({entry.member: entry.value} for entry in terms.obligations.do_not_share_with), key=str
            ),
        },
        "origin": {"custodian": terms.issuer, "record": record.id, "version": record.version},
        "digests": digests(disclosures),
    } | _mark(record)
    return {
        "statement": signatures.sign(keys, TYPE, claims),
        "proof": proofs.made(keys, claims),
        "disclosures": disclosures,
    }


def _mark(record: Document) -> Json:
    """Return the claim that says that a record is contested, if it is (CASE-030)."""
    return {"disputed": True} if "dispute" in record.body else {}


def digests(disclosures: Json) -> dict[str, list[str]]:
    """Return the digests of the values of each category (the `disclosures` of release.json)."""
    return {
        category: [digest(entry) for entry in disclosed["values"]]
        for category, disclosed in disclosures.items()
    }


def digest(entry: Json) -> str:
    """Return the base64url SHA-256 over the salt and the canonical JSON of the rest of one value's entry.

    Raises ValueError for a salt that is not base64url.
    """
    stated = {name: value for name, value in entry.items() if name != "salt"}
    return salted(base64url.decode(entry["salt"]), stated)


def salted(salt: bytes, content: Any) -> str:
    """Return the base64url SHA-256 over salt and canonical JSON."""
    return base64url.encode(hashlib.sha256(salt + strict_json.canonical(content)).digest())


def claims_of(statement: str) -> Json:
    """Return the claims of a statement of our own making."""
    return jws.parse(statement).claims


def check(release: Json, jwks: Json, *, issuer: str, audience: str, purpose: str, now: datetime) -> Json:
    """Check signature, addressee, purpose, term and digests of a partner's release; return its claims.

    Raises JwsError.
    """
    claims = signatures.verified(release["statement"], jwks, typ=TYPE)
    if not schema_validator("release-statement").is_valid(claims):
        raise jws.JwsError("the claims do not follow the schema release-statement")
    if claims["iss"] != issuer or claims["aud"] != audience:
        raise jws.JwsError("the release is by or for somebody else")
    if not onward.is_consistent(claims):
        raise jws.JwsError("the release names another origin than it can have")
    if claims["purpose"] != purpose:
        raise jws.JwsError("the release is for another purpose")
    _check_term(claims, now)
    for category, disclosed in release["disclosures"].items():
        _check_digests(claims["digests"].get(category, ()), disclosed["values"])
    return claims


def _with_salt(entry: Json) -> Json:
    return {"salt": base64url.encode(os.urandom(_SALT_BYTES))} | entry


def _check_digests(stated: Collection[str], entries: list[Json]) -> None:
    try:
        made = {digest(entry) for entry in entries}
    except ValueError as error:
        raise jws.JwsError("a salt is not base64url") from error
    if not made <= set(stated):
        raise jws.JwsError("a value does not fit its digest")


def _check_term(claims: Json, now: datetime) -> None:
    until = parse_instant(claims["validUntil"])
    if until > now + LONGEST + timedelta(minutes=1):
        raise jws.JwsError("the release runs longer than 30 days")
    if onward.end_of(claims) <= instant(now):
        raise jws.JwsError("the release has lapsed, or its data had to be deleted before")
