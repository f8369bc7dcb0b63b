"""Whose a record is: what this node knows of that, and the statements by which it came to a custodian.

A custodian signs one when it gives the record up, and not before: to be handed a record is not to keep it.
"""

from typing import Any

from mpex_server.custody import tombstones
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem
from mpex_server.kit import jws
from mpex_server.peers import registry, signatures
from mpex_server.received_releases import custodians
from mpex_server.received_releases import service as received_releases

TYPE = "mpex-custody+jwt"
_MOST = 20
Json = dict[str, Any]


def made(work: Work, record: str, *, transfer: str, partner: str) -> str:
    """Return the statement that a record was given up to a partner (CUST-022)."""
    claims = {
        "iss": work.settings.node_id,
        "aud": partner,
        "jti": transfer,
        "iat": int(work.now().timestamp()),
        "record": record,
    }
    return signatures.sign(work.keys, TYPE, claims)


def shown(work: Work, record: str) -> Json:
    """Return the member of a package with the statements by which a record came here, if it did."""
    last = tombstones.last_completed(tombstones.transfers_of(work, record))
    kept = last.body.get("statements", []) if last is not None and last.owner is not None else []
    return {"provenance": kept[-_MOST:]} if kept else {}


def kept(before: list[str], event: Json) -> Json:
    """Return what to keep of statements before a transfer and of the event that completes it, if it does."""
    return {"statements": [*before, event["statement"]]} if "statement" in event else {}


def require(work: Work, record: str, sender: str, package: Json) -> None:
    """Refuse a record that is known as another node's and did not come to the sender (CUST-021).

    Raises Problem `conflict`.
    """
    known = _known_custodians(work, record) - {work.settings.node_id}
    if not known <= _custodians(work, record, sender, package.get("provenance", [])):
        raise Problem(
            "conflict", "The record is known here as another node's, and nothing shows that it passed on."
        )


def _known_custodians(work: Work, record: str) -> set[str]:
    """Return who keeps a record, by the releases of it that came here and by the last transfer from here."""
    of_releases = {custodians.present(held.body) for held in received_releases.of_record(work, record)}
    taken_over = tombstones.custodian_of(work, record)
    return of_releases | ({taken_over} if taken_over else set())


def _custodians(work: Work, record: str, sender: str, statements: list[str]) -> set[str]:
    """Return the sender and, back from it, everybody from whom the record came by sound statements."""
    proved = {sender}
    for statement in reversed(statements):
        giver = _giver(work, record, sender, statement)
        if giver is None:
            break
        proved.add(giver)
        sender = giver
    return proved


def _giver(work: Work, record: str, taker: str, statement: str) -> str | None:
    """Return who handed the record to the taker, as its own signature shows; None for anything else."""
    try:
        giver = str(jws.parse(statement).claims.get("iss"))
        claims = signatures.verified(
            statement, registry.known(work.conn, giver).get("jwks", {"keys": []}), typ=TYPE
        )
    except jws.JwsError:
        return None
    return giver if (claims.get("aud"), claims.get("record")) == (taker, record) else None
