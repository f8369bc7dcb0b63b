"""PostgreSQL by libpq's own calls, for what most requests run: begin, prepared statements, commit.

psycopg's cursors cost four times what libpq needs for a row by its key. Connection, types and errors stay
psycopg's, so that its cursors and these calls share a transaction.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

Link = psycopg.Connection[Any]
Row = tuple[Any, ...]
PLACES = "numeric_dollar"
_GOOD = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})
_PREPARED: WeakKeyDictionary[Link, dict[Any, bytes]] = WeakKeyDictionary()


def run(link: Link, text: str, values: Sequence[Any]) -> tuple[list[Row], int]:
    """Run a statement with `$1`, `$2`, … and return rows and how many it changed; raises psycopg.Error."""
    form = Transformer(link)
    given: Any = form.dump_sequence(values, [PyFormat.AUTO] * len(values))
    name = _name(link, text, form.types)
    result = link.pgconn.exec_prepared(name, given, form.formats, pq.Format.BINARY)
    _check(link, result)
    form.set_pgresult(result, format=pq.Format.BINARY)
    return form.load_rows(0, result.ntuples, tuple), result.command_tuples or 0


def run_all(link: Link, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement that returns no rows once for each of `rows`; raises psycopg.Error."""
    psycopg.RawCursor(link).executemany(text, rows)


def command(link: Link, text: str) -> None:
    """Run commands without values in one round trip; raises psycopg.Error."""
    _check(link, link.pgconn.exec_(text.encode()))


def _name(link: Link, text: str, types: tuple[int, ...] | None) -> bytes:
    """Return the name under which this connection has prepared a statement for values of these types."""
    known = _PREPARED.setdefault(link, {})
    if (text, types) not in known:
        name = f"mpex_{len(known)}".encode()
        _check(link, link.pgconn.prepare(name, text.encode(), types))
        known[text, types] = name
    return known[text, types]


def _check(link: Link, result: pq.abc.PGresult) -> None:
    if result.status in _GOOD:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE) is None:
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result, encoding=link.info.encoding)
