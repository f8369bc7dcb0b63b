"""A record that was taken over: held apart until the old custodian confirms, and then brought into use."""

from typing import Any

from mpex_server.custody import tombstones, withdrawals
from mpex_server.custody.withdrawals import CARRIES
from mpex_server.directives import review as directive_review
from mpex_server.directives import succession
from mpex_server.directives.service import DIRECTIVES
from mpex_server.disclosures.work import Work
from mpex_server.kit.ids import new_id
from mpex_server.persons.service import PERSONS
from mpex_server.recalls import disputes
from mpex_server.records import candidate_index, child_protection, majority_review, review
from mpex_server.records import repository as rows
from mpex_server.remains.service import REMAINS
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND = "recordInTransfer"
_RESOURCES = {resource.kind: resource for resource in (PERSONS, REMAINS)}
Json = dict[str, Any]


def hold(work: Work, transfer: Document, package: Json, *, version: int) -> str:
    """Hold a record and its directives apart, where no request for them finds them; return under which name.

    The record has one custodian at every moment, which is not this node before `settle` (CUST-012).
    """
    record = transfer.body["record"]
    body = {"record": package["record"], "directives": package["directives"], "version": version}
    held = work.documents.create(new_id("data"), body, kind=KIND, type=KIND, status="held")
    tombstones.reserve(work, record, kind=record.partition(":")[0])
    links.link(work.conn, transfer.id, tombstones.MOVES, record)
    for directive in package["directives"]:
        # One that is here already did not come with this record, and the other side does not speak for it.
        if work.documents.get(directive["directiveId"]) is None:
            links.link(work.conn, transfer.id, CARRIES, directive["directiveId"])
    return held.id


def settle(work: Work, transfer: Document, *, take: bool) -> None:
    """Use what is held, or erase it when the old custodian keeps the record."""
    held = work.documents.get(transfer.body["held"], KIND)
    if held is not None and take:
        _keep_directives(work, transfer, held.body["directives"])
        _keep_record(work, transfer.body["record"], held.body)
        tombstones.name_custodian(work, transfer.body["record"], None)
    work.documents.erase(transfer.body["held"])


def _keep_directives(work: Work, transfer: Document, given: list[Json]) -> None:
    """Keep the directives of a record; what is here already hears of deaths from those who handed it over."""
    partner = str(transfer.owner)
    for directive in given:
        if work.documents.get(directive["directiveId"]) is None:
            arrived = work.documents.create(
                directive["directiveId"],
                directive,
                kind=DIRECTIVES.kind,
                type=DIRECTIVES.type_of(directive),
                status=DIRECTIVES.status_of(directive),
            )
            directive_review.plan(work, arrived)
    for directive in given:
        kept = work.documents.get(directive["directiveId"], DIRECTIVES.kind)
        moved = withdrawals.transfers_of(work, directive["directiveId"], partner)
        if kept is not None and kept.erased_at is None and moved:
            succession.arrive(work, kept, directive, actor=partner)


def _keep_record(work: Work, record: str, held: Json) -> None:
    resource = _RESOURCES[record.partition(":")[0]]
    body = resource.own_members(held["record"]) | {"recordId": record, "custodian": work.settings.node_id}
    (tombstone,) = work.documents.many([record])
    document = work.documents.revive(
        tombstone,
        body,
        type=resource.type_of(body),
        status=resource.status_of(body),
        version=held["version"],
    )
    known = rows.existing(work.conn, (reference.target for reference in resource.references(body)))
    kept = [reference for reference in resource.references(body) if reference.target in known]
    rows.relink(work.conn, document.id, kept)
    candidate_index.update(work, document)
    majority_review.plan(work, document)
    child_protection.plan(work, document)
    review.plan(work, document)
    disputes.follow(work, document)
