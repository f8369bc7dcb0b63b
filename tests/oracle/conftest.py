"""The run in one process, with three fresh nodes for each try."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.oracle.ground import InProcess
from tests.oracle.machine import Run
from tests.server.world import create_schema


@pytest.fixture
def prepare_database() -> Callable[[str], None]:
    return create_schema


@pytest.fixture
def run(tmp_path: Path, databases: Any, database_url: str) -> type[Run]:
    """The run, with three fresh nodes for each try."""
    kind, tries = make_url(database_url).get_backend_name(), count()

    def ground() -> InProcess:
        folder = tmp_path / str(next(tries))
        return InProcess(folder, lambda: str(databases.fresh(kind, create_schema)), databases.drop)

    members = {"ground": staticmethod(ground), "leave": staticmethod(InProcess.close), "done": {}}
    return type("Tried", (Run,), members)
