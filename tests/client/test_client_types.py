"""The typed views accept what the schemas accept, and nothing else, save for what is named here."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import mpex_spec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from mpex_client.types import model_of, sections
from pydantic import ValidationError

WITHOUT_A_VIEW = {
    "common": "only definitions",
    "sections": "only definitions",
    "event-token": "a string",
    "entity-statement": "a string",
    "mark-status": "a string",
    "subordinate-list": "an array",
    "authorization-details": "an array",
    "oauth-metadata": "one of two documents",
}
TOLERATED_BY_VIEWS = {
    "anyOf": "alternatives over members",
    "contains": "rules over several members",
    "else": "rules over several members",
    "if": "rules over several members",
    "maxProperties": "counts of members",
    "minProperties": "counts of members",
    "not": "rules over several members",
    "oneOf": "alternatives over members",
    "then": "rules over several members",
    "uniqueItems": "repeated items",
    "format": "formats, which no view checks",
}
ODD_VALUES = [None, True, 0, -1, 1.5, 10**7, "", "x", "é" * 2500, "2026-13-40", [], [1], [None], {}, {"x": 1}]
SCHEMAS = sorted(path.stem for path in (mpex_spec.root() / "schemas").glob("*.json"))
VIEWS = [name for name in SCHEMAS if name not in WITHOUT_A_VIEW]
Path = tuple[str | int, ...]


@cache
def examples(schema: str) -> list[Any]:
    files = sorted((mpex_spec.root() / "examples").glob(f"{schema}.m*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(mpex_spec.schema(schema), registry=mpex_spec.registry())


def broken_keywords(schema: str, document: Any) -> set[str]:
    return {_keyword(error) for error in validator(schema).iter_errors(document)}


def _keyword(error: Any) -> str:
    conditional = {"then", "else", "not", "contains"}.intersection(error.absolute_schema_path)
    return str(next(iter(conditional), error.validator))


def fits_view(schema: str, document: Any) -> bool:
    try:
        model_of(schema).from_wire(document)
    except ValidationError:
        return False
    return True


def places(node: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


@st.composite
def changed_examples(draw: st.DrawFn) -> tuple[str, Any]:
    schema = draw(st.sampled_from([name for name in VIEWS if examples(name)]))
    document = copy.deepcopy(draw(st.sampled_from(examples(schema))))
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in places(document) if path]
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        match draw(st.sampled_from(["remove", "replace", "add"])):
            case "remove":
                del parent[path[-1]]
            case "replace":
                parent[path[-1]] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
            case "add" if isinstance(parent, dict):
                parent["futureMember"] = {"kept": True}
            case _:
                parent.append(copy.deepcopy(parent[path[-1]]))
    return schema, document


@given(changed_examples())
def test_a_view_accepts_exactly_what_its_schema_accepts(case: tuple[str, Any]) -> None:
    schema, document = case
    broken = broken_keywords(schema, document)
    if broken and broken <= TOLERATED_BY_VIEWS.keys():
        return
    assert fits_view(schema, document) is not bool(broken), (schema, broken)


@pytest.mark.parametrize("schema", VIEWS)
def test_a_view_gives_back_the_document_it_read(schema: str) -> None:
    assert examples(schema)
    for document in examples(schema):
        assert model_of(schema).from_wire(document).to_wire() == document


@pytest.mark.parametrize("schema", sorted(WITHOUT_A_VIEW))
def test_schemas_without_a_view_are_known(schema: str) -> None:
    with pytest.raises((LookupError, AttributeError)):
        model_of(schema)


def test_null_is_not_absence() -> None:
    incident = model_of("incident")
    assert "date" not in incident.from_wire({"type": "incident", "counts": {}}).to_wire()
    with pytest.raises(ValidationError):
        incident.from_wire({"type": "incident", "counts": {}, "date": None})


def test_a_view_names_places_and_no_values() -> None:
    with pytest.raises(ValidationError) as caught:
        model_of("incident").from_wire({"type": "incident", "counts": {"dead": "Fictia"}})
    assert "counts.dead" in str(caught.value)
    assert "Fictia" not in str(caught.value)


def test_members_can_be_set_by_their_python_name() -> None:
    made = sections.Names.model_validate({"names": [{"text": "Testa", "romanisation_system": "x"}]})
    assert made.to_wire() == {"names": [{"text": "Testa", "romanisationSystem": "x"}]}
