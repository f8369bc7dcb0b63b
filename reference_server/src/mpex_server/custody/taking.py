"""Taking over: fetch the offered record from the old custodian, check it, and keep it out of use."""

from typing import Any

from mpex_server.custody import packages, service, withdrawals
from mpex_server.custody.service import OFFERED, TAKEN
from mpex_server.directives.service import DIRECTIVES
from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.http.spec import schema_validator
from mpex_server.kit import jws
from mpex_server.peers import registry
from mpex_server.peers.client import Access, Partner, Peers
from mpex_server.peers.errors import PeerError, RefusedError
from mpex_server.persons.service import PERSONS
from mpex_server.records import repository as rows
from mpex_server.remains.service import REMAINS
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

OUT_OF_USE = "restricted"
_RESOURCES = {resource.kind: resource for resource in (PERSONS, REMAINS)}
Json = dict[str, Any]


def partner_of(work: Work, transfer: Document) -> Partner:
    """Return the old custodian to call; raises Problem `conflict`."""
    partner = registry.find(work.conn, str(transfer.owner), work.now())
    if partner is None:
        raise Problem("conflict", "The node that offers the record is no active partner any more.")
    return partner


def fetch(peers: Peers, partner: Partner, transfer: Json) -> Json:
    """Fetch the package, unchecked but of the right form; raises Problem."""
    access = Access(transfer["purpose"], transfer["legalBasis"], ("custody:collect",))
    path = f"/v1/custody-transfers/{transfer['transferId']}/record"
    try:
        package = peers.call(partner, "GET", path, access).json()
    except RefusedError as refused:
        if refused.status == 404:
            raise not_found() from refused
        raise Problem("partnerFailed", f"The partner answered with status {refused.status}.") from refused
    except PeerError as failure:
        raise Problem("partnerFailed", "The partner did not answer as the standard says.") from failure
    if not schema_validator("custody-package").is_valid(package):
        raise Problem("partnerFailed", "The record in transfer does not follow its schema.")
    return package


def keep(work: Work, transfer: Document, partner: Partner, package: Json, *, actor: str) -> Document:
    """Keep the record, under its identifier and out of use until confirmed (CUST-002); raises Problem."""
    record = transfer.body["record"]
    if transfer.status != OFFERED or work.documents.get(record) is not None:
        raise Problem("conflict", "The offer was answered, or the record is or was at this node.")
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
    for directive in package["directives"]:
        _keep_directive(work, transfer, directive)
    _keep_record(work, record, package["record"], version=_next_version(claims))
    tasks.close_of(work.conn, transfer.id, "custodyOffer")
    service.send(
        work, transfer, partner.node_id, "custodyState", {"state": TAKEN, "digest": claims["digest"]}
    )
    return service.change(work, transfer, TAKEN, actor=actor)


def _next_version(claims: Json) -> int:
    return int(claims["version"]) + 1


def _keep_directive(work: Work, transfer: Document, directive: Json) -> None:
    if work.documents.get(directive["directiveId"]) is None:
        work.documents.create(
            directive["directiveId"],
            directive,
            kind=DIRECTIVES.kind,
            type=DIRECTIVES.type_of(directive),
            status=DIRECTIVES.status_of(directive),
        )
        links.link(work.conn, transfer.id, withdrawals.CAME_WITH, directive["directiveId"])


def _keep_record(work: Work, record: str, given: Json, *, version: int) -> None:
    resource = _RESOURCES[record.partition(":")[0]]
    body = resource.own_members(given) | {"recordId": record, "custodian": work.settings.node_id}
    document = work.documents.create(
        record,
        body,
        kind=resource.kind,
        type=resource.type_of(body),
        status=OUT_OF_USE,
        version=version,
    )
    known = rows.existing(work.conn, (reference.target for reference in resource.references(body)))
    kept = [reference for reference in resource.references(body) if reference.target in known]
    rows.relink(work.conn, document.id, kept)
