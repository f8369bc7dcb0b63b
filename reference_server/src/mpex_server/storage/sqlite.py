"""SQLite by the standard library's driver; a list goes in as JSON, for `json_each`."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

Row = tuple[Any, ...]
PLACES = "qmark"


def run(link: sqlite3.Connection, text: str, values: Sequence[Any]) -> tuple[list[Row], int]:
    """Run a statement and return its rows and how many it changed; raises sqlite3.Error."""
    cursor = link.execute(text, _flat(values))
    return cursor.fetchall(), cursor.rowcount


def run_all(link: sqlite3.Connection, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement that returns no rows once for each of `rows`; raises sqlite3.Error."""
    link.executemany(text, map(_flat, rows))


def command(link: sqlite3.Connection, text: str) -> None:
    """Run a command without values; raises sqlite3.Error."""
    link.execute(text)


def commit(link: sqlite3.Connection) -> None:
    """Commit; raises sqlite3.Error, also when SQLite has ended the transaction by itself."""
    if not link.in_transaction:
        raise sqlite3.OperationalError("the transaction was rolled back")
    link.execute("COMMIT")


def _flat(values: Sequence[Any]) -> list[Any]:
    return [orjson.dumps(value).decode() if isinstance(value, list) else value for value in values]
