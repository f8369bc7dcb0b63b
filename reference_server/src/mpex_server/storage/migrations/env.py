"""Alembic environment: migrations run in the transaction that `storage.schema.upgrade` hands over."""

from alembic import context
from mpex_server.storage.schema import tables_of

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tables_of(connection))
context.run_migrations()
