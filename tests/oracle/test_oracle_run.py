"""The run in one process: acts in any order, each judged by the oracle, and planted leaks found."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url

from tests.oracle.ground import InProcess
from tests.oracle.leaks import LEAKS
from tests.oracle.machine import Run
from tests.oracle.scene import LeakError
from tests.server.world import create_schema

QUICK = settings(
    max_examples=6,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
"""The first try of hypothesis does nothing; so these are five times 25 acts."""
DEEP = settings(QUICK, max_examples=26, stateful_step_count=80, derandomize=False, phases=tuple(Phase))
_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_ACTS_OF_A_HUNT = 60
_HUNTS = 12


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


@_ON_SQLITE
def test_nobody_learns_more_than_permitted_whatever_happens(run: type[Run]) -> None:
    run_state_machine_as_test(run, settings=QUICK)
    assert run.done["collected"] > 3
    assert run.done["hit"] > run.done["requested"] / 2


@pytest.mark.deep
def test_nobody_learns_more_than_permitted_in_thousands_of_acts(run: type[Run]) -> None:
    run_state_machine_as_test(run, settings=DEEP)


def hunt(run: type[Run]) -> str:
    """Act until a node learns what it must not know; return how, or nothing."""
    for first in range(_HUNTS):
        nodes = run()
        try:
            nodes.begin(seed=first)
            for act in range(1, _ACTS_OF_A_HUNT):
                nodes.act(seed=1000 * first + act)
            nodes.settle()
        except LeakError as leak:
            return str(leak)
        finally:
            run.leave(nodes.scene.ground)
    return ""


@_ON_SQLITE
@pytest.mark.parametrize("name", ["a living person's hit is told", "an authority of concern is served"])
def test_a_planted_leak_is_found(run: type[Run], name: str) -> None:
    with LEAKS[name]():
        assert hunt(run)


@pytest.mark.deep
@_ON_SQLITE
@pytest.mark.parametrize("name", sorted(LEAKS))
def test_each_planted_leak_is_found(run: type[Run], name: str) -> None:
    with LEAKS[name]():
        assert hunt(run)
