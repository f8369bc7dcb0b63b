"""Fixtures of the server's tests: a node with registered clients on each database."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mpex_server.settings import Settings

from tests.server.disk import Disk, run
from tests.server.world import World, create_schema, new_settings, open_world


@pytest.fixture
def prepare_database() -> Callable[[str], None]:
    return create_schema


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return new_settings(tmp_path, database_url)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """A node with a staff client of each role and the partners `one` and `two`."""
    world = open_world(settings)
    yield world
    world.close()


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
        run("umount", name)
