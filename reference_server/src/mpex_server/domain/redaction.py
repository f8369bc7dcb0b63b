"""What may leave the node of a record: permitted sections, a minimal envelope, and the computed summary.

Everything is left out unless a decision permits it; nothing that has no data category is ever put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from mpex_spec import codelist

from .consent import Decision
from .shapes import Shapes

T = TypeVar("T")
Json = dict[str, Any]
Frequency = Callable[[Mapping[str, str]], int]

ENVELOPE: Final = (
    "recordId",
    "type",
    "version",
    "custodian",
    "legalBasis",
    "controller",
    "governingLaw",
    "contactOffice",
    "synthetic",
    "nameUnknown",
)
"""Members of the envelope that go with the existence of a record."""

CHILD_OFFICE: Final = "childProtectionContact"
"""Member of the envelope that tells that somebody is a child, and so leaves with the summary (CHLD-002)."""

_WITH_CHILD_OFFICE: Final = "summary"

ENVELOPE_CATEGORIES: Final = {
    "parts": "physical",
    "commingled": "physical",
    "minimumIndividuals": "physical",
    "condition": "physical",
    "postMortem": "custody",
}
"""Members of the envelope that follow a category. Fate, whereabouts and links never leave by redaction:
outcomes are told by notification, and another record is another decision."""

PROVENANCE: Final = ("contributionId", "assertedAt", "certainty")
"""Members of a contribution that go with each of its sections."""

AGE_BANDS: Final = tuple(
    (code, int(row["max"] or 150)) for code, row in codelist("ageBands").items() if row["min"]
)
"""Age band -> its highest age in years, in rising order."""

_MOST_TELLING: Final = ("route", "region", "year", "ageBand", "sex")


def redact(record: Mapping[str, Any], decision: Decision, categories: Iterable[str], shapes: Shapes) -> Json:
    """Return the part of a record that the decision permits within `categories`; empty when nothing is.

    Contributions without a permitted section are left out, so that their number shows nothing.
    """
    asked = frozenset(categories)
    permitted = decision.categories & asked
    if not permitted:
        return {}
    released = {name: record[name] for name in ENVELOPE if name in record}
    if CHILD_OFFICE in record and _WITH_CHILD_OFFICE in permitted:
        released[CHILD_OFFICE] = record[CHILD_OFFICE]
    if "status" in record:
        released["status"] = "open" if record["status"] == "open" else "closed"
    if "dispute" in record:
        released["dispute"] = {"since": record["dispute"]["since"]}
    followers = ((name, category) for name, category in ENVELOPE_CATEGORIES.items() if category in permitted)
    pruned = {name: shapes.prune_member(name, record[name]) for name, _ in followers if name in record}
    released |= {name: value for name, value in pruned.items() if value is not None}
    parts = (_contribution(entry, decision, asked, shapes) for entry in record["contributions"])
    released["contributions"] = [part for part in parts if part]
    return released


def disclosures(released: Mapping[str, Any]) -> dict[str, list[Json]]:
    """Return a redacted record by category, as a release carries it: one entry per contribution.

    Each entry says whose account its `value` is, when it was asserted and with what certainty (REL-007).
    """
    by_category: dict[str, list[Json]] = {}
    envelope = {name: value for name, value in released.items() if name != "contributions"}
    categories = ENVELOPE_CATEGORIES | {CHILD_OFFICE: _WITH_CHILD_OFFICE}
    for name in categories.keys() & envelope.keys():
        by_category.setdefault(categories[name], []).append({"value": {name: envelope.pop(name)}})
    for contribution in released.get("contributions", ()):
        stated = {name: contribution[name] for name in PROVENANCE if name in contribution}
        for category, section in contribution["sections"].items():
            by_category.setdefault(category, []).append(stated | {"value": section})
    return ({"existence": [{"value": envelope}]} if envelope else {}) | by_category


def summary(
    record: Mapping[str, Any], decision: Decision, frequency: Frequency | None = None, minimum: int = 10
) -> dict[str, str]:
    """Return age band, sex, region, year and route from the contributions whose summary is permitted.

    `frequency` counts the records that a combination fits; while fewer than `minimum` do, the most telling
    member is suppressed, so that a summary never points at one person.
    """
    sections = [
        entry["sections"]
        for entry in record["contributions"]
        if "summary" in decision.permitted_categories(entry.get("contributionId", ""))
    ]
    view = dict(_view(sections))
    for member in _MOST_TELLING:
        if frequency is None or not view or frequency(view) >= minimum:
            break
        view.pop(member, None)
    return view


def _contribution(
    entry: Mapping[str, Any], decision: Decision, asked: frozenset[str], shapes: Shapes
) -> Json | None:
    identifier = entry.get("contributionId", "")
    permitted = decision.permitted_categories(identifier) & asked
    pruned = {
        category: shapes.prune(category, section)
        for category, section in entry["sections"].items()
        if category in permitted
    }
    sections = {category: section for category, section in pruned.items() if section is not None}
    if not sections:
        return None
    members = (*PROVENANCE, *(("contributor", "source") if "informant" in permitted else ()))
    return {name: entry[name] for name in members if name in entry} | {"sections": sections}


def _view(sections: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    every = list(sections)
    year = _first(_year(section) for section in every)
    age = _first(_age(section, year) for section in every)
    if age is not None:
        yield "ageBand", next(band for band, highest in AGE_BANDS if age <= highest)
    for name, section, member in (("sex", "summary", "sex"), ("region", "summary", "regionOfOrigin")):
        value = _first(entry.get(section, {}).get(member) for entry in every)
        if value is not None:
            yield name, value
    if year is not None:
        yield "year", str(year)
    route = _first(entry.get("journey", {}).get("route") for entry in every)
    if route is not None:
        yield "route", route


def _year(section: Mapping[str, Any]) -> int | None:
    journey = section.get("journey", {})
    dates = [journey.get("lastContact", {}).get("date")]
    dates += [point.get("date") for point in reversed(journey.get("points", ()))]
    date = _first(dates)
    return None if date is None else int(date[:4])


def _age(section: Mapping[str, Any], year: int | None) -> int | None:
    """Return the age in that year, from the middle of an estimate or from the year of birth."""
    estimate = section.get("summary", {}).get("age")
    born = section.get("birth", {}).get("date")
    if estimate:
        since = 0 if year is None else year - int(estimate["asOf"][:4])
        return int(min(150, max(0, (estimate["min"] + estimate["max"]) // 2 + since)))
    if born and year is not None:
        return min(150, max(0, year - int(born[:4])))
    return None


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
