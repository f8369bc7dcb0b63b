"""What a partner released: conditions in one document, data in another, so that data can be shredded."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage import ends, links
from mpex_server.storage.documents import Document

KIND, DATA = "receivedRelease", "receivedData"
ACTIVE, RESTRICTED, ERASED, EXPIRED = "active", "restricted", "erased", "expired"
_RELEASE = "release"
SWEEP = 100
"""Releases shredded in one transaction."""
Json = dict[str, Any]


def keep(work: Work, partner: str, release: Json, claims: Json) -> Document:
    """Store a release whose signature, addressee and digests were checked."""
    now = instant(work.now())
    received_id, data_id = new_id(KIND), new_id("data")
    body = {
        "receivedReleaseId": received_id,
        "from": partner,
        "release": claims["jti"],
        "purpose": claims["purpose"],
        "caseReference": claims["caseReference"],
        "receivedAt": now,
        "validUntil": claims["validUntil"],
        "obligations": claims["obligations"],
        "record": claims["origin"]["record"],
        "categories": sorted(release["disclosures"]),
        "data": data_id,
    }
    data = {"statement": release["statement"], "disclosures": release["disclosures"]}
    work.documents.create(data_id, data, kind=DATA, type=DATA, status=ACTIVE, owner=partner)
    document = work.documents.create(received_id, body, kind=KIND, type=KIND, status=ACTIVE, owner=partner)
    links.link(work.conn, received_id, _RELEASE, claims["jti"])
    ends.set_end(work.conn, received_id, claims["validUntil"])
    return document


def find(work: Work, received_id: str) -> Document:
    """Return a received release; raises Problem `notFound`."""
    document = work.documents.get(received_id, KIND)
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def names_of(work: Work, partner: str, received: Iterable[str]) -> tuple[str, ...]:
    """Return the identifiers that a partner gave those of the releases that are its own."""
    found = work.documents.many(sorted(received))
    return tuple(entry.body["release"] for entry in found if entry.kind == KIND and entry.owner == partner)


def disclosures(work: Work, document: Document, purpose: str) -> Json | None:
    """Return the data by category while active; raises Problem when the token is for another purpose."""
    if purpose != document.body["purpose"]:
        raise Problem(
            "purposeNotAllowed", "What was received may be used for the purpose of its release only."
        )
    if state(document, work.now()) != ACTIVE:
        return None
    data = work.documents.get(document.body["data"], DATA)
    if data is None or data.erased_at is not None:
        return None
    found: Json = data.body["disclosures"]
    return found


def state(document: Document, now: datetime) -> str:
    """Return the state, which turns to `expired` at the end of validity without anybody's doing."""
    lapsed = document.status in {ACTIVE, RESTRICTED} and document.body["validUntil"] <= instant(now)
    return EXPIRED if lapsed else document.status


def view(document: Document, now: datetime) -> Json:
    """Return the conditions and the state, without data (received-release.json)."""
    body = document.body
    return {name: value for name, value in body.items() if name != "data"} | {"state": state(document, now)}


def erase_released(work: Work, partner: str, release: str) -> bool:
    """Shred what a partner released under that identifier; False when nothing of it is held."""
    found = work.documents.many(links.linked_to(work.conn, release, _RELEASE))
    held = [entry for entry in found if entry.kind == KIND and entry.owner == partner]
    for document in held:
        _shred(work, document, ERASED, actor=partner)
    return bool(held)


def erase_expired(work: Work) -> int:
    """Shred the data of up to `SWEEP` releases past their validity and return how many there were."""
    lapsed = work.documents.many(ends.ended(work.conn, (KIND,), instant(work.now()), limit=SWEEP))
    for document in lapsed:
        _shred(work, document, EXPIRED, actor=work.settings.node_id)
    return len(lapsed)


def _shred(work: Work, document: Document, status: str, *, actor: str) -> None:
    work.documents.erase(document.body["data"])
    ends.forget_end(work.conn, document.id)
    if document.status != status:
        work.documents.replace(document, document.body, reason=status, actor=actor, status=status)
