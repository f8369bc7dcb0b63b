"""The static partner registry: entries (`schemas/partner.json`) in one JWS signed by an anchor.

The registry is the whole truth: importing it adds and replaces what it lists and suspends everybody else. It
holds until it expires, and a registry that is not newer than the last one of its anchor is refused.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from mpex_server.errors import Problem
from mpex_server.http.spec import schema_validator
from mpex_server.http.validation import check
from mpex_server.kit import hpke, jws
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.oauth.dpop import SKEW_SECONDS
from mpex_server.storage import tables as t

TYP = "mpex-registry+jwt"
MAX_CHARS = 8_000_000


class RegistryError(ValueError):
    """The registry or an entry is not acceptable; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry whose signature holds: the anchor's key thumbprint, the term, and the entries."""

    anchor: str
    issued_at: datetime
    valid_until: datetime
    entries: list[dict[str, Any]]


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


def verified(text: str, anchor: dict[str, Any], *, now: datetime) -> Registry:
    """Return the registry that the anchor's public JWK signed, unless it has expired or is of the future."""
    try:
        parsed = jws.parse(text.strip(), max_chars=MAX_CHARS)
        key = jws.verification_key(anchor)
        jws.verify(parsed, key)
    except jws.JwsError as error:
        raise RegistryError(f"the registry is refused: {error}") from error
    issued, expires, entries = (parsed.claims.get(name) for name in ("iat", "exp", "partners"))
    if parsed.header.get("typ") != TYP or not isinstance(entries, list):
        raise RegistryError("the signed text is not a partner registry")
    if not isinstance(expires, int) or expires <= now.timestamp():
        raise RegistryError("the registry has expired; ask the anchor for the present one")
    if not isinstance(issued, int) or issued > now.timestamp() + SKEW_SECONDS:
        raise RegistryError("the registry does not say when it was issued, or names a time to come")
    for entry in entries:
        check_entry(entry)
    return Registry(
        anchor=key.thumbprint,
        issued_at=datetime.fromtimestamp(issued, UTC),
        valid_until=datetime.fromtimestamp(expires, UTC),
        entries=entries,
    )


def check_entry(entry: Any) -> None:
    """Raise RegistryError, naming each wrong place, when an entry does not follow its schema."""
    try:
        check(schema_validator("partner"), entry)
        for key in entry["jwks"].get("keys", ()):
            check_key = hpke.public_key if hpke.is_for_encryption(key) else jws.verification_key
            check_key(key)
    except Problem as problem:
        places = "; ".join(f"{fault.pointer or '/'} {fault.detail}" for fault in problem.faults)
        raise RegistryError(f"a partner entry does not follow its schema: {places}") from problem
    except (jws.JwsError, hpke.HpkeError) as error:
        raise RegistryError(f"a key of a partner entry is refused: {error}") from error


def apply(conn: Connection, registry: Registry, *, now: datetime) -> set[str]:
    """Make the registered partners exactly those of `registry`, until it expires; return who lost its trust.

    Raises RegistryError when it is not newer than the last one of that anchor: it could undo a suspension.
    """
    table = t.registry
    own = table.c.anchor == registry.anchor
    last = conn.scalar(select(table.c.issued_at).where(own))
    if last is not None and instant(registry.issued_at) <= last:
        raise RegistryError("the registry is not newer than the one imported last; ask for the present one")
    conn.execute(delete(table).where(own))
    until = instant(registry.valid_until)
    conn.execute(
        insert(table).values(anchor=registry.anchor, issued_at=instant(registry.issued_at), valid_until=until)
    )
    entries = {entry["nodeId"]: entry for entry in registry.entries}
    known = clients.partner_ids(conn)
    # In the order in which searches hold partners fast, so that neither waits for the other.
    for node_id in sorted(known | entries.keys()):
        if node_id in entries:
            clients.register_partner(conn, entries[node_id], at=instant(now), until=until)
        else:
            clients.suspend_partner(conn, node_id, at=instant(now))
    unmarked = {node_id for node_id, entry in entries.items() if not entry["noImmigrationEnforcement"]}
    return (known - entries.keys()) | unmarked
