"""What must hold of the candidate index: it says of each record what its newest version says."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import exists, select

from mpex_server.disclosures.work import Work
from mpex_server.kit import aead
from mpex_server.records import candidate_index, repository
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.upkeep import documents

_KINDS = ("person", "remains")
_BATCH = 200


def differing(work: Work) -> Iterator[str]:
    """Yield records whose tokens, features or permit mask are not those of their newest version."""
    records = documents.every(work, *_KINDS)
    while batch := list(islice(records, _BATCH)):
        yield from _differing(work, batch)


def superfluous(work: Work) -> Iterator[str]:
    """Yield documents that are in the index and are no records."""
    row = t.document.c
    places = (t.index_token, t.index_feature)
    listed = [exists().where(table.c.document_id == row.id) for table in places]
    yield from work.conn.scalars(
        select(row.id).where(row.kind.not_in(_KINDS), listed[0] | listed[1]).order_by(row.id)
    )


def _differing(work: Work, batch: list[Document]) -> Iterator[str]:
    names = [document.id for document in batch]
    tokens, row = defaultdict[str, set[int]](set), t.index_token.c
    for name, token in work.conn.execute(
        select(row.document_id, row.token).where(row.document_id.in_(names))
    ):
        tokens[name].add(token)
    for document in batch:
        try:
            features = repository.features(work.conn, work.keys, [document.id])[document.id]
            generation = candidate_index.generation_of(features[1])
            wanted, *rest = candidate_index.entry(work.keys, document.body, generation=generation)
        except (aead.SealError, KeyError):
            yield document.id
        else:
            if tokens[document.id] != wanted or [*features] != rest:
                yield document.id
