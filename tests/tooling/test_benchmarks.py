"""Benchmarks measure calls that work, and a call that breaks its bound is told apart."""

import time

import pytest

from benchmarks.harness import Case, measure
from benchmarks.rules import cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_is_measured_runs_within_its_bound(case: Case) -> None:
    assert measure(case, rounds=3, seconds=0.005).within


def test_a_slow_call_breaks_its_bound() -> None:
    def spin() -> None:
        end = time.process_time() + 0.002
        while time.process_time() < end:
            pass

    found = measure(Case("spin", spin, bound=1000), rounds=2, seconds=0.004)
    assert not found.within
    assert found.best >= 2000
