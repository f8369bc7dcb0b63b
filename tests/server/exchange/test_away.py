"""A database that restarts or has no room under the load of four workers: clear errors, and no loss."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mpex_server.domain.checkpoint import Checkpoint

from tests.server.disk import Disk
from tests.server.exchange.live import until
from tests.server.exchange.under_load import Load, Workers, all_placed, are_one_log, judged
from tests.server.world import create_schema
from tools.embedded_postgres import Server, new_database, server

_RESTARTS, _SECONDS = 2, 1.0
_ROOM = 1_000_000


@pytest.fixture
def durable() -> Iterator[Server]:
    """A PostgreSQL of its own that keeps what it acknowledges."""
    with server(durable=True) as running:
        yield running


@pytest.mark.deep
def test_a_postgresql_that_restarts_under_load_loses_nothing(durable: Server, tmp_path: Path) -> None:
    url = new_database(durable.url, "node")
    create_schema(url)
    node = Workers(tmp_path / "node", "node", "humanitarian", database_url=url)
    load, seen = Load(node), list[Checkpoint]()
    node.ready()
    try:
        for _ in range(_RESTARTS):
            with load.running():
                time.sleep(_SECONDS)
                durable.restart()
                _goes_on(load)
            seen += [head] if (head := judged(node, load)) else []
        until(lambda: all_placed(node))
    finally:
        node.close()
    assert set(load.statuses) == {200, 201, 503}
    judged(node, load, complete=True)
    are_one_log(node, seen)


@pytest.mark.deep
def test_a_disk_that_is_full_under_load_loses_nothing_of_sqlite(disk: Disk) -> None:
    node = Workers(disk.path / "node", "node", "humanitarian")
    load = Load(node)
    node.ready()
    try:
        with load.running():
            disk.resize(disk.used + _ROOM)
            until(lambda: load.statuses[503] > 0)
            time.sleep(_SECONDS)
            disk.resize(0)
            _goes_on(load)
        until(lambda: all_placed(node))
    finally:
        node.close()
    assert set(load.statuses) == {200, 201, 503}
    judged(node, load, complete=True)


def _goes_on(load: Load) -> None:
    """Wait until the node takes records again, with no hand needed."""
    written = len(load.acknowledged)
    until(lambda: len(load.acknowledged) > written)
