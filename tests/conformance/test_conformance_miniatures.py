"""Gate 4: nodes that do nothing right pass nothing, and never break the suite."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from mpex_conformance.config import Config
from mpex_conformance.lab import open_lab
from mpex_conformance.mutants.miniatures import MINIATURES, Fronted, profile
from mpex_conformance.outcomes import CheckFailedError, Outcome
from mpex_conformance.partner.asgi import App
from mpex_conformance.plan import make
from mpex_conformance.results import tree
from mpex_conformance.runner import blocked, run_plan

QUICK = Config(level="SHOULD", timeout_seconds=0.5, event_seconds=0.2)
# Each check waits for the slow one as long as it may, so a few of them must do.
FEW = replace(QUICK, only=("wire-001", "rec-001", "auth-001", "purp-001", "srch-001", "log-002", "meta-001"))


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
def test_a_miniature_behind_a_front_passes_nothing_and_breaks_nothing(
    name: str, serve: Callable[[App], str]
) -> None:
    app = Fronted(MINIATURES[name])
    app.base_url = serve(app)
    lab = open_lab(QUICK, profile(app.base_url))
    try:
        results = run_plan(make(FEW if name == "slow" else QUICK), lab)
    finally:
        lab.close()
    broken = {result.check.id: result.message for result in results if result.outcome is Outcome.ERROR}
    passed = [result.check.id for result in results if result.outcome is Outcome.PASS]
    assert broken == {}
    assert passed == []
