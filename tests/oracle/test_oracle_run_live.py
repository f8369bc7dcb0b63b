"""The run on three processes: acts, kills and days that pass, each judged by the oracle."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.oracle.ground import NAMES
from tests.oracle.ground_live import Processes
from tests.oracle.machine import Run
from tests.server.world import create_schema


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


def _try(run: type[Run], seed: int, acts: int) -> None:
    """Let people do some acts.

    Not by hypothesis, which does a failed try over again: here the nodes keep what it left behind, so
    the second time fails otherwise, and hypothesis then shows neither failure.
    """
    draw, people = Random(seed), run()
    try:
        people.begin(seed=draw.getrandbits(64))
        for _ in range(acts):
            people.act(seed=draw.getrandbits(64))
        people.teardown()
    except Exception as failure:
        failure.add_note(f"seed {seed}, act {people.scene.done['acts']}; done before: {run.done}")
        raise


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_learns_more_than_permitted_between_processes(run: type[Run]) -> None:
    _try(run, 1, acts=12)
    assert run.done["acts"] == 12


@pytest.mark.deep
def test_nobody_learns_more_than_permitted_between_processes_in_a_thousand_acts(run: type[Run]) -> None:
    while run.done.get("acts", 0) < 1000 or run.done["asked"] < 2000:
        _try(run, Random().getrandbits(32), acts=80)
    # About forty are, and seldom as few as twenty: what is left to chance must not be nothing.
    assert run.done["collected"] > 10
