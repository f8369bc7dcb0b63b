"""Derives the tables of the first migration from `tables.py`, as long as no version has been released.

SQLite has them as they are, PostgreSQL with the tenant of each row (`hosting.py`). With the first release
this generator goes, and every later change of a table is a migration of its own.
"""

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from mpex_server.storage.hosting import hosted
from mpex_server.storage.tables import metadata
from sqlalchemy import MetaData, create_engine

_FOLDER = "reference_server/src/mpex_server/storage/migrations/_generated"
_HEAD = '''"""Derived from `storage/tables.py` by `make derived`; never edited."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of the first schema."""
'''


def generate() -> dict[str, str]:
    """Return the text of the derived modules by their paths."""
    return {
        f"{_FOLDER}/first_tables.py": _module(metadata),
        f"{_FOLDER}/first_hosted_tables.py": _module(hosted(metadata)),
    }


def _module(tables: MetaData) -> str:
    with create_engine("sqlite://").connect() as conn:
        context = MigrationContext.configure(conn)
        operations = produce_migrations(context, tables).upgrade_ops
        assert isinstance(operations, UpgradeOps)  # noqa: S101 - narrows the type for the checker
        code = render_python_code(operations, migration_context=context)
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("#")]
    return _HEAD + "\n".join(lines).rstrip() + "\n"
