"""What a change of custody means at the new custodian, and for those who hold releases."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.repository import Disclosure
from mpex_server.disclosures.work import Work
from mpex_server.domain.recall import ACTIVE
from mpex_server.events import repository as inbox
from mpex_server.events.taken import Taken
from mpex_server.kit import jws
from mpex_server.peers import registry, signatures
from mpex_server.recalls import outbox
from mpex_server.received_releases import service as received_releases
from mpex_server.records import candidate_index
from mpex_server.storage.documents import Document

_EVENT = "secevent+jwt"
_HELD = frozenset({ACTIVE, "marked", "restricted"})
Json = dict[str, Any]


def tell(work: Work, record: str, taken: Taken) -> list[Json]:
    """Tell every partner that holds a release of a record which node is the custodian now (CUST-004).

    Return who they are, by identifiers only, so that the new custodian can call back what they hold.
    """
    held = {
        (entry.partner, entry.reference): entry
        for entry in disclosed.of_records(work.conn, [record])
        if entry.kind == "release" and entry.state in _HELD and entry.partner != taken.partner
    }
    for (partner, release), entry in sorted(held.items()):
        outbox.enqueue(
            work,
            partner=partner,
            event_type="custodianChanged",
            subject=release,
            purpose=entry.purpose,
            event={"release": release, "custodian": taken.partner, "acceptance": taken.token},
        )
    return [_listed(entry) for _, entry in sorted(held.items())]


def enter(work: Work, transfer: Document, taken: Taken, leaf: str) -> None:
    """Enter those who hold releases of a record that was taken over, to be called back from here."""
    for entry in taken.event.get("recipients", ()):
        disclosed.add(
            work.conn,
            kind="release",
            record=transfer.body["record"],
            directives=entry["directives"],
            partner=entry["partner"],
            purpose=entry["purpose"],
            categories=entry["categories"],
            reference=entry["release"],
            at=entry["at"],
            leaf=leaf,
        )


def take_change(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter the new custodian of what a partner released, when that node's own signature shows it."""
    custodian = taken.event["custodian"]
    entry = registry.known(work.conn, custodian)
    try:
        claims = signatures.verified(taken.event["acceptance"], entry.get("jwks", {"keys": []}), typ=_EVENT)
    except jws.JwsError:
        return
    if (claims.get("iss"), claims.get("aud")) != (custodian, taken.partner) or not _accepts(claims):
        return
    for document in received_releases.under(work, taken.event["release"], taken.partner):
        body = document.body | {"custodian": custodian}
        work.documents.replace(
            document, body, reason="custodianChanged", actor=taken.partner, status=document.status
        )
    # What the new custodian called back before this node knew that it is: its receipt said that it is done.
    if inbox.recalled(work.conn, custodian, taken.event["release"]):
        for document in received_releases.under(work, taken.event["release"], custodian):
            received_releases.shred(work, document, received_releases.ERASED, actor=custodian)


def _accepts(claims: Json) -> bool:
    """Tell whether a token is the one by which a node takes a record over, not any that it ever signed."""
    told = claims.get("events", {}).get("urn:mpex:event:custodyState", {})
    return bool(told.get("state") == "taken")


def _listed(entry: Disclosure) -> Json:
    return {
        "partner": entry.partner,
        "release": entry.reference,
        "purpose": entry.purpose,
        "categories": list(entry.categories),
        "directives": list(entry.directives),
        "at": entry.at,
    }


def bring_into_use(work: Work, transfer: Document, *, take: bool) -> None:
    """Use the record that waited for the confirmation, or erase it when the old custodian keeps it."""
    record = work.documents.get(transfer.body["record"])
    if record is None or record.erased_at is not None:
        return
    if not take:
        work.documents.erase(record.id)
        return
    body = record.body
    used = work.documents.replace(
        record, body, reason="custodianChanged", actor=str(transfer.owner), status=str(body["status"])
    )
    candidate_index.update(work, used)
