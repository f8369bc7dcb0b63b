"""Rules of assistance requests, of both sides. The document of each side is under the same identifier."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem, not_found
from mpex_server.events.taken import Taken
from mpex_server.http.context import Context
from mpex_server.kit.clock import instant
from mpex_server.peers import addressee
from mpex_server.recalls import outbox
from mpex_server.records import clearances
from mpex_server.records.resource import Body, Resource, broken_rule
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

NOTIFY_DEATH, NOTIFY_FAMILY = "notifyDeath", "notifyFamily"
_RELAY_MESSAGE = "relayMessage"
_ASKED = ("type", "caseReference", "legalBasis", "text", "language", "dueAt")
_ANSWERED = ("reason", "text", "language", "dueAt")
_NEXT = {
    ("sent", "accept"): "accepted",
    ("sent", "decline"): "declined",
    ("accepted", "decline"): "declined",
    ("accepted", "complete"): "completed",
}
_CLOSED = frozenset({"declined", "completed"})
Json = dict[str, Any]


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    if body["type"] == NOTIFY_DEATH and body["purpose"] != NOTIFY_FAMILY:
        raise broken_rule((("purpose",), "must be notifyFamily: the request tells of a death"))
    addressee.require(ctx, body)
    return body | {"from": ctx.settings.node_id, "state": "sent"}


def _stored(ctx: Context, document: Document) -> None:
    asked = {name: document.body[name] for name in _ASKED if name in document.body}
    _send(ctx, document, document.body["to"], "assistanceRequest", asked)


ASSISTANCE = Resource(
    kind="assistance",
    id_member="assistanceId",
    schema="assistance-request",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["state"]),
    prepare=_prepare,
    stored=_stored,
)


def present(document: Document) -> Json:
    """Return an assistance request as it is shown (assistance-request.json)."""
    row = {"version": document.version, "createdAt": document.created_at, "updatedAt": document.updated_at}
    return document.body | row


def may_see(document: Document, purpose: str) -> bool:
    """Tell whether a client may see a request: one that tells of a death, to notify only (MSG-006)."""
    return document.type != NOTIFY_DEATH or purpose == NOTIFY_FAMILY


def visible(work: Work, purpose: str, *, limit: int, after: Json | None) -> list[Document]:
    """Return the requests that may be seen for a purpose, oldest first; no page tells of the others."""
    found: list[Document] = []
    while len(found) < limit and (page := work.documents.listing(ASSISTANCE.kind, limit=limit, after=after)):
        found += [entry for entry in page if may_see(entry, purpose)]
        after = page[-1].position
    return found[:limit]


def find(work: Work, assistance_id: str, purpose: str) -> Document:
    """Return a request that may be seen for a purpose; raises Problem `notFound`."""
    document = work.documents.get(assistance_id, ASSISTANCE.kind)
    if document is None or not may_see(document, purpose):
        raise not_found()
    return document


def answer(work: Work, document: Document, given: Json, *, actor: str) -> Document:
    """Record what the staff of the asked node decides or did, and tell the node that asked (MSG-003)."""
    if document.owner is None:
        raise Problem("conflict", "Another node was asked; it answers.")
    state = _next(document.status, given["answer"])
    if state is None:
        raise Problem("conflict", "The request was answered before, or has to be accepted first.")
    told = {name: given[name] for name in _ANSWERED if name in given} | {"state": state}
    _check_relayed(work, document, given)
    changed = _answered(work, document, told | _by_contact(given), actor=actor)
    for kind in ("assistanceRequest", "assistanceDue"):
        tasks.close_of(work.conn, document.id, kind)
    if state == "accepted":
        _add_task(work, changed, "assistanceDue", given.get("dueAt") or document.body.get("dueAt"))
    _send(work, changed, document.owner, "assistanceAnswer", told)
    return changed


def take_request(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep what a partner asks, and open a task (MSG-002); what is known by that name is left alone."""
    asked = taken.event
    told = asked["type"] == NOTIFY_DEATH and purpose != NOTIFY_FAMILY
    if told or work.documents.get(asked["assistanceId"]) is not None:
        return
    body = asked | {"from": taken.partner, "to": work.settings.node_id, "purpose": purpose, "state": "sent"}
    document = work.documents.create(
        asked["assistanceId"],
        body,
        kind=ASSISTANCE.kind,
        type=asked["type"],
        status="sent",
        owner=taken.partner,
    )
    _add_task(work, document, "assistanceRequest", None)


def take_answer(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Enter what the asked node answers; what others say, or what comes too late, is dropped (MSG-004)."""
    document = work.documents.get(taken.event["assistanceId"], ASSISTANCE.kind)
    if document is None or not _asked_of(document, taken.partner):
        return
    if document.status in _CLOSED or taken.event["state"] not in {*_CLOSED, "accepted"}:
        return
    told = {name: value for name, value in taken.event.items() if name != "assistanceId"}
    changed = _answered(work, document, told, actor=taken.partner)
    if changed.status in _CLOSED:
        _add_task(work, changed, "assistanceAnswer", None)


def _check_relayed(work: Work, document: Document, given: Json) -> None:
    """Refuse to take a message as relayed by a contact that was not cleared after it came (MSG-011)."""
    if document.type == _RELAY_MESSAGE and given["answer"] == "complete" and "contact" not in given:
        raise broken_rule((("contact",), "is required: clear a contact with the person, and name it here"))
    if "contact" in given and not clearances.is_cleared_since(work, given["contact"], document.created_at):
        raise broken_rule((("contact",), "is no contact that was cleared after the request arrived"))


def _by_contact(given: Json) -> Json:
    """Return what is kept of how the person was reached; the node that asked is not told (MSG-012)."""
    return {"contact": given["contact"]} if "contact" in given else {}


def _next(state: str, given: str) -> str | None:
    return _NEXT.get((state, given))


def _asked_of(document: Document, partner: str) -> bool:
    return bool(document.body["to"] == partner)


def _answered(work: Work, document: Document, told: Json, *, actor: str) -> Document:
    body = document.body | {"state": told["state"]}
    body["answers"] = [*body.get("answers", ()), {"at": instant(work.now())} | told]
    return work.documents.replace(document, body, reason="answered", actor=actor, status=told["state"])


def _add_task(work: Work, document: Document, kind: str, due_at: str | None) -> None:
    partner = document.owner or document.body["to"]
    purpose = document.body["purpose"]
    tasks.add(work, kind=kind, subject=document.id, due_at=due_at, partner=partner, purpose=purpose)


def _send(work: Work, document: Document, partner: str, event_type: str, event: Json) -> None:
    outbox.tell(work, document, partner, event_type, {"assistanceId": document.id} | event)
