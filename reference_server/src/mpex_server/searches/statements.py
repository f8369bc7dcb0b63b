"""The holder's signed statement on an answer, so that a denied hit leaves evidence (SRCH-009)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, base64url, jws, strict_json
from mpex_server.peers import signatures
from mpex_server.storage import tables as t

TYPE = "mpex-search+jwt"


def sign(
    conn: Connection,
    keys: KeyProvider,
    *,
    issuer: str,
    audience: str,
    search_id: str,
    outcome: str,
    query: dict[str, Any],
    now: datetime,
) -> str:
    """Return the compact JWS over outcome, asker, time and the size of the log at that time.

    The digest of the query is keyed: only the holder can open it, before an ombudsman.
    """
    digest = aead.mac(keys.secret("audit"), "query", search_id, strict_json.canonical(query))
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": int(now.timestamp()),
        "searchId": search_id,
        "outcome": outcome,
        "treeSize": conn.scalar(select(func.max(t.checkpoint.c.size))) or 0,
        "queryDigest": base64url.encode(digest),
    }
    return signatures.sign(keys, TYPE, claims)


def check(
    statement: str, jwks: dict[str, Any], *, issuer: str, audience: str, answer: dict[str, Any]
) -> None:
    """Check a partner's statement against its answer; raises JwsError."""
    claims = signatures.verified(statement, jwks, typ=TYPE)
    if claims.get("iss") != issuer or claims.get("aud") != audience:
        raise jws.JwsError("the statement is by or for somebody else")
    if claims.get("searchId") != answer["searchId"] or claims.get("outcome") != answer["outcome"]:
        raise jws.JwsError("the statement is not on this answer")
