"""A full disk under PostgreSQL: a 503 while it lasts, nothing acknowledged lost, and no hand needed after."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from tests.server.records import samples
from tests.server.test_faults import PERSONS, is_sound
from tests.server.world import World

_LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'"
_ROOM = 400_000


@dataclass
class Disk:
    """A file system in memory, of a size that the test decides."""

    path: Path

    def resize(self, size: int) -> None:
        _run("mount", "-o", f"remount,size={size}", str(self.path))

    @property
    def used(self) -> int:
        state = os.statvfs(self.path)
        return (state.f_blocks - state.f_bfree) * state.f_frsize


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A small disk that PostgreSQL may write to; only root can make one."""
    with tempfile.TemporaryDirectory(prefix="mpex-disk-") as name:
        made = subprocess.run(["mount", "-t", "tmpfs", "none", name], capture_output=True, check=False)
        if made.returncode:
            pytest.skip("NO SMALL DISK: this user may not mount one; this test proves nothing")
        owner = pwd.getpwnam("nobody")
        os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Disk(Path(name))
        _run("umount", name)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def small(world: World, postgres_url: str, disk: Disk) -> Iterator[Disk]:
    """The disk, with the database of the world on it."""
    name = sa.make_url(world.node.settings.database_url).database
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:

        def move(space: str) -> None:
            world.node.engine.dispose()
            conn.exec_driver_sql(_LEAVE.format(name))
            conn.exec_driver_sql(f'ALTER DATABASE "{name}" SET TABLESPACE {space}')

        conn.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{disk.path}'")
        move("small")
        yield disk
        move("pg_default")
        conn.exec_driver_sql("DROP TABLESPACE small")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_full_disk_of_postgresql_is_a_503_and_loses_nothing(world: World, small: Disk) -> None:
    made = {samples.made(world, "registrar", PERSONS, samples.person())["recordId"]}
    token = world.token("registrar")

    def write() -> httpx2.Response:
        return world.call("registrar", "POST", PERSONS, samples.person(), token=token)

    small.resize(small.used + _ROOM)
    while (answer := write()).is_success:
        made.add(answer.json()["recordId"])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:mpex:problem:unavailable"
    assert write().status_code == 503
    small.resize(0)
    answer = write()
    assert answer.status_code == 201
    made.add(answer.json()["recordId"])
    assert is_sound(world, made)
