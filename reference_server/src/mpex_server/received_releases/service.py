"""What a partner released: conditions in one document, data in another, so that data can be shredded."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.domain import onward
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.events import repository as inbox
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.kit.ids import new_id
from mpex_server.received_releases import accepted, custodians
from mpex_server.storage import ends, links
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

KIND, DATA = "receivedRelease", "receivedData"
ACTIVE, RESTRICTED, ERASED, EXPIRED = "active", "restricted", "erased", "expired"
SUSPENDED = "suspended"
_RELEASE, _OF_RECORD = "release", "ofRecord"
_HELD = frozenset({ACTIVE, RESTRICTED})
_INTERNAL = frozenset({accepted.MEMBER, "data", "recall", "custodians", "disputedBy"})
_LONGEST_RETENTION = timedelta(days=365)
_WARNING = timedelta(days=3)
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
        "origin": onward.origin_of(claims),
        "record": claims["origin"]["record"],
        "categories": sorted(release["disclosures"]),
        "data": data_id,
    } | _mark(partner, claims)
    data = {name: release[name] for name in ("statement", "proof", "disclosures")}
    work.documents.create(data_id, data, kind=DATA, type=DATA, status=ACTIVE, owner=partner)
    document = work.documents.create(received_id, body, kind=KIND, type=KIND, status=ACTIVE, owner=partner)
    links.link(work.conn, received_id, _RELEASE, claims["jti"])
    links.link(work.conn, received_id, _OF_RECORD, claims["origin"]["record"])
    end = onward.end_of(claims)
    ends.set_end(work.conn, received_id, end)
    warn_at = instant(parse_instant(end) - _WARNING)
    tasks.add(work, kind="releaseEnds", subject=received_id, due_at=warn_at, partner=partner)
    return document


def _mark(partner: str, claims: Json) -> Json:
    """Return who contests what a statement is about, if it says so (CASE-031)."""
    return {"disputedBy": [partner]} if claims.get("disputed") else {}


def of_record(work: Work, record: str) -> list[Document]:
    """Return everything that was ever received of a record and is not forgotten."""
    found = work.documents.many(links.linked_to(work.conn, record, _OF_RECORD))
    return [document for document in found if document.erased_at is None]


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
    _same_purpose(document, purpose)
    return values_of(work, document) if is_usable(work, document) else None


def values_of(work: Work, document: Document) -> Json:
    """Return the data by category with their salts, as they were received; empty once they are erased."""
    return dict(kept_of(work, document).get("disclosures", {}))


def kept_of(work: Work, document: Document) -> Json:
    """Return statement, proof and disclosures as they were received; empty once they are erased."""
    data = work.documents.get(document.body["data"], DATA)
    return {} if data is None or data.erased_at is not None else data.body


def require(document: Document | None) -> Document:
    """Return a document that must be there; raises Problem `notFound`."""
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def require_usable(work: Work, document: Document, purpose: str) -> None:
    """Raise Problem unless a release is active and the token is for its purpose."""
    _same_purpose(document, purpose)
    if not is_usable(work, document):
        raise Problem("conflict", "The release may not be used any more.")


def is_usable(work: Work, document: Document) -> bool:
    """Tell whether the data may be used: active, and no event about them is missing."""
    return state(document, work.now()) == ACTIVE and not _lacks_event(work, document)


def is_held(work: Work, document: Document) -> bool:
    """Tell whether data of a release are still here, in use or not."""
    return state(document, work.now()) in _HELD


def shown(work: Work, document: Document) -> Json:
    """Return the conditions and the state as staff see them: suspended while an event is missing."""
    suspended = {"state": SUSPENDED} if _lacks_event(work, document) else {}
    body = view(document, work.now())
    return body | suspended if body["state"] == ACTIVE else body


def state(document: Document, now: datetime) -> str:
    """Return the state, which turns at the end of the data's term without anybody's doing.

    What a law compels this node to keep is restricted from then on, and the rest has expired.
    """
    lapsed = document.status in {ACTIVE, RESTRICTED} and onward.end_of(document.body) <= instant(now)
    if not lapsed:
        return document.status
    return RESTRICTED if "retention" in document.body else EXPIRED


def view(document: Document, now: datetime) -> Json:
    """Return the conditions and the state, without data (received-release.json)."""
    shown = {name: value for name, value in document.body.items() if name not in _INTERNAL}
    if document.body.get("disputedBy"):
        shown["disputed"] = True
    return shown | {"state": state(document, now)}


def under(work: Work, release: str, partner: str) -> list[Document]:
    """Return what is still held of a release for which the partner speaks (ONW-006)."""
    return [entry for entry in ever_under(work, release, partner) if entry.status in _HELD]


def ever_under(work: Work, release: str, partner: str) -> list[Document]:
    """Return what is or was held of a release for which the partner speaks: it may live on where it went."""
    return [entry for entry in _every_under(work, release) if partner in custodians.of(entry.body)]


def held_under(work: Work, release: str) -> list[Document]:
    """Return what is still held of a release, whoever made it."""
    return [entry for entry in _every_under(work, release) if entry.status in _HELD]


def mark(work: Work, document: Document, *, actor: str) -> None:
    """Mark a received release as disputed; the data stay in use, and the mark is shown with them."""
    marks = sorted({*document.body.get("disputedBy", ()), actor})
    _change(work, document, {"disputedBy": marks}, reason="dispute", actor=actor)


def unmark(work: Work, document: Document, *, actor: str) -> bool:
    """Take off the marks for which a node answers; tell whether none is left now (RECL-021)."""
    body = document.body
    marks = set(body.get("disputedBy", ()))
    left = marks - custodians.answering_for(body, actor)
    if left == marks:
        return False
    body |= {"disputedBy": sorted(left)}
    work.documents.replace(document, body, reason="disputeEnded", actor=actor)
    return not left


def restrict(work: Work, document: Document, *, actor: str, **members: Any) -> None:
    """Keep a received release without using it; `members` say why."""
    tasks.close_of(work.conn, document.id, "releaseEnds")
    accepted.take_out(work, document, actor=actor, erase=False)
    _change(work, document, members, reason=RESTRICTED, actor=actor, status=RESTRICTED)


def shred(work: Work, document: Document, status: str, *, actor: str) -> None:
    """Erase the data of a received release; its conditions remain as a trace of what was held."""
    accepted.take_out(work, document, actor=actor, erase=True)
    work.documents.erase(document.body["data"])
    ends.forget_end(work.conn, document.id)
    for kind in ("retentionReview", "releaseEnds"):
        tasks.close_of(work.conn, document.id, kind)
    _change(work, document, {}, reason=status, actor=actor, status=status)


def retain(work: Work, document: Document, declared: Json, *, actor: str) -> Document:
    """Enter that a law compels this node to keep a release, and open the task to look at it again.

    Raises Problem: `ruleViolation` for a date of review that is past or more than a year away, `conflict`
    when nothing is held any more.
    """
    _require_held(work, document)
    now = work.now()
    if not now.date() < date.fromisoformat(declared["reviewDate"]) <= now.date() + _LONGEST_RETENTION:
        fault = Fault("/reviewDate", "must be a day to come, within one year")
        raise Problem("ruleViolation", faults=[fault])
    retention = declared | {"declaredAt": instant(now), "declaredBy": actor}
    tasks.close_of(work.conn, document.id, "retentionReview")
    due = f"{declared['reviewDate']}T00:00:00Z"
    tasks.add(work, kind="retentionReview", subject=document.id, due_at=due, partner=document.body["from"])
    return _change(work, document, {"retention": retention}, reason="retention", actor=actor)


def give_up(work: Work, document: Document, *, actor: str) -> Document:
    """Erase a received release that nothing compels this node to keep any more; raises Problem `conflict`."""
    _require_held(work, document)
    shred(work, document, ERASED, actor=actor)
    return find(work, document.id)


def erase_expired(work: Work) -> int:
    """End up to `SWEEP` releases past their validity and return how many there were (REL-014)."""
    lapsed = work.documents.many(ends.ended(work.conn, (KIND,), instant(work.now()), limit=SWEEP))
    for document in lapsed:
        if "retention" in document.body:
            ends.forget_end(work.conn, document.id)
            restrict(work, document, actor=work.settings.node_id)
        else:
            shred(work, document, EXPIRED, actor=work.settings.node_id)
    return len(lapsed)


def replace_older(work: Work, document: Document, before: str | None) -> list[Document]:
    """Erase and return what a release takes the place of.

    That is what a correction called back, now that the corrected version came (RECL-013), and what was
    collected `before` on the same request (REL-013).
    """
    older = {each.id: each for each in (*_corrected_by(work, document), *_collected_before(work, before))}
    for other in older.values():
        shred(work, other, ERASED, actor=document.body["from"])
    return list(older.values())


def _corrected_by(work: Work, document: Document) -> Iterator[Document]:
    version = document.body["origin"]["version"]
    for other in work.documents.many(links.linked_to(work.conn, document.body["record"], _OF_RECORD)):
        body = other.body
        same = document.body["from"] in custodians.of(body) and body["purpose"] == document.body["purpose"]
        newer = 0 < body.get("supersededBy", 0) <= version and "retention" not in body
        if same and newer and other.status == RESTRICTED:
            yield other


def _collected_before(work: Work, before: str | None) -> list[Document]:
    if before is None:
        return []
    older = find(work, before)
    return [older] if older.status in {ACTIVE, RESTRICTED} and "retention" not in older.body else []


def _same_purpose(document: Document, purpose: str) -> None:
    if purpose != document.body["purpose"]:
        raise Problem(
            "purposeNotAllowed", "What was received may be used for the purpose of its release only."
        )


def _lacks_event(work: Work, document: Document) -> bool:
    body = document.body
    senders = sorted(custodians.of(body))
    return any(inbox.has_gap(work.conn, sender, body["release"]) for sender in senders)


def _every_under(work: Work, release: str) -> list[Document]:
    found = work.documents.many(links.linked_to(work.conn, release, _RELEASE))
    return [entry for entry in found if entry.kind == KIND]


def _require_held(work: Work, document: Document) -> None:
    if not is_held(work, document):
        raise Problem("conflict", "Nothing of the release is held any more.")


def _change(
    work: Work, document: Document, members: Json, *, reason: str, actor: str, status: str | None = None
) -> Document:
    return work.documents.replace(
        document, document.body | members, reason=reason, actor=actor, status=status
    )
