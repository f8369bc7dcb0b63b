"""Incidents: batches with an outcome for each item, repeatable, with counts as given."""

from typing import Any

from mpex_conformance import expect, samples
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire.proofs import unique


def _import(lab: Lab, incidents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    outcomes = expect.status(lab.staff("importIncidents", {"incidents": incidents}), 200).at("outcomes")
    expect.that(len(outcomes) == len(incidents), "not one outcome for each item")
    return list(outcomes)


def _kinds(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["outcome"] for outcome in outcomes]


@check("inc-001", requirements=["INC-001"])
def one_bad_item(lab: Lab) -> None:
    """One bad item is rejected with its place, the others are stored."""
    bad = samples.incident(unique(), counts={"dead": "many"})
    outcomes = _import(lab, [samples.incident(unique()), bad, samples.incident(unique())])
    expect.that(_kinds(outcomes) == ["created", "rejected", "created"], "the outcomes do not fit the items")
    expect.that(outcomes[1].get("errors"), "the rejected item does not say what was wrong")
    for outcome in (outcomes[0], outcomes[2]):
        expect.status(lab.staff("getIncident", incidentId=outcome["incidentId"]), 200)


@check("inc-002", requirements=["INC-002"])
def repetition(lab: Lab) -> None:
    """The same batch again changes nothing; a changed item is brought up to date."""
    batch = [samples.incident(unique()) for _ in range(3)]
    first = _import(lab, batch)
    again = _import(lab, batch)
    expect.that(_kinds(again) == ["unchanged"] * 3, "the repeated batch changed something")
    identifiers = [outcome.get("incidentId") for outcome in first]
    expect.that(
        [outcome.get("incidentId") for outcome in again] == identifiers, "the repetition made new incidents"
    )
    read = expect.status(lab.staff("getIncident", incidentId=str(identifiers[0])), 200)
    expect.that(read.at("version") == 1, "the repetition made a new version")
    changed = [{**batch[0], "counts": {"dead": 9}}]
    expect.that(_kinds(_import(lab, changed)) == ["updated"], "a changed item was not brought up to date")


@check("inc-003", requirements=["INC-003"])
def corrections(lab: Lab) -> None:
    """Counts below zero come back as given."""
    counts = {"dead": 2, "missingMinimum": -2, "deadAndMissing": 0}
    body = samples.incident(unique(), counts=counts, isCorrection=True)
    outcome = _import(lab, [body])[0]
    read = expect.status(lab.staff("getIncident", incidentId=str(outcome.get("incidentId"))), 200)
    expect.that(read.at("counts") == counts, "the counts of a correction were changed")
    created = expect.status(
        lab.staff("createIncident", {**body, "source": {**body["source"], "id": unique()}}), 201
    )
    expect.that(created.at("counts") == counts, "the counts of a correction were changed")
