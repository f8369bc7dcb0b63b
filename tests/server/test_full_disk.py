"""A full disk under a database: a 503 while it lasts, nothing acknowledged lost, and no hand needed after."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from tests.server.disk import Disk
from tests.server.records import samples
from tests.server.test_faults import PERSONS, is_sound
from tests.server.world import World, create_schema, new_settings, open_world

_LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'"
_ROOM = 400_000


@pytest.fixture
def on_postgresql(world: World, postgres_url: str, disk: Disk) -> Iterator[World]:
    """The world, with its database on the small disk."""
    name = sa.make_url(world.node.settings.database_url).database
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:

        def move(space: str) -> None:
            world.node.engine.dispose()
            conn.exec_driver_sql(_LEAVE.format(name))
            conn.exec_driver_sql(f'ALTER DATABASE "{name}" SET TABLESPACE {space}')

        conn.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{disk.path}'")
        move("small")
        yield world
        move("pg_default")
        conn.exec_driver_sql("DROP TABLESPACE small")


@pytest.fixture
def on_sqlite(tmp_path: Path, disk: Disk) -> Iterator[World]:
    """A world whose database is a file on the small disk."""
    url = f"sqlite:///{disk.path}/node.db"
    create_schema(url)
    world = open_world(new_settings(tmp_path, url))
    yield world
    world.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_full_disk_of_postgresql_is_a_503_and_loses_nothing(on_postgresql: World, disk: Disk) -> None:
    _fills_and_gets_room(on_postgresql, disk)


def test_a_full_disk_of_sqlite_is_a_503_and_loses_nothing(on_sqlite: World, disk: Disk) -> None:
    """What is full first is the write-ahead log, of which a record takes a part and does not get the rest."""
    _fills_and_gets_room(on_sqlite, disk)


def _fills_and_gets_room(world: World, disk: Disk) -> None:
    made = {samples.made(world, "registrar", PERSONS, samples.person())["recordId"]}
    token = world.token("registrar")

    def write() -> httpx2.Response:
        return world.call("registrar", "POST", PERSONS, samples.person(), token=token)

    disk.resize(disk.used + _ROOM)
    while (answer := write()).is_success:
        made.add(answer.json()["recordId"])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:mpex:problem:unavailable"
    assert write().status_code == 503
    disk.resize(0)
    answer = write()
    assert answer.status_code == 201
    made.add(answer.json()["recordId"])
    assert is_sound(world, made)
