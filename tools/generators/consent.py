"""Consent vectors: the decision table that every implementation reproduces.

Each case states by hand what it permits, or why it refuses; generating fails where the reference decision
disagrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from mpex_server.domain.consent import Decision, Outcome, decide
from mpex_server.domain.directives import Directive, Requester
from mpex_server.domain.voices import Query

from tools.generators._consent_denials import authorities_of_concern, denials, exclusions
from tools.generators._consent_lives import deaths, majority, takeover
from tools.generators._consent_permits import permits, purposes, withdrawal
from tools.generators._consent_ranks import children, ranks
from tools.generators._consent_scenes import DEFAULTS, OTHER, OWN, Json
from tools.generators._consent_terms import matrix, obligations, recipients, scope, territories, times

PATH = "spec/vectors/consent/decisions.json"
NOTE = (
    "Consent decisions: the outcomes of a case follow from its query and directives alone. "
    "Each case names the requirement that it shows. "
    "What its query leaves out stands in `defaults`; a member that is null is absent."
)
_GROUPS = (
    (purposes, "PURP-007"),
    (matrix, "PURP-007"),
    (permits, "CONS-001"),
    (recipients, "CONS-001"),
    (times, "CONS-001"),
    (territories, "CONS-011"),
    (withdrawal, "CONS-002"),
    (denials, "CONS-003"),
    (ranks, "CONS-003"),
    (children, "CONS-016"),
    (exclusions, "CONS-004"),
    (authorities_of_concern, "CONS-008"),
    (scope, "CONS-010"),
    (deaths, "CONS-012"),
    (majority, "CONS-017"),
    (takeover, "CONS-018"),
    (obligations, "REL-004"),
)


def generate() -> dict[str, str]:
    """Return the vectors by path; ValueError where the decision differs from what a case states."""
    lines = []
    for case in cases():
        decision = decided(case)
        if problem := disagreement(case, decision):
            raise ValueError(problem)
        row = {key: case[key] for key in ("name", "shows", "query", "directives")}
        lines.append(_compact(row | {"outcomes": outcomes(decision)}))
    head = _compact({"description": NOTE, "defaults": DEFAULTS}).removesuffix("}")
    return {PATH: head + ',\n"cases":[\n' + ",\n".join(lines) + "\n]}\n"}


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cases() -> Iterator[Json]:
    """Yield every case with its stated expectation and the requirement that it shows."""
    for group, requirement in _GROUPS:
        for case in group():
            yield case | {"shows": case["shows"] or requirement}


def decided(case: Mapping[str, Any]) -> Decision:
    """Return the reference decision on a case."""
    query = DEFAULTS | case["query"]
    return decide(
        Query(
            requester=Requester.from_document(query["requester"]),
            purpose=query["purpose"],
            categories=frozenset(query["categories"]),
            at=datetime.fromisoformat(query["at"]),
            living=query["living"],
            of_age_on=query["ofAgeOn"] and date.fromisoformat(query["ofAgeOn"]),
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
    stated, found = case["stated"]["permits"], sorted(decision.permitted_categories(OWN))
    if isinstance(stated, str):
        same = not decision.permit and decision.reason == stated
    else:
        same = found == sorted(stated[OWN]) and not decision.permitted_categories(OTHER) - {"names"}
    if not same:
        return f"{case['name']}: stated {stated}, decided {found} {decision.reason}"
    duties = [row["obligations"] for row in outcomes(decision) if "obligations" in row]
    wrong = {
        name
        for name, value in case["stated"]["duties"].items()
        if any(each.get(name) != value for each in duties)
    }
    return f"{case['name']}: other duties: {', '.join(sorted(wrong))}" if wrong else None
