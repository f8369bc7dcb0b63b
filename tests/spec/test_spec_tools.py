"""Reading, bundling and comparing the standard, from Python and from the command line."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import mpex_spec
import pytest
from mpex_spec.bundle import bundle
from mpex_spec.cli import app
from mpex_spec.diff import diff
from mpex_spec.files import SCHEMA_BASE, Spec, root
from mpex_spec.lint.interface import operations
from mpex_spec.lint.walk import nodes
from typer.testing import CliRunner

OWN = Spec(root())


def test_every_schema_is_in_the_registry_under_its_name() -> None:
    for name in OWN.schemas:
        assert mpex_spec.registry().contents(f"{SCHEMA_BASE}{name}.json") == mpex_spec.schema(name)


def test_what_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        mpex_spec.schema("ghost")
    with pytest.raises(KeyError):
        mpex_spec.codelist("ghosts")


def test_requirements_keep_the_order_of_the_text() -> None:
    places = [OWN.prose.index(f'<a id="{name}"></a>') for name in mpex_spec.requirements()]
    assert len(places) == len(set(places))
    assert all(requirement.text for requirement in mpex_spec.requirements().values())


def test_the_bundle_needs_no_other_file_and_holds_every_operation() -> None:
    document = bundle(OWN)
    references = [node["$ref"] for _, node in nodes(document) if isinstance(node.get("$ref"), str)]
    assert references
    assert all(reference.startswith("#/components/") for reference in references)
    assert not [path for path, node in nodes(document["components"]["schemas"]) if "$id" in node]
    assert {operation["operationId"] for _, _, operation in operations(document)} == {
        operation["operationId"] for _, _, operation in operations(OWN.openapi)
    }


def test_the_bundle_judges_examples_as_the_schemas_do() -> None:
    document = bundle(OWN)
    judge = jsonschema_rs.Draft202012Validator(
        {"$ref": "#/components/schemas/PersonRecord", "components": document["components"]},
        validate_formats=True,
    )
    good = json.loads((root() / "examples/person-record.max.json").read_text(encoding="utf-8"))
    assert judge.is_valid(good)
    assert not judge.is_valid({**good, "status": "lost"})


def test_nothing_differs_from_itself() -> None:
    assert diff(OWN, OWN) == []


def _changed(copy: Any) -> dict[str, bool]:
    return {f"{change.kind} {change.what} {change.name}": change.breaking for change in diff(OWN, copy.spec)}


def test_a_removed_requirement_breaks(copy: Any) -> None:
    copy.replace("requirements.yaml", "- id: SHLD-001", "- id: SHLD-002")
    assert _changed(copy) == {
        "removed requirement SHLD-001": True,
        "added requirement SHLD-002": False,
    }


def test_a_reworded_requirement_breaks(copy: Any) -> None:
    copy.replace("requirements.yaml", "with status 413.", "with status 400.")
    assert _changed(copy) == {"changed requirement WIRE-002": True}


def test_an_added_obligation_breaks(copy: Any) -> None:
    copy.replace("requirements.yaml", "- id: WIRE-002", "- id: WIRE-902")
    assert _changed(copy)["added requirement WIRE-902"] is True


def test_an_added_optional_member_does_not_break(copy: Any) -> None:
    copy.edit("schemas/task.json", lambda d: d["properties"].update(colour={"type": "string"}))
    assert _changed(copy) == {"added schema member task.json#/properties/colour": False}


def test_a_member_that_becomes_mandatory_breaks(copy: Any) -> None:
    copy.edit("schemas/task.json", lambda d: d["required"].append("partner"))
    assert _changed(copy) == {"changed schema member task.json#/properties/partner": True}


def test_a_better_description_is_no_normative_change(copy: Any) -> None:
    copy.edit("schemas/task.json", lambda d: d["properties"]["partner"].update(description="Another node."))
    assert _changed(copy) == {}


def test_an_operation_that_needs_another_action_breaks(copy: Any) -> None:
    copy.replace("openapi.yaml", "- persons:read", "- persons:write")
    assert _changed(copy) == {"changed operation listPersons": True}


def test_who_may_do_more_or_less_is_a_normative_change(copy: Any) -> None:
    copy.replace("access.csv", "registrar,tasks,write,any,", "registrar,tasks,write,statistics searchLiving,")
    assert len(_changed(copy)) == 8
    assert _changed(copy)["removed opening tasks:write for identifyDeceased to registrar"] is True
    copy.replace("access.csv", "protectLife,health rescue", "protectLife,rescue")
    assert _changed(copy)["changed opening searches:create for protectLife to partner"] is True


def test_codes_added_to_open_lists_do_not_break_and_to_closed_lists_do(copy: Any) -> None:
    row = "{},T,D,active,1.1,,T,T,T\n"
    for name, code in (("sources", "dream"), ("bands", "faint")):
        copy.rewrite(f"codelists/{name}.csv", lambda text, code=code: text + row.format(code))
    assert _changed(copy) == {"added code sources/dream": False, "added code bands/faint": True}


def test_the_command_line_lints(copy: Any) -> None:
    clean = CliRunner().invoke(app, ["lint"])
    assert clean.exit_code == 0
    assert clean.output.startswith("clean:")
    copy.replace("spec.md", "(normative.md)", "(normal.md)")
    spoiled = CliRunner().invoke(app, ["lint", "--folder", str(copy.folder)])
    assert spoiled.exit_code == 1
    assert "spec.md: the link normal.md leads nowhere" in spoiled.output


def test_the_command_line_bundles(tmp_path: Path) -> None:
    target = tmp_path / "bundle.json"
    assert CliRunner().invoke(app, ["bundle", "-o", str(target)]).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["openapi"].startswith("3.1")


def test_the_command_line_compares(copy: Any) -> None:
    same = CliRunner().invoke(app, ["diff", str(root()), str(copy.folder)])
    assert (same.exit_code, same.output) == (0, "0 normative changes, 0 of them breaking\n")
    copy.edit("schemas/task.json", lambda d: d["properties"].pop("partner"))
    broken = CliRunner().invoke(app, ["diff", str(root()), str(copy.folder)])
    assert broken.exit_code == 1
    assert "BREAKING removed schema member task.json#/properties/partner" in broken.output
