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
from mpex_server.storage.documents import Document

TYPE = "mpex-custody+jwt"
_MOST = 20
Json = dict[str, Any]


def made(work: Work, record: Document, *, transfer: str, partner: str) -> str:
    """Return the statement that a record was given up to a partner (CUST-022)."""
    claims = {
        "iss": work.settings.node_id,
        "aud": partner,
        "jti": transfer,
        "iat": int(work.now().timestamp()),
        "record": record.id,
        "version": record.version,
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
    """Refuse a record that is known as another node's and did not come to the sender since (CUST-021, -027).

    Raises Problem `conflict`.
    """
    given_up = _given_up(work, record, sender, package.get("provenance", []))
    for custodian, since in _known_custodians(work, record).items():
        if custodian not in {sender, work.settings.node_id} and given_up.get(custodian, -1) < since:
            raise Problem(
                "conflict",
                "The record is known here as another node's, and nothing shows that it passed on since.",
            )


def _known_custodians(work: Work, record: str) -> dict[str, int]:
    """Return who keeps a record, by releases and by the last transfer from here, and since which version."""
    known = dict[str, int]()
    for held in received_releases.of_record(work, record):
        custodian = custodians.present(held.body)
        known[custodian] = max(custodians.since(held.body), known.get(custodian, 0))
    last = tombstones.given_up(work, record)
    if last is not None:
        taker, version = last.body["to"], last.body["handedOut"][record]
        known[taker] = max(version, known.get(taker, 0))
    return known


def _given_up(work: Work, record: str, sender: str, statements: list[str]) -> dict[str, int]:
    """Return who gave the record up, back from the sender, by sound statements, and at which version."""
    proved = dict[str, int]()
    for statement in reversed(statements):
        claims = _claims(work, statement)
        if (claims.get("aud"), claims.get("record")) != (sender, record):
            break
        sender = str(claims["iss"])
        proved[sender] = max(claims["version"], proved.get(sender, 0))
    return proved


def _claims(work: Work, statement: str) -> Json:
    """Return the claims of a statement that its issuer signed; nothing for anything else."""
    try:
        giver = str(jws.parse(statement).claims.get("iss"))
        claims = signatures.verified(
            statement, registry.known(work.conn, giver).get("jwks", {"keys": []}), typ=TYPE
        )
    except jws.JwsError:
        return {}
    return claims if isinstance(claims.get("version"), int) else {}
