"""Teeth go forward in time: what life and death explain is no contradiction."""

from __future__ import annotations

import json
from typing import Any

import mpex_spec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.teeth import compare_teeth, compare_tooth, findings

STATES = sorted(mpex_spec.codelist("toothStates"))
TEETH = [f"{quadrant}{tooth}" for quadrant in range(1, 9) for tooth in range(1, 9 if quadrant < 5 else 6)]
CHARTS = st.dictionaries(
    st.sampled_from(TEETH), st.lists(st.sampled_from(STATES), min_size=1, max_size=3).map(tuple)
)


def test_the_published_vectors_hold_for_every_pair_of_states() -> None:
    path = mpex_spec.root() / "vectors" / "dental" / "teeth.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    assert {(case["inLife"], case["afterDeath"]) for case in cases} == {
        (a, b) for a in STATES for b in STATES
    }
    for case in cases:
        assert compare_tooth(case["inLife"], case["afterDeath"]) == case["comparison"]


@pytest.mark.parametrize(
    ("in_life", "after_death", "expected"),
    [
        ("decayed", "filled", "explainable"),
        ("filled", "decayed", "explainable"),
        ("sound", "lostPostMortem", "explainable"),
        ("unerupted", "sound", "explainable"),
        ("lostAnteMortem", "implant", "explainable"),
        ("filled", "sound", "contradicts"),
        ("lostAnteMortem", "sound", "contradicts"),
        ("lostAnteMortem", "lostPostMortem", "contradicts"),
        ("sound", "unerupted", "contradicts"),
        ("unknown", "sound", None),
        ("sound", "stateOfALaterVersion", None),
        ("lostPostMortem", "sound", None),
    ],
)
def test_a_difference_is_explained_or_not(in_life: str, after_death: str, expected: str | None) -> None:
    assert compare_tooth(in_life, after_death) == expected


def test_the_teeth_of_the_standard_are_those_of_iso_3950() -> None:
    assert len(TEETH) == 52
    sections = [{"dental": {"teeth": [{"tooth": tooth, "state": "sound"} for tooth in TEETH]}}]
    assert compare_teeth(findings(sections), findings(sections)) == dict.fromkeys(sorted(TEETH), "agrees")


@given(CHARTS, CHARTS)
def test_only_teeth_that_both_sides_know_are_compared(in_life: Any, after_death: Any) -> None:
    compared = compare_teeth(in_life, after_death)
    assert compared.keys() <= in_life.keys() & after_death.keys()
    assert list(compared) == sorted(compared)


@given(CHARTS, CHARTS, st.sampled_from(TEETH), st.sampled_from(STATES))
def test_another_account_never_makes_a_contradiction(
    in_life: Any, after_death: Any, tooth: str, state: str
) -> None:
    before = compare_teeth(in_life, after_death).get(tooth)
    more = {**in_life, tooth: (*in_life.get(tooth, ()), state)}
    after = compare_teeth(more, after_death).get(tooth)
    assert before is None or after != "contradicts" or before == "contradicts"


@given(CHARTS)
def test_a_chart_never_contradicts_itself(chart: Any) -> None:
    assert "contradicts" not in compare_teeth(chart, chart).values()
