"""Search: larger budgets after a disaster, published and logged."""

from datetime import timedelta
from typing import Any

from mpex_conformance import expect, logbook, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.anonymous import get_public
from mpex_conformance.wire.exchange import Answer


def _granted(lab: Lab, until: str) -> tuple[Answer, int]:
    """Grant a surge for a new incident; return the answer and the number."""
    incident = lab.create("createIncident", samples.incident(samples.identifier("incident")))
    number = lab.limit("partnerSearchesPerDay") + 1
    body = {
        "incident": incident["incidentId"],
        "searchesPerDay": number,
        "until": until,
        "reason": "Conformance run with an invented incident",
    }
    return expect.status(lab.staff("createSearchSurge", body), 201), number


def _published(lab: Lab, surge: str) -> dict[str, Any] | None:
    metadata = expect.status(get_public(lab.wire, "getNodeMetadata"), 200).json
    return next((item for item in metadata.get("searchSurges", ()) if item["surgeId"] == surge), None)


@check("srch-021", requirements=["SRCH-021"], needs=[])
def surges_are_published(lab: Lab) -> None:
    """A surge stands in the metadata while it lasts, and no longer."""
    until = scenes.soon()
    granted, number = _granted(lab, until)
    surge = str(granted.at("surgeId"))
    said = _published(lab, surge) or {}
    right = (said.get("searchesPerDay"), said.get("until")) == (number, until)
    expect.that(right, "the metadata do not name a larger budget that is in force, with its number and end")
    scenes.gone_in_time(lab, lambda: _published(lab, surge) is None, "a surge")


@check("srch-022", requirements=["SRCH-022"], needs=[])
def surges_are_logged(lab: Lab) -> None:
    """Granting a surge leaves an entry in the log."""
    granted, _ = _granted(lab, samples.instant(timedelta(minutes=5)))
    (entry,) = logbook.logged(lab, [(granted, None)])
    expect.that(entry["event"] == "surge", "the entry of a larger budget has another event")
