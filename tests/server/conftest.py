"""Fixtures of the server's tests: a node with registered clients on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mpex_server.settings import Settings

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
