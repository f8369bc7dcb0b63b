"""Planted leaks are found by the run in one process: the oracle can fail."""

import pytest

from tests.oracle.leaks import LEAKS
from tests.oracle.machine import Run
from tests.oracle.scene import LeakError

_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_ACTS_OF_A_HUNT = 60
_HUNTS = 12


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
