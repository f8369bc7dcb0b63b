"""What goes when a request to erase is carried out: the record or contributions, and what was made of them.

Identifications stay, which are of a competent authority, and so do the search requests and samples of others.
"""

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.http.context import Context
from mpex_server.persons.service import PERSONS
from mpex_server.recalls import reach
from mpex_server.recalls import service as recalls
from mpex_server.records import service as records
from mpex_server.records.resource import Body
from mpex_server.release_requests import service as release_requests
from mpex_server.storage import links
from mpex_server.storage.documents import Document
from mpex_server.tasks import kept_queries
from mpex_server.tasks import repository as tasks

_CAUSE = "erasure"
_GO_TOO = frozenset({"match", "choice", "identityError", "contact"})
_OF_REQUEST = frozenset({"contact"})


def carry_out(ctx: Context, erasure: Body) -> None:
    """Erase what was asked for, and call it back from everybody who has it (ERA-007)."""
    record = ctx.documents.get(erasure["record"], PERSONS.kind)
    if record is not None and record.erased_at is None:
        own = frozenset(erasure["directives"]) if "directives" in erasure else None
        if own is None or not _others(record, own):
            _erase_record(ctx, record)
        else:
            _erase_contributions(ctx, record, own)
    if "searchRequest" in erasure:
        _erase_with(ctx, erasure["searchRequest"], _OF_REQUEST)


def _erase_record(ctx: Context, record: Document) -> None:
    recalls.call_back(ctx, record.id, disclosed.of_records(ctx.conn, [record.id]), cause=_CAUSE)
    release_requests.end_on(ctx, record.id, reason=_CAUSE, actor=ctx.principal.client_id)
    kept_queries.forget(ctx, record.id)
    _erase_with(ctx, record.id, _GO_TOO)


def _erase_contributions(ctx: Context, record: Document, own: frozenset[str]) -> None:
    """Take one enquirer's contributions out of the record and out of its earlier versions."""
    under = [entry for name in sorted(own) for entry in disclosed.under_directive(ctx.conn, name)]
    concerned = {entry.id: entry for entry in under if entry.record == record.id}.values()
    gone = reach.contributed(ctx, record, concerned, own)
    recalls.call_back(ctx, record.id, concerned, cause=_CAUSE, reach=gone)
    left = _others(record, own)
    body = record.body | {"contributions": left}
    if not any("names" in entry["sections"] for entry in left):
        body["nameUnknown"] = True
    for told_before in ("changeCode", "changeReason"):
        body.pop(told_before, None)
    records.advance(ctx, PERSONS, record, body)
    ctx.documents.earlier.forget(record.id)


def _others(record: Document, own: frozenset[str]) -> list[Body]:
    return [entry for entry in record.body["contributions"] if entry.get("directive") not in own]


def _erase_with(work: Work, document_id: str, kinds: frozenset[str]) -> None:
    """Erase a document and those of some kinds that point to it, and close the tasks on them."""
    pointing = work.documents.many(links.pointing_to(work.conn, document_id))
    for name in (*(document.id for document in pointing if document.kind in kinds), document_id):
        tasks.close_all(work.conn, name)
        work.documents.erase(name)
