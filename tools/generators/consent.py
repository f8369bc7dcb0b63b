"""Consent vectors: the decision table that every implementation reproduces.

Each case states by hand what it permits, or why it refuses; generating fails where the reference decision
disagrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mpex_server.domain.consent import Decision, Outcome, Query, decide
from mpex_server.domain.directives import Directive, Requester

from tools.generators._consent_denials import authorities_of_concern, denials, exclusions
from tools.generators._consent_permits import permits, purposes, withdrawal
from tools.generators._consent_scenes import OTHER, OWN, Json

PATH = "spec/vectors/consent/decisions.json"
NOTE = "Consent decisions: the outcomes of a case follow from its query and directives alone."


def generate() -> dict[str, str]:
    """Return the vectors by path; ValueError where the decision differs from what a case states."""
    rows = []
    for case in cases():
        decision = decided(case)
        if problem := disagreement(case, decision):
            raise ValueError(problem)
        rows.append(
            {key: case[key] for key in ("name", "query", "directives")} | {"outcomes": outcomes(decision)}
        )
    return {PATH: json.dumps({"description": NOTE, "cases": rows}, indent=1, ensure_ascii=False) + "\n"}


def cases() -> Iterator[Json]:
    """Yield every case with its stated expectation."""
    for group in (purposes, permits, withdrawal, denials, exclusions, authorities_of_concern):
        yield from group()


def decided(case: Mapping[str, Any]) -> Decision:
    """Return the reference decision on a case."""
    query = case["query"]
    return decide(
        Query(
            requester=Requester.from_document(query["requester"]),
            purpose=query["purpose"],
            categories=frozenset(query["categories"]),
            at=datetime.fromisoformat(query["at"]),
            living=query["living"],
            minor=query["minor"],
            countries=frozenset(query["countries"]),
            contributions=query["contributions"],
        ),
        [Directive.from_document(document) for document in case["directives"]],
    )


def outcomes(decision: Decision) -> list[Json]:
    """Return a decision as the vectors write it, in a fixed order."""
    return [
        {"contribution": contribution, "category": category} | _outcome(outcome)
        for (contribution, category), outcome in sorted(decision.per.items())
    ]


def _outcome(outcome: Outcome) -> Json:
    if not outcome.permit:
        return {"permit": False, "reasons": list(outcome.reasons)}
    duties = outcome.obligations
    obligations: Json = {
        "onward": duties.onward,
        "doNotShareWith": sorted(
            ({entry.member: entry.value} for entry in duties.do_not_share_with), key=str
        ),
    }
    if duties.delete_by:
        obligations["deleteBy"] = duties.delete_by.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"permit": True, "reasons": list(outcome.reasons), "obligations": obligations}


def disagreement(case: Mapping[str, Any], decision: Decision) -> str | None:
    """Return what differs between a case's stated expectation and the decision, None when nothing does."""
    stated, found = case["stated"], sorted(decision.permitted_categories(OWN))
    if isinstance(stated, str):
        same = not decision.permit and decision.reason == stated
    else:
        same = found == sorted(stated[OWN]) and not decision.permitted_categories(OTHER) - {"names"}
    return None if same else f"{case['name']}: stated {stated}, decided {found} {decision.reason}"
