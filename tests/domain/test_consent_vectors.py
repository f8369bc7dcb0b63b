"""The published decision table: the decision reproduces it, and its documents are valid on the wire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from mpex_spec import requirements

from tools.generators.consent import decided, outcomes

SPEC = Path(__file__).parents[2] / "spec"
CASES: list[dict[str, Any]] = json.loads((SPEC / "vectors/consent/decisions.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_decision_reproduces_the_published_outcomes(case: dict[str, Any]) -> None:
    assert outcomes(decided(case)) == case["outcomes"]


def test_cases_have_names_of_their_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) >= 300


def test_each_case_names_the_requirement_that_it_shows() -> None:
    assert {case["shows"] for case in CASES} <= requirements().keys()


def test_published_directives_are_valid_but_for_codes_under_test() -> None:
    schemas = {
        document["$id"]: document
        for file in (SPEC / "schemas").glob("*.json")
        if (document := json.loads(file.read_text())).pop("$schema", None)
    }
    root = schemas["https://mpex.example/schemas/1.0/consent-directive.json"]
    registry = jsonschema_rs.Registry(list(schemas.items()))
    validator = jsonschema_rs.Draft202012Validator(root, registry=registry, validate_formats=True)
    for case in CASES:
        for directive in case["directives"]:
            assert [error.message for error in validator.iter_errors(directive)] == [], case["name"]
