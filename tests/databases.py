"""Databases for tests: each test has its own, a copy of one prepared template per kind and preparation.

On PostgreSQL their addresses are those of the role of a node, which may only do what the floor lets it do.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
import sqlalchemy as sa

from tools.embedded_postgres import as_superuser, new_database

Prepare = Callable[[str], None]

# What a used copy must share with its template to be used again once its rows are gone.
_SHAPE = """
SELECT coalesce(md5(string_agg(thing, ',' ORDER BY thing)), '') FROM (
  SELECT concat_ws(' ', relname, relkind, relnatts) FROM pg_class
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS things(thing)
"""
# Only a superuser's session without triggers may empty tables that are append-only.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE 'DELETE FROM ' || quote_ident(name); END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""
_LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'"


class Databases:
    """Hands out databases and takes them back; `postgres` starts the cluster when the first is asked for.

    On PostgreSQL a database that was only written to is emptied and handed out again under another name:
    making and dropping one costs more than most tests do.
    """

    def __init__(self, folder: Path, postgres: Callable[[], str]) -> None:
        self._folder = folder
        self._postgres = postgres
        self._numbers = count(1)
        self._templates: dict[tuple[str, Prepare | None], str] = {}
        self._origin: dict[str, str] = {}
        self._shapes: dict[str, str] = {}
        self._spare: dict[str, list[str]] = defaultdict(list)
        self._admin: psycopg.Connection[tuple[str]] | None = None

    def fresh(self, kind: str, prepare: Prepare | None) -> str:
        """Return the SQLAlchemy URL of a database of ``kind`` as ``prepare`` left its template."""
        template = self._templates.get((kind, prepare))
        if template is None:
            template = self._new(kind, None)
            if prepare:
                prepare(template)
            if kind == "postgresql" and not _has_rows(template):
                self._shapes[template] = _shape(template)
            self._templates[kind, prepare] = template
        url = self._spare[template].pop() if self._spare[template] else self._new(kind, template)
        self._origin[url] = template
        return url

    def drop(self, url: str) -> None:
        """Take back a database handed out by ``fresh``, whoever is still connected to it."""
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)
            return
        self._command(_LEAVE.format(parsed.database))
        template = self._origin.pop(url)
        if not _emptied(url, self._shapes.get(template)):
            self._command(f'DROP DATABASE "{parsed.database}" WITH (FORCE)')
            return
        renamed = f"mpex_{next(self._numbers)}"
        self._command(f'ALTER DATABASE "{parsed.database}" RENAME TO "{renamed}"')
        self._spare[template].append(parsed.set(database=renamed).render_as_string(hide_password=False))

    def close(self) -> None:
        """Leave the cluster."""
        if self._admin is not None:
            self._admin.close()

    def _new(self, kind: str, template: str | None) -> str:
        name = f"mpex_{next(self._numbers)}"
        source = sa.make_url(template).database if template else None
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            if source and Path(source).exists():
                _copy_sqlite(source, path)
            return f"sqlite:///{path}"
        return new_database(self._postgres(), name, template=source or "template0")

    def _command(self, statement: str) -> None:
        if self._admin is None:
            self._admin = _connected(self._postgres())
        self._admin.execute(statement.encode())


def _connected(url: str) -> "psycopg.Connection[tuple[str]]":
    # An engine of SQLAlchemy asks a new connection five things before its first statement.
    return psycopg.connect(as_superuser(url).replace("+psycopg", ""), autocommit=True)


def _shape(url: str) -> str:
    with _connected(url) as connection:
        (shape,) = connection.execute(_SHAPE).fetchall()[0]
    return shape


def _emptied(url: str, shape: str | None) -> bool:
    """Remove all rows, if the database still has this shape; return whether it has."""
    with _connected(url) as connection:
        if connection.execute(_SHAPE).fetchall() != [(shape,)]:
            return False
        connection.execute(_EMPTY)
    return True


def _has_rows(url: str) -> bool:
    with sa.create_engine(as_superuser(url), poolclass=sa.NullPool).connect() as connection:
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        counts = (sa.select(sa.exists().select_from(sa.table(name))) for name in tables)
        return any(connection.scalar(count) for count in counts)


def _copy_sqlite(source: str, target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
