"""Fixtures of the server's tests: a node with registered clients on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mpex_server.app import create_app
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import ManualClock, instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.settings import Settings
from mpex_server.storage.engine import make_engine, transaction
from mpex_server.storage.schema import upgrade

from tests.server.world import START, URL, Identity, World, partner_entry


def _create_schema(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def prepare_database() -> Callable[[str], None]:
    return _create_schema


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    FileKeys.create(tmp_path / "keys")
    return Settings(
        environment="sandbox",
        node_id=new_id("node"),
        name="Node of the tests",
        public_url=URL,
        database_url=database_url,
        key_dir=tmp_path / "keys",
        threads=4,
        log_level="error",
    )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """A node with a staff client of each role and the partners `one` and `two`."""
    clock = ManualClock(START)
    app = create_app(settings, clock=clock)
    identities = {role: Identity(new_id("client")) for role in ROLE_ACTIONS}
    identities |= {name: Identity(new_id("node")) for name in ("one", "two")}
    with transaction(app.state.node.engine) as conn:
        for name, identity in identities.items():
            if name in ROLE_ACTIONS:
                clients.register_staff(
                    conn, identity.client_id, roles=(name,), jwks=identity.jwks, at=instant(START)
                )
            else:
                clients.register_partner(conn, partner_entry(identity), at=instant(START))
    world = World(app, clock, identities)
    yield world
    world.close()
