"""The static partner registry: entries (`schemas/partner.json`) in one JWS signed by an anchor.

The registry is the whole truth: importing it adds and replaces what it lists and suspends everybody else.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from mpex_server.errors import Problem
from mpex_server.http.spec import schema_validator
from mpex_server.http.validation import check
from mpex_server.kit import jws
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients

TYP = "mpex-registry+jwt"
MAX_CHARS = 8_000_000


class RegistryError(ValueError):
    """The registry or an entry is not acceptable; nothing was changed."""


def signed(
    entries: list[dict[str, Any]], *, issuer: str, kid: str, signer: jws.Signer, now: datetime, days: int
) -> str:
    """Return the registry of `entries`, valid for `days`; raises RegistryError for a bad entry."""
    for entry in entries:
        check_entry(entry)
    claims = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(days=days)).timestamp()),
        "partners": entries,
    }
    return jws.sign({"typ": TYP, "alg": "ES256", "kid": kid}, claims, signer)


def verified(text: str, anchor: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """Return the entries of a registry that the anchor's public JWK signed and that has not expired."""
    try:
        parsed = jws.parse(text.strip(), max_chars=MAX_CHARS)
        jws.verify(parsed, jws.verification_key(anchor))
    except jws.JwsError as error:
        raise RegistryError(f"the registry is refused: {error}") from error
    expires, entries = parsed.claims.get("exp"), parsed.claims.get("partners")
    if parsed.header.get("typ") != TYP or not isinstance(entries, list):
        raise RegistryError("the signed text is not a partner registry")
    if not isinstance(expires, int) or expires <= now.timestamp():
        raise RegistryError("the registry has expired; ask the anchor for the present one")
    for entry in entries:
        check_entry(entry)
    return entries


def check_entry(entry: Any) -> None:
    """Raise RegistryError, naming each wrong place, when an entry does not follow its schema."""
    try:
        check(schema_validator("partner"), entry)
        for key in entry["jwks"].get("keys", ()):
            jws.verification_key(key)
    except Problem as problem:
        places = "; ".join(f"{fault.pointer or '/'} {fault.detail}" for fault in problem.faults)
        raise RegistryError(f"a partner entry does not follow its schema: {places}") from problem
    except jws.JwsError as error:
        raise RegistryError(f"a key of a partner entry is refused: {error}") from error


def apply(conn: Connection, entries: list[dict[str, Any]], *, now: datetime) -> None:
    """Make the registered partners exactly those of `entries`."""
    listed = {entry["nodeId"] for entry in entries}
    for node_id in clients.partner_ids(conn) - listed:
        clients.suspend_partner(conn, node_id, at=instant(now))
    for entry in entries:
        clients.register_partner(conn, entry, at=instant(now))
