"""What speaks for asking a partner and what against it; a person chooses (SRCH-032)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from mpex_spec import codelist

from mpex_server.disclosures.work import Work
from mpex_server.holdings import repository as holdings
from mpex_server.partner_searches import service
from mpex_server.partner_searches.service import Plan
from mpex_server.storage.documents import Document

_WEIGHTS = {"for": 1, "neither": 0, "against": -1}
_WEIGHT = {code: _WEIGHTS[row["speaks"]] for code, row in codelist("proposalReasons").items()}
_JOURNEY = "journey"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search is about: types of record, the year from which they fit, routes and countries."""

    types: frozenset[str]
    since: int
    routes: frozenset[str]
    countries: frozenset[str]


def proposed(work: Work, asked: Json, plans: list[Plan], *, seen: Collection[str] | None) -> Json:
    """Return the plan with the reasons of each partner, those that fit best first (partner-search-plan.json).

    `seen` are the categories that the caller may see, None for all.
    """
    (record,) = work.documents.many([asked["person"]])
    about = _sought(record, asked.get("among", holdings.TYPES), journey=seen is None or _JOURNEY in seen)
    known = holdings.of(work.conn, [plan.partner.node_id for plan in plans])
    items = [
        item | {"proposalReasons": list(_reasons(about, plan, known.get(item["partner"]), asked["purpose"]))}
        for item, plan in zip(service.planned(plans)["items"], plans, strict=True)
    ]
    return {"items": sorted(items, key=_rank)}


def _rank(item: Json) -> tuple[bool, int]:
    return not item.get("sentCategories"), -sum(_WEIGHT[reason] for reason in item["proposalReasons"])


def _sought(record: Document, among: Collection[str], *, journey: bool) -> Sought:
    sections = [entry["sections"].get(_JOURNEY, {}) for entry in record.body["contributions"] if journey]
    points = [point for section in sections for point in section.get("points", ())]
    contacts = [section["lastContact"] for section in sections if "lastContact" in section]
    last = [*contacts, *(point for point in points if point["type"] == "lastKnown")]
    places = [stop["place"] for stop in (*points, *contacts) if "place" in stop]
    return Sought(
        frozenset(among) & frozenset(holdings.TYPES),
        min((int(stop["date"][:4]) for stop in last if "date" in stop), default=0),
        frozenset(section["route"] for section in sections if "route" in section) - {"other", "unknown"},
        frozenset(place["country"] for place in places if "country" in place),
    )


def _reasons(about: Sought, plan: Plan, held: Json | None, purpose: str) -> Iterator[str]:
    mandated = purpose in plan.partner.entry["purposes"]
    yield "purposeInMandate" if mandated else "purposeNotInMandate"
    if held is None or not about.types:
        yield "holdingsUnknown"
    else:
        fitting = (each["type"] in about.types and each["year"] >= about.since for each in held["counts"])
        yield "holdsFitting" if any(fitting) else "publishesNoneFitting"
    if held and about.routes.intersection(held.get("routes", ())):
        yield "routeInCommon"
    if held and about.countries.intersection(held.get("countries", ())):
        yield "countryInCommon"
