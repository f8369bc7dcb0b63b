"""The one result tree: per check, per requirement, and the verdict; every report is made from it."""

from collections import Counter
from datetime import datetime
from typing import Any

from mpex_spec import SPEC_VERSION, Requirement

from mpex_conformance import __version__, clock
from mpex_conformance.config import Config
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import SATISFIED, Outcome, worst
from mpex_conformance.plan import Plan, set_hash
from mpex_conformance.registry import all_checks
from mpex_conformance.runner import CheckResult

FORMAT = "https://mpex.example/conformance/results/1.0"


def tree(
    config: Config, plan: Plan, results: list[CheckResult], lab: Lab | None, started: datetime
) -> dict[str, Any]:
    """Return the result tree, valid against `results.schema.json`."""
    rows = [_requirement(item, results) for item in plan.requirements]
    return {
        "format": FORMAT,
        "suite": {"version": __version__, "specVersion": SPEC_VERSION, "requirementSet": set_hash()},
        "run": {
            "startedAt": _instant(started),
            "finishedAt": _instant(clock.utc()),
            "conformanceClass": config.conformance_class,
            "level": config.level,
        },
        "target": _target(lab),
        "verdict": verdict(rows),
        "totals": dict(sorted(Counter(row["outcome"] for row in rows).items())),
        "requirements": rows,
        "checks": [_check(result) for result in results],
        "exchanges": lab.wire.recorder.exchanges if lab else [],
    }


def verdict(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Judge the requirements: all binding ones satisfied, at least one of them shown, nothing left out."""
    binding = [row for row in rows if row["level"].startswith("MUST") and row["outcome"] != Outcome.EXCLUDED]
    open_rows = [row["id"] for row in binding if row["outcome"] not in SATISFIED]
    shown = sum(row["outcome"] == Outcome.PASS for row in binding)
    return {
        "conformant": bool(shown) and not open_rows,
        "shown": shown,
        "of": len(binding),
        "open": open_rows,
    }


def _requirement(item: Requirement, results: list[CheckResult]) -> dict[str, Any]:
    bearing = [result for result in results if item.id in result.check.requirements]
    every = {check.id for check in all_checks() if item.id in check.requirements}
    outcomes = [result.outcome for result in bearing]
    if every - {result.check.id for result in bearing}:
        outcomes.append(Outcome.NOT_TESTED)
    outcome = Outcome.EXCLUDED if item.excluded else worst(outcomes)
    return {
        "id": item.id,
        "level": item.level,
        "class": item.conformance_class,
        "section": item.section,
        "text": item.text,
        "outcome": outcome.value,
        "checks": sorted(every),
        **({"excluded": item.excluded} if item.excluded else {}),
    }


def _check(result: CheckResult) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "title": result.check.title,
        "requirements": list(result.check.requirements),
        "level": result.check.level,
        "outcome": result.outcome.value,
        "seconds": result.seconds,
        **({"message": result.message} if result.message else {}),
        **({"exchanges": list(result.exchanges)} if result.exchanges else {}),
    }


def _target(lab: Lab | None) -> dict[str, Any]:
    if lab is None:
        return {}
    shown = {name: lab.metadata.get(name) for name in ("nodeId", "name", "environment", "specVersion")}
    return {name: value for name, value in shown.items() if isinstance(value, str)}


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
