"""Restoring: a backup into an empty database, and then whatever the journal says has happened since.

The log goes on where the partners saw it last, what was erased is erased again, and what must not be used
in its older form is restricted until a person has looked (ERA-011, LOG-005, decision 0011).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, MetaData, Table, exists, func, insert, select

from mpex_server.audit import journal, leaves, sequencer
from mpex_server.audit import repository as log
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.recalls import causes
from mpex_server.recalls import service as recalls
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.engine import is_sqlite
from mpex_server.storage.schema import migrate, revision_of
from mpex_server.tasks import repository as tasks
from mpex_server.upkeep import backup
from mpex_server.upkeep.backup import BackupError

_BATCH = 500
_OF_ACCESS = ("node:", "client:")
_ACTOR, _REASON, _RESTRICTED = "operator", "restored", "restricted"


@dataclass
class Restored:
    """What came back and what did not: erased, restricted, shut out again, and acts that only the log has."""

    at: str = ""
    rows: int = 0
    erased: list[str] = field(default_factory=list)
    restricted: list[str] = field(default_factory=list)
    shut_out: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    unreadable_lines: int = 0


def restore(work: Work, file: Path, journal_file: Path | None) -> Restored:
    """Fill the empty database of `work`; raises BackupError, after which nothing may be committed."""
    restored = Restored()
    _load(work, backup.lines(file, work.keys), restored)
    if journal_file is not None:
        _replay(work, journal_file, restored)
    _log(work, "administration")
    return restored


def _load(work: Work, lines: Iterator[Any], restored: Restored) -> None:
    header = next(lines, None)
    if not isinstance(header, dict) or header.get("mpexBackup") != backup.FORMAT:
        raise BackupError("The file is no backup of this version of the software, or of an older one.")
    if header["node"] != work.settings.node_id:
        raise BackupError("The backup is of another node.")
    tables = _empty_tables(work.conn, header["revision"])
    restored.at = header["at"]
    for table, batch in _batches(tables, lines):
        work.conn.execute(insert(table), batch)
        restored.rows += len(batch)
    if not is_sqlite(work.conn):
        _count_on(work.conn, tables)
    migrate(work.conn)


def _empty_tables(conn: Connection, revision: str) -> MetaData:
    """Return the tables of a revision; an owner may have made them, and other nodes have rows there."""
    existing = revision_of(conn)
    if existing not in (None, revision):
        raise BackupError("The tables are of another version of the software than the backup.")
    if existing is None:
        migrate(conn, revision)
    tables = MetaData()
    tables.reflect(conn)
    kept = (table for table in tables.sorted_tables if table.name != backup.REVISIONS)
    if any(conn.scalar(select(exists().select_from(table))) for table in kept):
        raise BackupError("The database is not empty; a backup is restored into an empty one only.")
    return tables


def _batches(tables: MetaData, lines: Iterator[Any]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    table, columns, batch = Table("none", MetaData()), list[str](), list[dict[str, Any]]()
    for line in lines:
        if isinstance(line, list) and len(batch) < _BATCH:
            batch.append(dict(zip(columns, map(backup.value, line), strict=True)))
            continue
        if batch:
            yield table, batch
        if isinstance(line, list):
            batch = [dict(zip(columns, map(backup.value, line), strict=True))]
        else:
            table, columns, batch = tables.tables[line["table"]], line["columns"], []
    if batch:
        yield table, batch


def _count_on(conn: Connection, tables: MetaData) -> None:
    """Let the counters of PostgreSQL go on behind the rows that were loaded."""
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            name = conn.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if name is not None and (highest := conn.scalar(select(func.max(column)))) is not None:
                # Other nodes of the database count with it as well: it never goes back.
                further = select(func.setval(name, func.greatest(highest, func.nextval(name))))
                conn.execute(further)


def _replay(work: Work, file: Path, restored: Restored) -> None:
    head = log.head(work.conn)
    size = head.size if head else 0
    entries, ended, access = dict[int, bytes](), dict[str, tuple[int, bool]](), set[str]()
    for line in journal.read(file, work.keys):
        if line is None:
            restored.unreadable_lines += 1
        elif line.get("id", "").startswith(_OF_ACCESS):
            access |= {line["id"]} if line["at"] >= restored.at else set()
        elif "log" not in line:
            ended[line["id"]] = max((line["version"], line["erased"]), ended.get(line["id"], (0, False)))
        elif line["log"] >= size:
            entries[line["log"]] = line["entry"].encode()
    _continue_log(work, size, entries, restored)
    _end(work, ended, restored)
    _shut_out(work, access, restored)


def _continue_log(work: Work, size: int, entries: dict[int, bytes], restored: Restored) -> None:
    """Put the entries since the backup where they stood, so that the log is the one that others saw."""
    ordered = sorted(entries)
    if ordered != list(range(size, size + len(ordered))):
        raise BackupError("The journal lacks entries of the log behind the backup; take a newer backup.")
    for first in range(0, len(ordered), sequencer.BATCH):
        bodies = [entries[place] for place in ordered[first : first + sequencer.BATCH]]
        known = [_serial(work.conn, body, restored) for body in bodies]
        sequencer.merge(work, list(zip(known, bodies, strict=True)))


def _serial(conn: Connection, body: bytes, restored: Restored) -> int:
    """Return the row of an entry that waited in the backup, or a new one when its act is lost."""
    entry, row = orjson.loads(body), t.audit_leaf.c
    waiting = select(row.serial).where(row.id == entry["leaf"], row.body == body)
    known: int | None = conn.scalar(waiting)
    if known is None:
        restored.lost[entry["event"]] += 1
        made = conn.execute(insert(t.audit_leaf), {"id": entry["leaf"], "at": entry["at"], "body": body})
        (known,) = made.inserted_primary_key or (0,)
    return int(known)


def _end(work: Work, ended: dict[str, tuple[int, bool]], restored: Restored) -> None:
    for name, (version, erased) in sorted(ended.items()):
        document = work.documents.get(name)
        if document is None or document.erased_at is not None or document.version > version:
            continue
        if erased:
            recalls.call_back(work, name, disclosed.of_records(work.conn, [name]), cause="erasure")
            tasks.close_all(work.conn, name)
            _log(work, "erasure", document)
            work.documents.erase(name)
            restored.erased.append(name)
        else:
            _restrict(work, document)
            restored.restricted.append(name)


def _shut_out(work: Work, access: set[str], restored: Restored) -> None:
    """End again what access was ended since the backup, and call back what a partner then lost (AUTH-016).

    Whether staff or the anchors had ended it is not in the backup: a partner stays out until staff admit it.
    """
    now = instant(work.now())
    for name in sorted(access):
        if clients.suspend_partner(work.conn, name, at=now, kept_out=True):
            causes.lose_trust(work, name)
        elif not clients.end_staff(work.conn, name, at=now):
            continue
        _log(work, "administration")
        restored.shut_out.append(name)


def _restrict(work: Work, document: Document) -> None:
    body = document.body | ({"status": _RESTRICTED} if "status" in document.body else {})
    changed = work.documents.replace(document, body, reason=_REASON, actor=_ACTOR, status=_RESTRICTED)
    _log(work, "write", changed)


def _log(work: Work, event: str, subject: Document | None = None) -> None:
    leaves.write(
        work.conn,
        work.keys,
        at=instant(work.now()),
        event=event,
        outcome="done",
        actor=_ACTOR,
        subject=subject,
        reason=_REASON,
    )
