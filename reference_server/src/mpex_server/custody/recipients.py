"""What a change of custody means at the new custodian, and for those who hold releases."""

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.domain.recall import ACTIVE
from mpex_server.events.taken import Taken
from mpex_server.kit import jws
from mpex_server.peers import registry, signatures
from mpex_server.recalls import outbox
from mpex_server.received_releases import service as received_releases
from mpex_server.records import candidate_index
from mpex_server.storage.documents import Document

_EVENT = "secevent+jwt"


def tell(work: Work, record: str, taken: Taken) -> None:
    """Tell every partner that holds a release of a record which node is the custodian now (CUST-004)."""
    held = {
        (entry.partner, entry.reference, entry.purpose)
        for entry in disclosed.of_records(work.conn, [record])
        if entry.kind == "release" and entry.state == ACTIVE and entry.partner != taken.partner
    }
    for partner, release, purpose in sorted(held):
        outbox.enqueue(
            work,
            partner=partner,
            event_type="custodianChanged",
            subject=release,
            purpose=purpose,
            event={"release": release, "custodian": taken.partner, "acceptance": taken.token},
        )


def take_change(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter the new custodian of what a partner released, when that node's own signature shows it."""
    custodian = taken.event["custodian"]
    entry = registry.known(work.conn, custodian)
    try:
        claims = signatures.verified(taken.event["acceptance"], entry.get("jwks", {"keys": []}), typ=_EVENT)
    except jws.JwsError:
        return
    if claims.get("iss") != custodian or claims.get("aud") != taken.partner:
        return
    for document in received_releases.under(work, taken.event["release"], taken.partner):
        body = document.body | {"custodian": custodian}
        work.documents.replace(
            document, body, reason="custodianChanged", actor=taken.partner, status=document.status
        )


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
