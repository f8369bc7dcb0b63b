"""Place of a record in the candidate index: kept in the transaction that stores the record."""

from mpex_server.http.context import Context
from mpex_server.storage.documents import Document


def update(ctx: Context, document: Document) -> None:
    """Bring tokens, features and permit mask of a record up to its newest version."""
