"""Nothing leaves the node that the decision does not permit, and nothing that this version does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mpex_server.domain.consent import Decision, Outcome
from mpex_server.domain.redaction import AGE_BANDS, ENVELOPE_CATEGORIES, disclosures, redact, summary
from mpex_server.domain.shapes import Shapes, section_shapes

SPEC = Path(__file__).parents[2] / "spec"
FAMILY = {
    "contributionId": "contribution:family",
    "contributor": "enquirer-7",
    "directive": "directive:one",
    "source": "family",
    "assertedAt": "2026-01-01T00:00:00Z",
    "certainty": "stated",
    "futureMember": "unknown",
    "sections": {
        "names": {"names": [{"text": "Fictia Examplová", "futureMember": "unknown"}], "futureMember": 1},
        "birth": {"date": "1999-05"},
        "summary": {"sex": "female", "regionOfOrigin": "easternAfrica"},
        "journey": {"route": "centralMediterranean", "lastContact": {"date": "2025-08"}},
        "futureSection": {"text": "unknown"},
    },
}
WITNESS = {
    "contributionId": "contribution:witness",
    "contributor": "enquirer-8",
    "assertedAt": "2026-02-01T00:00:00Z",
    "sections": {"names": {"names": [{"text": "Testa Ficta"}]}, "journey": {"route": "westernBalkans"}},
}
RECORD: dict[str, Any] = {
    "recordId": "person:a",
    "type": "soughtPerson",
    "version": 3,
    "status": "located",
    "legalBasis": "consent",
    "contactOffice": {"organisation": "Example office"},
    "fate": {"value": "alive"},
    "whereabouts": {"value": "known"},
    "links": [{"rel": "relativeOf", "target": "person:b"}],
    "changeReason": "a reason",
    "dispute": {"since": "2026-03-01T00:00:00Z", "reason": "a reason"},
    "futureMember": "unknown",
    "contributions": [FAMILY, WITNESS],
}


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    files = ("sections.json", "common.json", "remains-unit.json")
    documents = {name: json.loads((SPEC / "schemas" / name).read_text()) for name in files}
    return section_shapes(documents, {"migrationRoutes": frozenset(["centralMediterranean"])})


def permit(*keys: tuple[str, str]) -> Decision:
    every = [
        (entry["contributionId"], category)
        for entry in RECORD["contributions"]
        for category in entry["sections"]
    ]
    return Decision(
        {
            key: Outcome(key in keys, ("permitted",) if key in keys else ("noPermit",))
            for key in {*every, *keys}
        }
    )


def test_only_permitted_sections_of_permitted_contributions_leave(shapes: Shapes) -> None:
    decision = permit(("contribution:family", "names"), ("contribution:family", "birth"))
    released = redact(RECORD, decision, ["names", "journey"], shapes)
    assert [entry["sections"] for entry in released["contributions"]] == [
        {"names": {"names": [{"text": "Fictia Examplová"}]}}
    ]


def test_nothing_permitted_leaves_nothing(shapes: Shapes) -> None:
    assert redact(RECORD, permit(), ["names"], shapes) == {}
    assert redact(RECORD, permit(("contribution:family", "names")), ["birth"], shapes) == {}


def test_unknown_members_sections_and_codes_never_leave(shapes: Shapes) -> None:
    everything = permit(
        *((entry["contributionId"], name) for entry in RECORD["contributions"] for name in entry["sections"])
    )
    text = json.dumps(redact(RECORD, everything, everything.categories, shapes))
    assert "future" not in text
    assert "westernBalkans" not in text
    assert "centralMediterranean" in text


def test_outcome_links_and_contributor_stay_with_the_holder(shapes: Shapes) -> None:
    released = redact(RECORD, permit(("contribution:family", "names")), ["names"], shapes)
    assert released.keys() == {
        "recordId",
        "type",
        "version",
        "legalBasis",
        "contactOffice",
        "status",
        "dispute",
        "contributions",
    }
    assert released["status"] == "closed"
    assert released["dispute"] == {"since": "2026-03-01T00:00:00Z"}
    assert released["contributions"][0].keys() == {"contributionId", "assertedAt", "certainty", "sections"}


def test_the_office_that_acts_for_a_child_is_named_with_the_summary_only(shapes: Shapes) -> None:
    office = {"organisation": "Example youth office"}
    child = RECORD | {"childProtectionContact": office}
    family = "contribution:family"
    told = disclosures(
        redact(child, permit((family, "summary"), (family, "names")), ["summary", "names"], shapes)
    )
    assert {"value": {"childProtectionContact": office}} in told.pop("summary")
    assert office["organisation"] not in str(told)
    released = redact(child, permit((family, "names")), ["names"], shapes)
    assert office["organisation"] not in str(released)


def test_informant_shows_only_where_it_is_permitted(shapes: Shapes) -> None:
    decision = permit(("contribution:family", "names"), ("contribution:family", "informant"))
    released = redact(RECORD, decision, ["names", "informant"], shapes)
    assert released["contributions"][0]["source"] == "family"


def test_release_is_grouped_by_category(shapes: Shapes) -> None:
    decision = permit(("contribution:family", "names"), ("contribution:witness", "names"))
    grouped = disclosures(redact(RECORD, decision, ["names"], shapes))
    assert grouped.keys() == {"existence", "names"}
    assert [entry["contributionId"] for entry in grouped["names"]] == [
        "contribution:family",
        "contribution:witness",
    ]
    assert all(entry["assertedAt"] and entry["value"]["names"] for entry in grouped["names"])
    assert grouped["existence"][0].keys() == {"value"}
    assert "contributions" not in grouped["existence"][0]["value"]


def test_members_of_the_envelope_follow_their_category(shapes: Shapes) -> None:
    part = {"region": "head", "description": "skull"}
    remains = RECORD | {
        "parts": [part | {"futureMember": "unknown"}],
        "postMortem": [{"process": "photography", "state": "completed"}],
    }
    released = redact(remains, permit(("contribution:family", "physical")), ["physical"], shapes)
    assert released["parts"] == [part]
    assert "postMortem" not in released
    schema = json.loads((SPEC / "schemas/remains-unit.json").read_text())["properties"]
    assert {name: schema[name]["x-mpex-category"] for name in ENVELOPE_CATEGORIES} == ENVELOPE_CATEGORIES


def test_summary_is_computed_from_permitted_contributions_only() -> None:
    assert summary(RECORD, permit(("contribution:family", "summary"))) == {
        "ageBand": "youngAdult",
        "sex": "female",
        "region": "easternAfrica",
        "year": "2025",
        "route": "centralMediterranean",
    }
    assert summary(RECORD, permit(("contribution:family", "names"))) == {}


def test_summary_of_a_rare_combination_loses_what_makes_it_rare() -> None:
    decision = permit(("contribution:family", "summary"))
    view = summary(RECORD, decision, lambda view: 3 if "region" in view else 500)
    assert view.keys() == {"ageBand", "sex", "year"}
    assert summary(RECORD, decision, lambda _: 1) == {}


def test_age_bands_rise_and_cover_every_age() -> None:
    assert [highest for _, highest in AGE_BANDS] == sorted(highest for _, highest in AGE_BANDS)
    assert AGE_BANDS[0][0] == "infant"
    assert AGE_BANDS[-1][1] == 150
