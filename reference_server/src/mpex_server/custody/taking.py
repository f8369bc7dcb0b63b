"""Taking over: fetch what the old custodian offers, check it, and hold it until that node confirms."""

from typing import Any

from mpex_server.custody import arrivals, packages, provenance, sealing, service, tombstones
from mpex_server.custody.collected import OFFERED
from mpex_server.custody.service import TAKEN
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.kit import jws
from mpex_server.peers import registry
from mpex_server.peers.client import Access, Partner, Peers
from mpex_server.peers.errors import PeerError, RefusedError
from mpex_server.records.resource import broken_rule
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

Json = dict[str, Any]


def partner_of(work: Work, transfer: Document) -> Partner:
    """Return the old custodian to call; raises Problem `conflict`."""
    partner = registry.find(work.conn, str(transfer.owner), work.now())
    if partner is None:
        raise Problem("conflict", "The node that offers the record is no active partner any more.")
    return partner


def fetch(peers: Peers, partner: Partner, transfer: Json) -> Json:
    """Fetch the record as it is sealed, unchecked; raises Problem."""
    access = Access(transfer["purpose"], transfer["legalBasis"], ("custody:collect",))
    path = f"/v1/custody-transfers/{transfer['transferId']}/record"
    try:
        return peers.call(partner, "GET", path, access).json()
    except RefusedError as refused:
        if refused.status == 404:
            raise not_found() from refused
        raise Problem("partnerFailed", f"The partner answered with status {refused.status}.") from refused
    except PeerError as failure:
        raise Problem("partnerFailed", "The partner did not answer as the standard says.") from failure


def keep(
    work: Work, transfer: Document, partner: Partner, sealed: Json, *, accepts_loss: bool, actor: str
) -> Document:
    """Keep the record in transfer, out of everybody's reach until confirmed (CUST-012); raises Problem."""
    record = transfer.body["record"]
    if transfer.status != OFFERED or not tombstones.is_free(work, record):
        raise Problem("conflict", "The offer was answered, or the record is or was at this node.")
    terms = packages.Terms(transfer.id, work.settings.node_id, transfer.body["purpose"])
    package = sealing.opened(work.keys, sealed, terms, issuer=partner.node_id)
    try:
        claims = packages.checked(
            package,
            partner.jwks,
            issuer=partner.node_id,
            audience=work.settings.node_id,
            transfer=transfer.id,
            record=record,
        )
    except jws.JwsError as error:
        raise Problem("partnerFailed", f"The record in transfer is not sound: {error}.") from error
    provenance.require(work, record, partner.node_id, package)
    if _loses(claims) and not accepts_loss:
        text = (
            "is needed: something of the record is withheld and ends with it; ask the partner or the family"
        )
        raise broken_rule((("withheldAccepted",), text))
    version = _next_version(claims)
    held = arrivals.hold(work, transfer, package, version=version)
    tasks.close_of(work.conn, transfer.id, "custodyOffer")
    told = {"state": TAKEN, "digest": claims["digest"], "withheldAccepted": accepts_loss}
    told |= {"record": record, "version": version}
    service.send(work, transfer, partner.node_id, "custodyState", told)
    return service.change(
        work, transfer, TAKEN, actor=actor, held=held, statements=package.get("provenance", [])
    )


def _loses(claims: Json) -> bool:
    """Tell whether something of the record ends with the old custodian (CUST-020)."""
    return bool(claims.get("withheld"))


def _next_version(claims: Json) -> int:
    return int(claims["version"]) + 1
