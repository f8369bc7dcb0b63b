"""Tables in the code equal the codelists of the specification."""

from __future__ import annotations

import csv
from pathlib import Path

from mpex_server.domain.purposes import (
    DPV,
    EXPLICIT_GRANT,
    MATRIX,
    PROHIBITED,
    PROTECTIVE,
    RANKS,
)
from mpex_server.domain.release_sets import RELEASE_SETS, returned_set

CODELISTS = Path(__file__).parents[2] / "spec" / "codelists"


def rows(name: str) -> list[dict[str, str]]:
    with (CODELISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_purposes_equal_their_codelist() -> None:
    listed = {row["code"]: row for row in rows("purposes")}
    assert {code: frozenset(row["categories"].split()) for code, row in listed.items()} == dict(MATRIX)
    assert {code for code, row in listed.items() if row["prohibited"] == "true"} == PROHIBITED
    assert {code for code, row in listed.items() if row["explicitGrant"] == "true"} == EXPLICIT_GRANT
    assert {code: row["dpv"] for code, row in listed.items()} == dict(DPV)


def test_authorities_equal_their_codelist() -> None:
    listed = {row["code"]: row for row in rows("authorities")}
    assert {code: int(row["rank"]) for code, row in listed.items()} == {code: RANKS[code] for code in listed}
    assert {code for code, row in listed.items() if row["protective"] == "true"} == PROTECTIVE


def test_release_sets_equal_their_codelist() -> None:
    listed = {row["code"]: frozenset(row["categories"].split()) for row in rows("releaseSets")}
    assert listed == dict(RELEASE_SETS)


def test_answer_states_the_largest_set_within_the_one_asked_for() -> None:
    everything = frozenset().union(*RELEASE_SETS.values())
    assert returned_set("searchDetail", everything) == "searchDetail"
    assert returned_set("searchDetail", RELEASE_SETS["identity"]) == "identity"
    assert returned_set("contact", RELEASE_SETS["identity"]) == "summary"
    assert returned_set("summary", frozenset(["existence"])) == "existence"
    assert returned_set("summary", frozenset(["names"])) is None
