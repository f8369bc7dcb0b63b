"""The run on three processes: acts, kills and days that pass, each judged by the oracle."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url

from tests.oracle.ground import NAMES
from tests.oracle.ground_live import Processes
from tests.oracle.machine import Run
from tests.server.world import create_schema

SHORT = settings(
    max_examples=2,
    stateful_step_count=12,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
"""The first try of hypothesis does nothing."""
LONG = settings(SHORT, max_examples=5, stateful_step_count=80, derandomize=False)
"""One helping of acts, how many is left to chance: it is repeated until a thousand are done."""


@pytest.fixture
def run(
    tmp_path: Path, databases: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Run]]:
    """The run, on three processes that every try shares; each try has people of its own."""
    kind = make_url(database_url).get_backend_name()
    urls = {name: str(databases.fresh(kind, create_schema)) for name in NAMES}
    clock = tmp_path / "clock"
    clock.write_text("0", "ascii")
    monkeypatch.setenv("MPEX_CLOCK_FILE", str(clock))
    ground = Processes(tmp_path, clock, urls)
    members = {"ground": staticmethod(lambda: ground), "leave": staticmethod(lambda _: None), "done": {}}
    yield type("Tried", (Run,), members)
    ground.close()
    for url in urls.values():
        databases.drop(url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_learns_more_than_permitted_between_processes(run: type[Run]) -> None:
    run_state_machine_as_test(run, settings=SHORT)


@pytest.mark.deep
def test_nobody_learns_more_than_permitted_between_processes_in_a_thousand_acts(run: type[Run]) -> None:
    while run.done.get("acts", 0) < 1000 or run.done["asked"] < 2000:
        run_state_machine_as_test(run, settings=LONG)
    assert run.done["collected"] > 30
