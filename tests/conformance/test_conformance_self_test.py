"""The suite against itself: every mutant dies, every binding check kills, no miniature passes."""

import pytest
from mpex_conformance.mutants.gates import self_test


@pytest.mark.deep
def test_every_gate_of_the_self_test_is_passed() -> None:
    report = self_test()
    assert report.passed, report
    assert len(report.kills) >= 80
