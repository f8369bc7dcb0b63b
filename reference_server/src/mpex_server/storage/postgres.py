"""PostgreSQL by libpq's own calls, for what most requests run: begin, prepared statements, commit.

psycopg's cursors cost four times what libpq needs for a row by its key. Connection, types and errors stay
psycopg's, so that its cursors and these calls share a transaction.
"""

import select
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.abc import Transformer as Form
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

Link = psycopg.Connection[Any]
Row = tuple[Any, ...]
PLACES = "numeric_dollar"
# So few that the server's short answers fit between the two: nobody waits for the other to read.
_AT_ONCE = 100
_LOST = "the connection is lost"
_GOOD = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})


@dataclass(slots=True)
class _Session:
    """What a connection has prepared, and how values and rows are written and read on it."""

    form: Form
    names: dict[Any, bytes] = field(default_factory=dict)


_SESSIONS: WeakKeyDictionary[Link, _Session] = WeakKeyDictionary()


def run(link: Link, text: str, values: Sequence[Any]) -> tuple[list[Row], int]:
    """Run a statement with `$1`, `$2`, … and return rows and how many it changed; raises psycopg.Error."""
    session = _session(link)
    result = link.pgconn.exec_prepared(*_bound(link, session, text, values))
    _check(link, result)
    session.form.set_pgresult(result, format=pq.Format.BINARY)
    return session.form.load_rows(0, result.ntuples, tuple), result.command_tuples or 0


def run_all(link: Link, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement that returns no rows once for each of `rows`; raises psycopg.Error."""
    session = _session(link)
    bound = [_bound(link, session, text, values) for values in rows]
    for first in range(0, len(bound), _AT_ONCE):
        for result in _piped(link.pgconn, bound[first : first + _AT_ONCE]):
            _check(link, result)


def command(link: Link, text: str) -> None:
    """Run commands without values in one round trip; raises psycopg.Error."""
    _check(link, link.pgconn.exec_(text.encode()))


def commit(link: Link) -> None:
    """Commit; raises psycopg.Error, also when PostgreSQL rolls back because a statement had failed."""
    result = link.pgconn.exec_(b"COMMIT")
    _check(link, result)
    if result.command_status != b"COMMIT":
        raise psycopg.errors.InFailedSqlTransaction("the transaction was rolled back")


def _piped(pgconn: pq.abc.PGconn, statements: list[tuple[Any, ...]]) -> list[pq.abc.PGresult]:
    """Send statements without waiting in between and return their results, up to the first failure."""
    pgconn.enter_pipeline_mode()
    for statement in statements:
        pgconn.send_query_prepared(*statement)
    pgconn.pipeline_sync()
    results, answer = list[pq.abc.PGresult](), select.poll()
    answer.register(pgconn.socket, select.POLLIN)
    while (result := _next(pgconn, answer)) is None or result.status != pq.ExecStatus.PIPELINE_SYNC:
        if pgconn.status == pq.ConnStatus.BAD:
            # The end of the pipeline never comes: libpq would return None for ever.
            raise psycopg.OperationalError(_LOST)
        results += [result] if result else []
    pgconn.exit_pipeline_mode()
    return results


def _next(pgconn: pq.abc.PGconn, answer: select.poll) -> pq.abc.PGresult | None:
    """Return the next result. Other threads run while it is awaited: psycopg would hold them up."""
    while pgconn.is_busy():
        answer.poll()
        pgconn.consume_input()
    return pgconn.get_result()


def _session(link: Link) -> _Session:
    session = _SESSIONS.get(link)
    if session is None:
        # By the types of the connection and not by itself, which would then never be forgotten.
        session = _SESSIONS[link] = _Session(Transformer(link.adapters))
    return session


def _bound(link: Link, session: _Session, text: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return a statement's name on this connection, its values, their formats, and that of the results."""
    form = session.form
    given = form.dump_sequence(values, [PyFormat.AUTO] * len(values))
    name = session.names.get((text, form.types))
    if name is None:
        name = f"mpex_{len(session.names)}".encode()
        _check(link, link.pgconn.prepare(name, text.encode(), form.types))
        session.names[text, form.types] = name
    return name, given, form.formats, pq.Format.BINARY


def _check(link: Link, result: pq.abc.PGresult) -> None:
    if result.status in _GOOD:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE) is None:
        raise psycopg.OperationalError(_LOST)
    raise error_from_result(result, encoding=link.info.encoding)
