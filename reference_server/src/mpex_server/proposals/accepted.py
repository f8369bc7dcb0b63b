"""What was accepted: contributions of a partner, in a record for as long as their release may be used.

They have no directive, so that nothing of them goes to anybody but this node's own staff (PROP-006).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mpex_server.disclosures.decision import usable
from mpex_server.http.context import Context
from mpex_server.http.spec import schema_validator
from mpex_server.keys import KeyProvider
from mpex_server.persons.service import PERSONS
from mpex_server.received_releases import accepted as held
from mpex_server.received_releases import service as received_releases
from mpex_server.records import repository as rows
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Resource
from mpex_server.remains.service import REMAINS
from mpex_server.storage.documents import Document

_RESOURCES = {resource.kind: resource for resource in (PERSONS, REMAINS)}
_SOURCE = "partner"
Json = dict[str, Any]


def take_in(ctx: Context, received: Document, record_id: str) -> bool:
    """Add what a release says to a record, once.

    False when the record may not be changed, or would not follow its schema: a release holds any value.
    """
    record = _changeable(ctx, record_id)
    if record is None:
        return False
    told = contributions(ctx.keys, received, received_releases.values_of(ctx, received))
    return _take_in(ctx, received, record, told)


def renew(ctx: Context, earlier: Iterable[Document], newer: Document) -> bool:
    """Let what was accepted of earlier releases stand, now that it was collected anew; True when it does.

    False where it says something else by now, so that a person has to look at it again (PROP-011).
    """
    taken = [older for older in earlier if held.record_of(older)]
    told = contributions(ctx.keys, newer, received_releases.values_of(ctx, newer))
    same = [older for older in taken if held.says_the_same(ctx, older, told)]
    for name in sorted({str(held.record_of(older)) for older in same}):
        record = _changeable(ctx, name)
        if record is not None:
            _take_in(ctx, newer, record, told)
    return len(same) == len(taken)


def _changeable(ctx: Context, record_id: str) -> Document | None:
    record = ctx.documents.get(record_id)
    return None if record is None or not usable(record) or "mergedInto" in record.body else record


def _take_in(ctx: Context, received: Document, record: Document, told: list[Json]) -> bool:
    names = {entry["contributionId"] for entry in told}
    kept = [entry for entry in record.body["contributions"] if entry["contributionId"] not in names]
    body = {name: value for name, value in record.body.items() if name != "changeReason"}
    body |= {"contributions": [*kept, *told], "changeCode": "addition"}
    resource = _RESOURCES[record.kind]
    if not _has_place(ctx, resource, record.body, body):
        return False
    records.advance(ctx, resource, record, body)
    held.note(ctx, received, record.id, told)
    return True


def contributions(keys: KeyProvider, received: Document, disclosures: Json) -> list[Json]:
    """Return one contribution for each account that a collected release tells of, with its sections.

    Its identifier is made here, so that no sender names a contribution of anybody else.
    """
    sections: dict[str, Json] = defaultdict(dict)
    stated: dict[str, Json] = {}
    for category, disclosed in disclosures.items():
        for entry in disclosed["values"]:
            if name := entry.get("contributionId"):
                sections[name][category] = entry["value"]
                stated[name] = {each: entry[each] for each in ("assertedAt", "certainty") if each in entry}
    told = {"contributor": received.body["from"], "source": _SOURCE}
    asserted = {"assertedAt": received.body["receivedAt"]}
    return [
        {"contributionId": held.identifier(keys, received.body["from"], name)}
        | told
        | asserted
        | stated[name]
        | {"sections": sections[name]}
        for name in sorted(sections)
    ]


def _has_place(ctx: Context, resource: Resource, record: Body, body: Body) -> bool:
    """Tell whether staff could have entered the same: by the schema, and naming what this node holds."""
    given = {
        name: value for name, value in resource.own_members(body).items() if name not in resource.internal
    }
    named = _targets(resource, body) - _targets(resource, record)
    return schema_validator(resource.schema).is_valid(given) and named <= rows.existing(ctx.conn, named)


def _targets(resource: Resource, body: Body) -> set[str]:
    return {reference.target for reference in resource.references(body)}
