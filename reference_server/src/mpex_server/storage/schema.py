"""Bringing a database to the current schema."""

from sqlalchemy import Engine

from mpex_server.storage.tables import metadata


def upgrade(engine: Engine) -> None:
    """Create what is missing; idempotent."""
    metadata.create_all(engine)
