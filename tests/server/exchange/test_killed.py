"""Four workers under load are killed ten times: nothing acknowledged is lost, and every act has its entry."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mpex_server.domain.checkpoint import Checkpoint

from tests.server.exchange.live import until
from tests.server.exchange.under_load import GONE, Load, Workers, all_placed, are_one_log, judged
from tests.server.world import create_schema

_KILLS, _SECONDS = 10, 3.0


@pytest.fixture
def node(tmp_path: Path, databases: Any, request: pytest.FixtureRequest) -> Iterator[Workers]:
    url = databases.fresh(request.param, create_schema)
    node = Workers(tmp_path / "node", "node", "humanitarian", database_url=url)
    yield node
    node.close()
    databases.drop(url)


@pytest.mark.deep
@pytest.mark.parametrize("node", ["sqlite", "postgresql"], indirect=True)
def test_a_node_that_is_killed_under_load_loses_nothing_that_it_said(node: Workers) -> None:
    load, seen = Load(node), list[Checkpoint]()
    for _ in range(_KILLS):
        node.ready()
        with load.running():
            time.sleep(_SECONDS)
            node.kill()
        seen += [head] if (head := judged(node, load)) else []
    assert set(load.statuses) <= {GONE, 200, 201, 503}
    assert len(load.acknowledged) > 2 * _KILLS
    assert seen
    node.start()
    until(lambda: all_placed(node))
    node.stop()
    judged(node, load, complete=True)
    are_one_log(node, seen)
