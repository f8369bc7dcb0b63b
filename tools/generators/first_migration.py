"""Derives the tables of the first migration from `tables.py`, as long as no version has been released.

With the first release this generator goes, and every later change of a table is a migration of its own.
"""

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from mpex_server.storage.tables import metadata
from sqlalchemy import create_engine

_PATH = "reference_server/src/mpex_server/storage/migrations/_generated/first_tables.py"
_HEAD = '''"""Derived from `storage/tables.py` by `make derived`; never edited."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of the first schema."""
'''


def generate() -> dict[str, str]:
    """Return the text of the derived module by its path."""
    with create_engine("sqlite://").connect() as conn:
        context = MigrationContext.configure(conn)
        operations = produce_migrations(context, metadata).upgrade_ops
        assert isinstance(operations, UpgradeOps)  # noqa: S101 - narrows the type for the checker
        code = render_python_code(operations, migration_context=context)
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("#")]
    return {_PATH: _HEAD + "\n".join(lines).rstrip() + "\n"}
