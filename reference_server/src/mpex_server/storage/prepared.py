"""Statements that most requests run: SQLAlchemy writes their text once, the driver itself runs it.

Building, compiling and wrapping cost SQLAlchemy several times what a driver needs for a row by its key. The
connection and its transaction stay SQLAlchemy's, and failures are raised as its exceptions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from sqlalchemy import ARRAY, BigInteger, Connection, Select, String, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T")
Row = tuple[Any, ...]


class _Each(FunctionElement[Any]):
    """The items of a list that is one value, whatever its length."""

    name = "each"
    inherit_cache = True


@compiles(_Each, "sqlite")
def _in_sqlite(element: _Each, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each, "postgresql")
def _in_postgresql(element: _Each, compiler: Any, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}) AS value)"


def each(name: str, kind: type[String] | type[BigInteger] = String) -> Select[Any]:
    """Return the items of the value `name`, a list of texts or of numbers, as rows."""
    return select(_Each(bindparam(name, type_=ARRAY(kind))).table_valued("value").c.value)


@dataclass(frozen=True, slots=True)
class _Written:
    """The text for one database; `order` names the values where the driver takes them by place."""

    text: str
    constants: dict[str, Any]
    order: tuple[str, ...] | None

    def values(self, given: Mapping[str, Any]) -> Any:
        named = {**self.constants, **given}
        return named if self.order is None else [_flat(named[name]) for name in self.order]


def _flat(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list) else value


class Prepared:
    """A statement whose text never changes; see `each` for lists. An insertion fills its `columns`.

    Rows are what the driver gives, so it is for columns of text, numbers and bytes.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns or None
        self._texts: dict[str, _Written] = {}

    def all(self, conn: Connection, /, **values: Any) -> list[Row]:
        """Return all rows."""
        return self._run(conn, values, lambda cursor: list(cursor.fetchall()))

    def first(self, conn: Connection, /, **values: Any) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self._run(conn, values, lambda cursor: cursor.fetchone())
        return row

    def change(self, conn: Connection, /, **values: Any) -> int:
        """Run a statement that returns no rows, and return how many it changed."""
        return self._run(conn, values, lambda cursor: int(cursor.rowcount))

    def change_all(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that returns no rows once for each of `rows`."""
        written = self._written(conn)
        with _Translated(conn):
            cursor = conn.connection.cursor()
            cursor.executemany(written.text, [written.values(row) for row in rows])

    def _run(self, conn: Connection, values: Mapping[str, Any], take: Callable[[Any], T]) -> T:
        written = self._written(conn)
        link: Any = conn.connection.driver_connection
        with _Translated(conn):
            return take(link.execute(written.text, written.values(values)))

    def _written(self, conn: Connection) -> _Written:
        name = conn.dialect.name
        if name not in self._texts:
            compiled: Any = self._statement.compile(dialect=conn.dialect, column_keys=self._columns)
            order = tuple(compiled.positiontup) if compiled.positional else None
            self._texts[name] = _Written(compiled.string, compiled.params, order)
        return self._texts[name]


class _Translated:
    """Raises what the driver raises as SQLAlchemy would; a class, since a generator costs more than a row."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        dialect = self._conn.dialect
        driver: Any = dialect.loaded_dbapi
        if not isinstance(error, driver.Error):
            return
        if dialect.is_disconnect(error, self._conn.connection.dbapi_connection, None):
            self._conn.invalidate(error)
        # Neither text nor values go into an exception.
        raise DBAPIError.instance("", None, error, driver.Error, dialect=dialect) from error
