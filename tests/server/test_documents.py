"""The one repository: bodies open only as what they are, versions move by one, erasing shreds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mpex_server.keys import FileKeys
from mpex_server.kit import aead
from mpex_server.kit.clock import ManualClock
from mpex_server.storage import links, tables
from mpex_server.storage.documents import Documents, IdentifierTakenError, VersionConflictError
from mpex_server.storage.engine import make_engine, transaction, truncate_log
from sqlalchemy import Connection, Engine, func, select, update

from tests.server.world import START

PLANTED = "Fictia Examplová"
A, B = f"person:{'a' * 26}", f"person:{'b' * 26}"


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys.create(tmp_path / "keys")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, "node:one")
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with transaction(engine) as conn:
        yield conn


@pytest.fixture
def documents(conn: Connection, keys: FileKeys) -> Documents:
    return Documents(conn, keys, ManualClock(START))


def create(documents: Documents, document_id: str = A) -> None:
    documents.create(document_id, {"name": PLANTED}, kind="person", type="soughtPerson", status="open")


def test_a_body_comes_back_and_shows_nowhere_else(documents: Documents, conn: Connection) -> None:
    create(documents)
    found = documents.get(A, "person")
    assert found is not None
    assert found.body == {"name": PLANTED}
    assert PLANTED not in repr(found)
    assert PLANTED.encode() not in bytes(conn.scalar(select(tables.document.c.body)) or b"")
    assert documents.get(A, "remains") is None
    assert documents.get(B) is None


@pytest.mark.parametrize("change", [{"version": 2}, {"kind": "remains"}, {"id": "exchanged"}])
def test_a_body_opens_only_as_what_it_is(
    documents: Documents, conn: Connection, change: dict[str, str]
) -> None:
    create(documents, A)
    create(documents, B)
    table = tables.document
    if change == {"id": "exchanged"}:
        body = conn.scalar(select(table.c.body).where(table.c.id == B))
        change = {"body": body}  # type: ignore[dict-item]  # the sealed bytes of another document
    conn.execute(update(table).where(table.c.id == A).values(**change))
    with pytest.raises(aead.SealError):
        documents.get(A)


def test_versions_count_by_one_and_the_past_is_kept(documents: Documents) -> None:
    create(documents)
    first = documents.get(A)
    assert first is not None
    second = documents.replace(first, {"name": "Testa"}, reason="correction", actor="client:x")
    assert second.version == 2
    assert documents.earlier.body(A, 1) == {"name": PLANTED}
    assert documents.earlier.body(A, 7) is None
    with pytest.raises(VersionConflictError):
        documents.replace(first, {}, reason="correction", actor="client:x")


def test_an_identifier_is_never_used_again(documents: Documents) -> None:
    create(documents)
    documents.erase(A)
    with pytest.raises(IdentifierTakenError):
        create(documents)


def test_erasing_leaves_a_tombstone_and_no_key(documents: Documents, conn: Connection) -> None:
    create(documents)
    current = documents.get(A)
    assert current is not None
    documents.replace(current, {"name": PLANTED}, reason="correction", actor="client:x")
    links.link(conn, A, "incident", B)
    tombstone = documents.erase(A)
    assert (tombstone.status, tombstone.version, tombstone.body) == ("erased", 2, {})
    assert documents.erase(A).erased_at == tombstone.erased_at
    for table in (
        tables.document_key,
        tables.document_version,
        tables.document_link,
    ):
        assert conn.scalar(select(func.count()).select_from(table)) == 0
    assert documents.listing("person", limit=10) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_bytes_of_a_shredded_key_leave_the_files(engine: Engine, keys: FileKeys) -> None:
    with transaction(engine) as conn:
        create(Documents(conn, keys, ManualClock(START)))
        wrapped = bytes(conn.execute(select(tables.document_key.c.wrapped)).scalar_one())
    files = [Path(f"{engine.url.database}{suffix}") for suffix in ("", "-wal")]
    assert any(wrapped in file.read_bytes() for file in files)
    with transaction(engine) as conn:
        Documents(conn, keys, ManualClock(START)).erase(A)
    truncate_log(engine)
    assert not any(wrapped in file.read_bytes() for file in files if file.exists())
