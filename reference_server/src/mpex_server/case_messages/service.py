"""Rules of case messages, of both sides. The document of each side is under the same identifier."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Problem
from mpex_server.events.taken import Taken
from mpex_server.http.context import Context
from mpex_server.peers import addressee
from mpex_server.recalls import outbox
from mpex_server.records.resource import Body, Resource
from mpex_server.storage.documents import Document
from mpex_server.tasks import repository as tasks

_WRITTEN = ("caseReference", "language", "text", "translations", "inReplyTo")
Json = dict[str, Any]


def _prepare(ctx: Context, body: Body, _current: Document | None) -> Body:
    addressee.require(ctx, body)
    return body | {"from": ctx.settings.node_id, "state": "sent"}


def _stored(ctx: Context, document: Document) -> None:
    written = {name: document.body[name] for name in _WRITTEN if name in document.body}
    _send(ctx, document, "caseMessage", written)


MESSAGES = Resource(
    kind="message",
    id_member="messageId",
    schema="case-message",
    type_of=lambda _body: "caseMessage",
    status_of=lambda body: str(body["state"]),
    prepare=_prepare,
    stored=_stored,
)


def recall(work: Work, message: Document, *, actor: str) -> Document:
    """Call a sent message back: its text goes here too, and the partner is told."""
    if message.status != "sent":
        raise Problem("conflict", "Only a message that this node sent, and did not recall, can be recalled.")
    body = message.body | {"state": "recalled"}
    _send(work, message, "messageRecall", {})
    return work.documents.replace(message, body, reason="recalled", actor=actor, status="recalled")


def take_message(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Keep a message with the event that its sender signed (MSG-008), and open a task (MSG-002)."""
    written = taken.event
    if work.documents.get(written["messageId"]) is not None:
        return
    body = written | {
        "from": taken.partner,
        "to": work.settings.node_id,
        "purpose": purpose,
        "state": "received",
        "statement": taken.token,
    }
    _keep(work, taken, body)
    tasks.add(work, kind="caseMessage", subject=written["messageId"], partner=taken.partner, purpose=purpose)


def take_recall(work: Work, taken: Taken, _leaf: str, purpose: str) -> None:
    """Erase what the sender calls back (MSG-009); a message that comes after its recall is not kept."""
    message = work.documents.get(taken.event["messageId"])
    if message is None:
        message = _keep(work, taken, {"purpose": purpose})
    if message.kind == MESSAGES.kind and message.owner == taken.partner:
        tasks.close_of(work.conn, message.id, "caseMessage")
        _erase(work, message)


def _erase(work: Work, message: Document) -> None:
    work.documents.erase(message.id)


def _keep(work: Work, taken: Taken, body: Json) -> Document:
    return work.documents.create(
        taken.event["messageId"],
        body,
        kind=MESSAGES.kind,
        type="caseMessage",
        status="received",
        owner=taken.partner,
    )


def _send(work: Work, message: Document, event_type: str, event: Json) -> None:
    outbox.tell(work, message, message.body["to"], event_type, {"messageId": message.id} | event)
