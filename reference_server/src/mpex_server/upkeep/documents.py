"""What must hold of documents: each opens under its key, and of an erased one nothing is left."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select, true

from mpex_server.disclosures.work import Work
from mpex_server.kit import aead
from mpex_server.storage import tables as t
from mpex_server.storage.documents import OF_A_DOCUMENT, Document
from mpex_server.storage.engine import streamed

_BATCH = 200
_DOCUMENT, _KEY, _VERSION = t.document.c, t.document_key.c, t.document_version.c
_FAULTS = (aead.SealError, KeyError, ValueError)


def every(work: Work, *kinds: str) -> Iterator[Document]:
    """Yield every document that has a key and opens, of these kinds or of all, by identifier."""
    last, wanted = "", _DOCUMENT.kind.in_(kinds) if kinds else true()
    keyed = select(_KEY.document_id).join(t.document, _DOCUMENT.id == _KEY.document_id).where(wanted)
    page = keyed.order_by(_KEY.document_id).limit(_BATCH)
    while names := list(work.conn.scalars(page.where(_KEY.document_id > last))):
        yield from _opening(work, names)
        last = names[-1]


def without_key(work: Work) -> Iterator[str]:
    """Yield documents that have no key though they are not erased, or a key that no key here opens."""
    keyed = select(_DOCUMENT.id, _DOCUMENT.erased_at, _KEY.kek_id, _KEY.wrapped).join(
        t.document_key, _KEY.document_id == _DOCUMENT.id, isouter=True
    )
    for row in streamed(work.conn, keyed.order_by(_DOCUMENT.id)):
        if row.wrapped is None:
            if row.erased_at is None:
                yield row.id
        elif not _unwraps(work, row.kek_id, row.wrapped, row.id):
            yield row.id


def unreadable(work: Work) -> Iterator[str]:
    """Yield documents whose key is there, and whose body is not what was stored under it."""
    sound = (document.id for document in every(work) if _is_what_was_stored(document))
    following = next(sound, None)
    for (name,) in streamed(work.conn, select(_KEY.document_id).order_by(_KEY.document_id)):
        if name == following:
            following = next(sound, None)
        else:
            yield name


def earlier_unreadable(work: Work) -> Iterator[str]:
    """Yield documents with an earlier version that does not open, or is not earlier than the current one."""
    rows = (
        select(_DOCUMENT.id, _VERSION.version, _DOCUMENT.version.label("current"))
        .join(t.document_version, _VERSION.document_id == _DOCUMENT.id)
        .order_by(_DOCUMENT.id, _VERSION.version)
    )
    for name, version, current in streamed(work.conn, rows):
        try:
            work.documents.earlier.body(name, version)
        except _FAULTS:
            yield name
        else:
            if version >= current:
                yield name


def not_wholly_erased(work: Work) -> Iterator[str]:
    """Yield erased documents of which something is left that could say what they were."""
    left = [exists().where(table.c.document_id == _DOCUMENT.id) for table in OF_A_DOCUMENT]
    told = exists().where(t.task.c.document_id == _DOCUMENT.id, t.task.c.body.is_not(None))
    remains = or_(_DOCUMENT.body != b"", told, *left)
    found = select(_DOCUMENT.id).where(and_(_DOCUMENT.erased_at.is_not(None), remains))
    yield from work.conn.scalars(found.order_by(_DOCUMENT.id))


def _opening(work: Work, names: list[str]) -> list[Document]:
    try:
        return work.documents.many(names)
    except _FAULTS:
        return [document for name in names if (document := _one(work, name)) is not None]


def _one(work: Work, name: str) -> Document | None:
    try:
        return work.documents.get(name)
    except _FAULTS:
        return None


def _unwraps(work: Work, kek_id: str, wrapped: bytes, name: str) -> bool:
    try:
        work.keys.unwrap(kek_id, wrapped, name.encode())
    except _FAULTS:
        return False
    return True


def _is_what_was_stored(document: Document) -> bool:
    return aead.mac(document.salt, "content", document.content) == document.content_mac
