"""The tables of a node, made as they are for a real one: on PostgreSQL by their owner, for another role."""

from mpex_server.storage.engine import make_engine
from mpex_server.storage.schema import prepare, upgrade

from tools.embedded_postgres import NODE, as_owner


def create(url: str) -> None:
    """Make the tables in an empty database; a node may then use it at this address."""
    engine = make_engine(as_owner(url), "")
    if engine.dialect.name == "sqlite":
        upgrade(engine)
    else:
        prepare(engine, NODE)
    engine.dispose()
