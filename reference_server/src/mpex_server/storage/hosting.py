"""Several nodes in one PostgreSQL database: every row belongs to a tenant, and keys hold for each tenant.

`tables.py` knows nothing of it, and neither does any statement: PostgreSQL fills the column from a setting of
the transaction and shows each tenant its own rows (`floor.py`). SQLite has one file for each node.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

TENANT: Final = "tenant"
"""Column of every table on PostgreSQL."""
OWN: Final = "nullif(current_setting('mpex.tenant', true), '')::bigint"
"""SQL for the tenant of the transaction; null when it has none, and null is nobody's."""


def number_of(node_id: str) -> int:
    """Return the number by which a node is known as a tenant: the first 64 bits of the SHA-256 of its id."""
    return int.from_bytes(sha256(node_id.encode()).digest()[:8], signed=True)


def hosted(plain: MetaData) -> MetaData:
    """Return the tables as PostgreSQL has them: with the tenant, with which every key and index begins."""
    made = MetaData(naming_convention=plain.naming_convention)
    for table in plain.sorted_tables:
        tenant = Column(TENANT, BigInteger, primary_key=True, autoincrement=False, server_default=text(OWN))
        Table(table.name, made, tenant, *map(_column, table.columns), *_constraints(table), *_indexes(table))
    return made


def _column(column: Column[Any]) -> Column[Any]:
    return Column(
        column.name,
        column.type,
        primary_key=column.primary_key,
        autoincrement=column.autoincrement,
        nullable=column.nullable,
        server_default=getattr(column.server_default, "arg", None),
    )


def _constraints(table: Table) -> Iterator[Constraint]:
    uniques = (one.columns.keys() for one in table.constraints if isinstance(one, UniqueConstraint))
    for columns in sorted(uniques):
        yield UniqueConstraint(TENANT, *columns)
    for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
        parent = key.column.table.name
        yield ForeignKeyConstraint(
            [TENANT, key.parent.name], [f"{parent}.{TENANT}", f"{parent}.{key.column.name}"]
        )


def _indexes(table: Table) -> Iterator[Index]:
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        where = index.dialect_options["postgresql"]["where"]
        only = {} if where is None else {"postgresql_where": where}
        yield Index(index.name, TENANT, *index.columns.keys(), **only)
