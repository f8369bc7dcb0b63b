"""One run from configuration to result tree."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpex_conformance import clock
from mpex_conformance import plan as planning
from mpex_conformance.config import Config
from mpex_conformance.lab import Lab, open_lab
from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.profile import Profile, read
from mpex_conformance.results import tree
from mpex_conformance.runner import CheckResult, blocked, run_plan


class UnreachableError(RuntimeError):
    """Nothing answers at the address of the target."""


class UnsafeError(RuntimeError):
    """The target is not declared a sandbox everywhere, so the suite writes nothing."""


def run(config: Config, progress: Callable[[CheckResult], None] = lambda _: None) -> dict[str, Any]:
    """Run the suite and return the result tree.

    Raises ProfileError, PlanError, UnsafeError before anything is sent but discovery, UnreachableError when
    nothing answers at all.
    """
    profile = read(Path(config.profile))
    plan = planning.make(config)
    started = clock.utc()
    try:
        lab = open_lab(config, profile)
    except CheckFailedError as error:
        if "no answer" in str(error):
            raise UnreachableError(str(error)) from None
        return tree(config, plan, blocked(plan, str(error)), None, started)
    try:
        safe(config, profile, lab)
        return tree(config, plan, run_plan(plan, lab, progress), lab, started)
    finally:
        lab.close()


def safe(config: Config, profile: Profile, lab: Lab) -> None:
    """Raise UnsafeError unless configuration, profile and target all say sandbox."""
    if not config.environment == profile.environment == "sandbox":
        raise UnsafeError(
            "profile and configuration must both say environment sandbox before the suite writes"
        )
    if lab.metadata.get("environment") == "production":
        raise UnsafeError(
            "the target says it is in production; the suite never touches real people's records"
        )
