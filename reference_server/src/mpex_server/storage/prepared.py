"""Statements that most requests run: SQLAlchemy writes their text once, the driver itself runs it.

Building, compiling and wrapping cost SQLAlchemy several times what a driver needs for a row by its key. The
connection and its transaction stay SQLAlchemy's, and failures are raised as its exceptions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    String,
    any_,
    bindparam,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.functions import FunctionElement

from mpex_server.storage import postgres, sqlite

T = TypeVar("T")
Row = tuple[Any, ...]
_Run = Callable[[Any, str, Sequence[Any]], tuple[list[Row], int]]
_DRIVERS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgres}


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
    return _rows(bindparam(name, type_=ARRAY(kind)))


def _rows(values: ColumnElement[Any]) -> Select[Any]:
    # Without a name SQLAlchemy draws one by chance, so that no two processes would write the same text.
    return select(_Each(values).table_valued("value", name="given").c.value)


class _Among(FunctionElement[bool]):
    """Whether the first is one of the second, a list that is one value."""

    name = "among"
    inherit_cache = True


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return str(compiler.process(column.in_(_rows(values)), **options))


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return str(compiler.process(column == any_(values), **options))


def among(column: ColumnElement[Any], name: str, kind: type[String] | type[BigInteger] = String) -> _Among:
    """Return whether a column is one of the value `name`, a list of texts or of numbers.

    PostgreSQL looks up each in the column's index; rows of `each` it may compare with the whole table.
    """
    return _Among(column, bindparam(name, type_=ARRAY(kind)))


@dataclass(frozen=True, slots=True)
class _Written:
    """The text for one database; `order` names the values in the places where it takes them."""

    text: str
    constants: dict[str, Any]
    order: tuple[str, ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        named = {**self.constants, **given}
        return [named[name] for name in self.order]


class Prepared:
    """A statement whose text never changes; see `among` and `each` for lists.

    An insertion fills its `columns`. Rows are what the driver gives, so it is for columns of text, numbers
    and bytes.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns or None
        self._texts: dict[str, _Written] = {}

    def all(self, conn: Connection, /, **values: Any) -> list[Row]:
        """Return all rows."""
        return self._run(conn, values)[0]

    def first(self, conn: Connection, /, **values: Any) -> Row | None:
        """Return the first row, or None."""
        rows = self._run(conn, values)[0]
        return rows[0] if rows else None

    def change(self, conn: Connection, /, **values: Any) -> int:
        """Run a statement that returns no rows, and return how many it changed."""
        return self._run(conn, values)[1]

    def change_all(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that returns no rows once for each of `rows`."""
        written = self._written(conn.dialect)
        values = [written.values(row) for row in rows]
        driven(conn, _DRIVERS[conn.dialect.name].run_all, written.text, values)

    def _run(self, conn: Connection, given: Mapping[str, Any]) -> tuple[list[Row], int]:
        written = self._written(conn.dialect)
        run: _Run = _DRIVERS[conn.dialect.name].run
        return driven(conn, run, written.text, written.values(given))

    def _written(self, dialect: Dialect) -> _Written:
        if dialect.name not in self._texts:
            # Where a driver takes values is not always where its database does.
            kind: Any = type(dialect)
            writer = kind(paramstyle=_DRIVERS[dialect.name].PLACES)
            compiled: Any = self._statement.compile(dialect=writer, column_keys=self._columns)
            order = tuple(compiled.positiontup or ())
            self._texts[dialect.name] = _Written(compiled.string, compiled.params, order)
        return self._texts[dialect.name]


def driven(conn: Connection, call: Callable[..., T], /, *args: Any) -> T:
    """Call with the driver's own connection; what it raises is raised as SQLAlchemy would."""
    try:
        return call(conn.connection.driver_connection, *args)
    except conn.dialect.loaded_dbapi.Error as error:
        raise _translated(conn, error) from error


def _translated(conn: Connection, error: Any) -> DBAPIError:
    dialect = conn.dialect
    driver: Any = dialect.loaded_dbapi
    lost = dialect.is_disconnect(error, conn.connection.dbapi_connection, None)
    if lost:
        conn.invalidate(error)
    # Neither text nor values go into an exception.
    made = DBAPIError.instance("", None, error, driver.Error, connection_invalidated=lost, dialect=dialect)
    return cast(DBAPIError, made)
