"""An inventory of remains says how many people they are of at least; parts are neither lost nor gained."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.remains import broken_chain, least_individuals, put_together, without

Part = dict[str, Any]
REGIONS = ["head", "thigh", "hand", "finger", "whole", "unknown"]
PARTS = st.lists(
    st.fixed_dictionaries(
        {"region": st.sampled_from(REGIONS)},
        optional={
            "side": st.sampled_from(["left", "right", "both", "middle", "unknown"]),
            "complete": st.booleans(),
            "count": st.integers(1, 4),
            "later": st.sampled_from([{"nested": [1.5]}, {}]),
        },
    ),
    max_size=8,
)


def part(region: str, side: str | None = None, count: int = 1, *, complete: bool = True) -> Part:
    sided = {} if side is None else {"side": side}
    return {"region": region, "complete": complete, "count": count} | sided


@pytest.mark.parametrize(
    ("parts", "least"),
    [
        ([], 1),
        ([part("thigh", "left", 2)], 2),
        ([part("thigh", "left"), part("thigh", "right")], 1),
        ([part("thigh", "left"), part("thigh", "both")], 2),
        ([part("thigh", "left", 3, complete=False)], 1),
        ([part("thigh", "unknown", 3), part("thigh", None, 3)], 1),
        ([part("head", "middle", 2), part("head")], 3),
        ([part("whole", None, 2), part("hand", "left")], 3),
        ([part("finger", "left", 5), part("unknown", None, 5)], 1),
    ],
)
def test_complete_parts_of_one_place_count_individuals(parts: list[Part], least: int) -> None:
    assert least_individuals(parts) == least


@given(PARTS, PARTS)
def test_more_parts_are_never_of_fewer_and_never_of_more_than_all_apart(one: Any, other: Any) -> None:
    together = least_individuals([*one, *other])
    assert together == least_individuals([*other, *one]) == least_individuals(put_together(one, other))
    assert max(least_individuals(one), least_individuals(other)) <= together
    assert together <= least_individuals(one) + least_individuals(other)


@given(PARTS, PARTS)
def test_what_was_put_together_can_be_taken_apart(one: Any, other: Any) -> None:
    whole = put_together(one, other)
    rest = without(whole, other)
    assert rest is not None
    assert sum(p.get("count", 1) for p in rest) == sum(p.get("count", 1) for p in one)
    assert without(rest, one) == []


@given(PARTS, st.sampled_from(REGIONS))
def test_nobody_takes_a_part_that_is_not_there(parts: Any, region: str) -> None:
    plain = sum(p.get("count", 1) for p in parts if set(p) <= {"region", "count"} and p["region"] == region)
    assert without(parts, [{"region": region, "count": plain + 1}]) is None


def record(*chains: list[str]) -> dict[str, Any]:
    return {
        "contributions": [
            {"contributionId": str(number), "sections": {"custody": {"events": chain}} if chain else {}}
            for number, chain in enumerate(chains)
        ]
    }


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        (record(["a"]), record(["a", "b"]), False),
        (record([], ["a"]), record(["x"], ["a"]), False),
        (record(["a"]), record(["b"]), True),
        (record(["a", "b"]), record(["a"]), True),
        (record(["a"], ["b"]), record(["a"]), True),
        (record(["a"]), record([]), True),
    ],
)
def test_a_chain_is_added_to_and_never_rewritten(before: Any, after: Any, broken: int) -> None:
    assert broken_chain(before, after) == broken
