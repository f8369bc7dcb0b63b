"""What an identification makes of the records that it names, once it may be told (CASE-006, CASE-007).

Under embargo nothing of a record changes: neither a value nor a version nor a time. When the family was told,
the fate of a person is that of the newest standing identification; when none stands any more, the record is
open again. Whereabouts are another fact and stay as they are.
"""

from typing import Any

from mpex_server.erasures.repository import is_waiting
from mpex_server.http.context import Context
from mpex_server.identifications import repository
from mpex_server.records import contributed
from mpex_server.storage.documents import Document

IDENTIFIED, OPEN = "identified", "open"
Json = dict[str, Any]


def settle(ctx: Context, identification: Document, earlier: Json) -> None:
    """Bring the records that an identification names, or named in its version before, in line with it."""
    for record_id in sorted({*_named(identification.body), *_named(earlier)}):
        record = ctx.documents.get(record_id)
        if record is not None and record.erased_at is None:
            _settle(ctx, record, earlier)


def _settle(ctx: Context, record: Document, earlier: Json) -> None:
    standing = ctx.documents.many(repository.standing(ctx.conn, record.id))
    newest = max(standing, key=lambda found: (found.body["decidedAt"], found.id), default=None)
    told = _told(record, newest.body) if newest else _undone(record, _told(record, earlier))
    if is_waiting(ctx.conn, record.id):
        told.pop("status", None)
    body = record.body | told
    if body != record.body:
        changed = ctx.documents.replace(
            record,
            body,
            reason="identification" if newest else "identificationRevoked",
            actor=ctx.principal.client_id,
            status=body["status"],
        )
        contributed.stored(ctx, changed)


def _told(record: Document, decided: Json) -> Json:
    """Return the members of a record that a decision sets; whole remains and persons get an end."""
    if not decided:
        return {}
    final = decided["state"] == "confirmed"
    if record.kind != "person":
        return {"status": IDENTIFIED} if final and decided.get("whole") is True else {}
    fate = {
        "value": decided["conclusion"],
        "certaintyState": decided["state"],
        "method": " ".join(decided["methods"]),
        "assertedBy": decided["competentAuthority"],
    }
    return {"fate": fate} | ({"status": IDENTIFIED} if final else {})


def _undone(record: Document, told: Json) -> Json:
    """Return the members to take back: those that still say what the decision had set."""
    undone: Json = {}
    if told.get("status") == record.status:
        undone["status"] = OPEN
    if "fate" in told and told["fate"] == record.body.get("fate"):
        undone["fate"] = told["fate"] | {"value": "unknown", "certaintyState": repository.REVOKED}
    return undone


def _named(body: Json) -> list[str]:
    return [*body.get("persons", ()), *body.get("remains", ())]
