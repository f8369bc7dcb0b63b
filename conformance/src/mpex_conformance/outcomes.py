"""Outcomes of a check and the exceptions by which a check says that it did not pass.

A check that returns has passed. Everything else is said by raising, so that a check reads as the plain
list of what must hold, and so that nothing passes by forgetting to report.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a check, from best to worst in the order of definition."""

    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    NOT_APPLICABLE = "notApplicable"
    WARN = "warn"
    DISABLED = "disabled"
    UNTESTABLE = "untestable"
    FAIL = "fail"
    ERROR = "error"
    NOT_TESTED = "notTested"
    EXCLUDED = "excluded"


_SEVERITY = (
    Outcome.EXCLUDED,
    Outcome.NOT_APPLICABLE,
    Outcome.PASS,
    Outcome.WARN,
    Outcome.NOT_TESTED,
    Outcome.DISABLED,
    Outcome.UNTESTABLE,
    Outcome.FAIL,
    Outcome.ERROR,
)

SATISFIED = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE})


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return the gravest of ``outcomes``; nothing at all is `notTested`, never a pass."""
    return max(outcomes, key=_SEVERITY.index, default=Outcome.NOT_TESTED)


class CheckFailedError(Exception):
    """The target did not do what the requirement says."""


class UntestableError(Exception):
    """The target or the configuration lacks what the check needs; counts as a failure."""


class NotApplicableError(Exception):
    """The requirement is proved not to apply to this target; the message is the proof."""
