"""Runs a plan against a lab, one check after the other, and says what became of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import CheckFailedError, NotApplicableError, Outcome, UntestableError
from mpex_conformance.plan import Plan
from mpex_conformance.registry import Check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check; ``exchanges`` are the numbers of what it sent, first and last."""

    check: Check
    outcome: Outcome
    message: str
    seconds: float
    exchanges: tuple[int, int] | None = None


def run_plan(
    plan: Plan, lab: Lab, progress: Callable[[CheckResult], None] = lambda _: None
) -> list[CheckResult]:
    """Run every check of ``plan``; those switched off are reported as disabled."""
    results = [
        CheckResult(check, Outcome.DISABLED, "switched off by the configuration", 0)
        for check in plan.disabled
    ]
    for check in plan.checks:
        result = run_check(check, lab)
        progress(result)
        results.append(result)
    return results


def blocked(plan: Plan, reason: str) -> list[CheckResult]:
    """Return results for a target that cannot even be opened: nothing is testable, so everything fails."""
    return [CheckResult(check, Outcome.UNTESTABLE, reason, 0) for check in plan.checks]


def run_check(check: Check, lab: Lab) -> CheckResult:
    """Run one check; it passes only if it returns, has sent something and met no breach of the contract."""
    mark, started = len(lab.wire.recorder.answers), time.monotonic()
    outcome, message = _run(check, lab)
    answers = lab.wire.recorder.since(mark)
    if outcome is Outcome.PASS:
        outcome, message = _judged(lab, mark)
    if outcome is Outcome.FAIL and check.level == "SHOULD":
        outcome = Outcome.WARN
    span = (answers[0].number, answers[-1].number) if answers else None
    return CheckResult(check, outcome, message, round(time.monotonic() - started, 3), span)


def _run(check: Check, lab: Lab) -> tuple[Outcome, str]:
    try:
        for need in check.needs:
            _provide(need, lab)
        check.run(lab)
    except CheckFailedError as error:
        return Outcome.FAIL, str(error)
    except UntestableError as error:
        return Outcome.UNTESTABLE, str(error)
    except NotApplicableError as error:
        return Outcome.NOT_APPLICABLE, str(error)
    except Exception as error:  # noqa: BLE001 - one broken check must not end the run, and is never a pass
        return Outcome.ERROR, f"the check itself broke: {type(error).__name__}"
    return Outcome.PASS, ""


def _provide(need: str, lab: Lab) -> None:
    if need == "mock":
        lab.mock("one")
    else:
        lab.partner(need.removeprefix("partner."))


def _judged(lab: Lab, mark: int) -> tuple[Outcome, str]:
    answers = lab.wire.recorder.since(mark)
    if not answers:
        return Outcome.ERROR, "the check sent nothing"
    found = [violation for answer in answers for violation in answer.violations]
    for violation in found:
        if violation.by == "target":
            return Outcome.FAIL, f"against the contract: {violation.text}"
    for violation in found:
        return Outcome.ERROR, f"the check sent what the contract does not allow: {violation.text}"
    return Outcome.PASS, ""
