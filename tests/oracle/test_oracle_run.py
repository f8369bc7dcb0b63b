"""The run in one process: acts in any order, each judged by the oracle."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.oracle.machine import Run

QUICK = settings(
    max_examples=6,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
"""The first try of hypothesis does nothing; so these are five times 25 acts."""
DEEP = settings(QUICK, max_examples=12, stateful_step_count=80, derandomize=False)
"""About as many acts as the run between processes does."""
_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@_ON_SQLITE
def test_nobody_learns_more_than_permitted_whatever_happens(run: type[Run]) -> None:
    run_state_machine_as_test(run, settings=QUICK)
    assert run.done["collected"] > 3
    assert run.done["hit"] > run.done["requested"] / 2


@pytest.mark.deep
def test_nobody_learns_more_than_permitted_in_hundreds_of_acts(run: type[Run]) -> None:
    run_state_machine_as_test(run, settings=DEEP)
