"""Alembic environment: migrations run in the transaction that `storage.schema.upgrade` hands over."""

from alembic import context
from mpex_server.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
