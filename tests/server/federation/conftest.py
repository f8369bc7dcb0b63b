"""A realm for the tests of trust: two regions, with a node in each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.server.federation.realm import NORTH, SOUTH, Realm
from tests.server.world import create_schema


@pytest.fixture
def realm(tmp_path: Path, databases: Any, database_url: str) -> Iterator[Realm]:
    kind = make_url(database_url).get_backend_name()
    urls: list[str] = []

    def fresh() -> str:
        urls.append(str(databases.fresh(kind, create_schema)))
        return urls[-1]

    realm = Realm(fresh, tmp_path)
    realm.node("alpha", NORTH)
    realm.node("beta", SOUTH)
    realm.look("alpha", "beta")
    yield realm
    realm.close()
    for url in urls:
        databases.drop(url)
