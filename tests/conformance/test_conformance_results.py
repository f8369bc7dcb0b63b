"""The result tree: what counts as conformant, what is recorded of an exchange, and its published schema."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from io import StringIO
from typing import Any

import jsonschema_rs
import pytest
from mpex_conformance import plan as planning
from mpex_conformance.config import Config
from mpex_conformance.outcomes import Outcome, worst
from mpex_conformance.plan import PlanError, make
from mpex_conformance.report.terminal import show
from mpex_conformance.results import tree, verdict
from mpex_conformance.runner import CheckResult
from mpex_conformance.wire import redaction
from rich.console import Console

SCHEMA = json.loads(files("mpex_conformance").joinpath("results.schema.json").read_text("utf-8"))


def _tree(outcome: Outcome, **config: Any) -> dict[str, Any]:
    settings = Config(**config)
    plan = make(settings)
    results = [CheckResult(check, outcome, "", 0.1, (1, 2)) for check in plan.checks]
    results += [CheckResult(check, Outcome.DISABLED, "off", 0) for check in plan.disabled]
    return tree(settings, plan, results, None, datetime.now(UTC))


@pytest.mark.parametrize("outcome", [item for item in Outcome if item is not Outcome.EXCLUDED])
def test_only_passing_everything_is_conformant(outcome: Outcome) -> None:
    result = _tree(outcome)
    jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True).validate(result)
    assert result["verdict"]["conformant"] is (outcome is Outcome.PASS)


def test_a_disabled_check_lowers_the_claim() -> None:
    result = _tree(Outcome.PASS, disable=("rec-001",))
    assert result["verdict"]["open"] == ["REC-001"]
    assert not result["verdict"]["conformant"]


def test_what_was_not_run_stays_in_the_denominator() -> None:
    whole, part = _tree(Outcome.PASS)["verdict"], _tree(Outcome.PASS, only=("REC-001",))["verdict"]
    assert part["of"] == whole["of"] > 60
    assert part["shown"] == 1
    assert not part["conformant"]


def test_nothing_applicable_is_never_a_pass() -> None:
    assert not verdict([])["conformant"]
    assert not _tree(Outcome.NOT_APPLICABLE)["verdict"]["conformant"]
    assert worst([]) is Outcome.NOT_TESTED


def test_a_class_leaves_the_requirements_of_others_out() -> None:
    core = _tree(Outcome.PASS, conformance_class="core")
    assert {row["class"] for row in core["requirements"]} == {"core"}


def _shown(result: dict[str, Any], *, verbose: bool = False) -> list[str]:
    console = Console(width=200, record=True, file=StringIO())
    show(result, console, verbose=verbose)
    return console.export_text().splitlines()


def test_a_report_has_a_line_for_each_section_and_its_failures_in_full() -> None:
    result = _tree(Outcome.PASS)
    sections = list(dict.fromkeys(row["section"] for row in result["requirements"]))
    lines = _shown(result)
    assert len(lines) < len(sections) + 8
    for section in sections:
        assert sum(entry.split()[:1] == [section] for entry in lines) == 1
    broken = next(row for row in result["requirements"] if row["id"] == "SRCH-004")
    broken["outcome"] = "fail"
    next(check for check in result["checks"] if check["id"] == "srch-004")["message"] = "the answers differ"
    text = "\n".join(_shown(result))
    assert broken["text"] in text
    assert "srch-004: the answers differ" in text
    assert "SRCH-005" not in text
    verbose = "\n".join(_shown(result, verbose=True))
    assert all(row["id"] in verbose for row in result["requirements"])


def test_an_unknown_id_in_the_configuration_is_refused() -> None:
    with pytest.raises(PlanError, match="rec-999"):
        make(Config(only=("rec-999",)))


def test_the_requirement_set_has_one_digest() -> None:
    assert len(planning.set_hash()) == 64


def test_a_recorded_exchange_shows_shapes_and_no_values() -> None:
    body = {"names": [{"text": "Fictia Examplová"}], "type": "urn:mpex:problem:x", "age": 31, "alive": True}
    shape = redaction.body(json.dumps(body).encode(), "application/json")
    assert shape == {
        "names": [{"text": "<string of 16>"}],
        "type": "urn:mpex:problem:x",
        "age": "<number>",
        "alive": True,
    }
    assert redaction.body(b"\xff{", "application/json") == "<2 bytes, not JSON>"
    headers = redaction.headers({"Authorization": "DPoP secret", "DPoP": "x.y.z", "Accept": "*/*"})
    assert headers == {"authorization": "<11 characters>", "dpop": "<5 characters>", "accept": "*/*"}
    path = redaction.address(f"/v1/persons/person:{'a' * 26}/choice?cursor=secret&limit=1")
    assert path == "/v1/persons/person:…/choice?cursor=…&limit=…"
