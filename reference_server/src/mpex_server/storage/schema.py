"""Bringing a database to the newest schema: one Alembic history for SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData

from mpex_server.storage import floor
from mpex_server.storage.engine import is_sqlite, transaction
from mpex_server.storage.hosting import hosted
from mpex_server.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database lacks, in one transaction."""
    with transaction(engine) as conn:
        migrate(conn)


def prepare(engine: Engine, application: str) -> None:
    """Do the same as the owner of the tables on PostgreSQL, and lay the floor for the role of the nodes."""
    with transaction(engine) as conn:
        floor.lift(conn)
        migrate(conn)
        floor.lay(conn, application)


def migrate(conn: Connection, revision: str = "head") -> None:
    """Apply the migrations up to a revision that the database lacks."""
    # Alembic is a fifth of what a node imports, and most starts have nothing to migrate.
    from alembic import command

    with _history() as config:
        config.attributes["connection"] = conn
        command.upgrade(config, revision)


def revisions() -> list[str]:
    """Return every revision there has been, oldest first."""
    from alembic.script import ScriptDirectory

    with _history() as config:
        scripts = ScriptDirectory.from_config(config).walk_revisions()
        return [script.revision for script in scripts][::-1]


@contextmanager
def _history() -> Iterator["Config"]:
    from alembic.config import Config

    with as_file(files("mpex_server.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        yield config


def revision_of(conn: Connection) -> str | None:
    """Return the newest migration that the database has; None when it has none."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(conn).get_current_revision()


def differences(conn: Connection) -> list[str]:
    """Return what the database has otherwise than `tables.py` says; empty when nothing is missing."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    tables = tables_of(conn)
    context = MigrationContext.configure(conn, opts={"target_metadata": tables})
    return [str(change) for change in compare_metadata(context, tables)]


def tables_of(conn: Connection) -> MetaData:
    """Return the tables as they have to be in this kind of database."""
    return metadata if is_sqlite(conn) else hosted(metadata)
