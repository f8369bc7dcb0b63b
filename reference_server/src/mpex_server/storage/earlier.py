"""Versions of documents that were replaced: who changed what when, and why, and what it said before."""

from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, select, update

from mpex_server.kit import strict_json
from mpex_server.kit.clock import Clock, instant
from mpex_server.storage import bodies, irreversible
from mpex_server.storage import tables as t

Json = dict[str, Any]
_ROW = t.document_version.c


class EarlierVersions:
    """Reads and shreds them in the transaction of `conn`; `row_of` gives a document and its key."""

    def __init__(
        self, conn: Connection, clock: Clock, row_of: Callable[[str], tuple[Json, bytes | None]]
    ) -> None:
        self._conn = conn
        self._clock = clock
        self._row_of = row_of

    def history(self, document_id: str) -> list[tuple[int, str, str, str]]:
        """Return (version, reason, actor, instant) of every version that was replaced, oldest first."""
        rows = self._conn.execute(
            select(_ROW.version, _ROW.reason, _ROW.actor, _ROW.at)
            .where(_ROW.document_id == document_id)
            .order_by(_ROW.version)
        )
        return [(row.version, row.reason, row.actor, row.at) for row in rows]

    def body(self, document_id: str, version: int) -> Json | None:
        """Return the body of a version that was replaced, or None when there is none, or none any more."""
        row, key = self._row_of(document_id)
        kept = self._conn.scalar(select(_ROW.body).where(_at(document_id, version)))
        if not kept:
            return None
        return dict(orjson.loads(bodies.unseal(key, kept, document_id, row["kind"], version)))

    def rewrite(self, document_id: str, change: Callable[[Json], Json]) -> None:
        """Take something out of every version that is still kept."""
        row, key = self._row_of(document_id)
        for version, *_ in self.history(document_id):
            if (body := self.body(document_id, version)) is None:
                continue
            content = strict_json.dumps(change(body))
            sealed = bodies.seal(key, content, document_id, row["kind"], version)
            self._conn.execute(
                update(t.document_version).where(_at(document_id, version)).values(body=sealed)
            )
        self.end(document_id)

    def forget(self, document_id: str) -> None:
        """Shred the bodies; who changed what when, and why, stays known."""
        of_it = _ROW.document_id == document_id
        self._conn.execute(update(t.document_version).where(of_it).values(body=b""))
        self.end(document_id)

    def end(self, document_id: str) -> None:
        """Let no version before the current one come into use again, by a restored backup for instance."""
        row, _ = self._row_of(document_id)
        at = instant(self._clock.now())
        irreversible.note(self._conn, document_id, row["version"] - 1, erased=False, at=at)


def _at(document_id: str, version: int) -> ColumnElement[bool]:
    return (_ROW.document_id == document_id) & (_ROW.version == version)
