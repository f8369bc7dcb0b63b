"""Fixtures of the exchange: a town of two nodes that know one another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.server.exchange.town import Town
from tests.server.world import create_schema


@pytest.fixture
def town(tmp_path: Path, databases: Any, database_url: str) -> Iterator[Town]:
    """Nodes `alpha`, which asks, and `beta`, a forensic institute that holds; each with its own database."""
    town = Town()
    other = databases.fresh(make_url(database_url).get_backend_name(), create_schema)
    town.add("alpha", database_url, tmp_path)
    town.add("beta", other, tmp_path, recipient_class="forensic")
    town.introduce(beta={"recipientClass": "forensic"})
    yield town
    town.close()
    databases.drop(other)


@pytest.fixture
def street(tmp_path: Path, databases: Any, database_url: str) -> Iterator[Town]:
    """Beta holds, alpha asks, gamma and delta come after."""
    town, urls = Town(), [database_url]
    backend = make_url(database_url).get_backend_name()
    for name in ("alpha", "beta", "gamma", "delta"):
        url = urls[0] if name == "alpha" else databases.fresh(backend, create_schema)
        urls.append(url)
        town.add(name, url, tmp_path)
    town.introduce()
    yield town
    town.close()
    for url in urls[2:]:
        databases.drop(url)
