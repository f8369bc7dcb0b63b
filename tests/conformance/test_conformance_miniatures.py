"""Gate 4: nodes that do nothing right pass nothing, and never break the suite."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from mpex_conformance.lab import open_lab
from mpex_conformance.mutants.miniatures import MINIATURES, profile
from mpex_conformance.mutants.trial import QUICK, trial
from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.partner.asgi import App
from mpex_conformance.plan import make
from mpex_conformance.results import tree
from mpex_conformance.runner import blocked


@pytest.mark.parametrize("name", sorted(MINIATURES))
def test_a_miniature_that_cannot_describe_itself_passes_nothing(
    name: str, serve: Callable[[App], str]
) -> None:
    url = serve(MINIATURES[name])
    with pytest.raises(CheckFailedError) as caught:
        open_lab(QUICK, profile(url))
    plan = make(QUICK)
    result = tree(QUICK, plan, blocked(plan, str(caught.value)), None, datetime.now(UTC))
    assert not result["verdict"]["conformant"]
    assert result["verdict"]["shown"] == 0


@pytest.mark.parametrize("name", sorted(MINIATURES))
def test_a_miniature_behind_a_front_passes_nothing_and_breaks_nothing(name: str) -> None:
    assert trial(name) == []
