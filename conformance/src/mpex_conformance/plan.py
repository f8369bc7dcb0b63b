"""The plan of a run: the frozen requirement set of the specification against the checks that bear it."""

import hashlib
import json
from dataclasses import dataclass

from mpex_spec import Requirement, requirements

from mpex_conformance.config import Config
from mpex_conformance.registry import Check, all_checks

_INCLUDED = {"core": frozenset({"core"}), "exchange": frozenset({"core", "exchange"})}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run asks: the requirements in scope, the checks to run and those switched off."""

    requirements: tuple[Requirement, ...]
    checks: tuple[Check, ...]
    disabled: tuple[Check, ...]


class PlanError(ValueError):
    """The configuration names a check or a requirement that does not exist."""


def set_hash() -> str:
    """Return the digest that names the frozen requirement set in a result."""
    rows = [[item.id, item.level, item.conformance_class, item.text] for item in requirements().values()]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def make(config: Config) -> Plan:
    """Return the plan for ``config``; PlanError names an id that does not exist."""
    known = {check.id for check in all_checks()} | set(requirements())
    for name in (*config.only, *config.disable):
        if name not in known:
            raise PlanError(f"there is no check or requirement {name!r}")
    scope = tuple(
        item
        for item in requirements().values()
        if item.conformance_class in _INCLUDED[config.conformance_class]
        and (item.level.startswith("MUST") or config.level == "SHOULD")
    )
    in_scope = {item.id for item in scope}
    bearing = [check for check in all_checks() if in_scope & set(check.requirements)]
    chosen = [check for check in bearing if not config.only or _named(check, config.only)]
    return Plan(
        scope,
        tuple(check for check in chosen if not _named(check, config.disable)),
        tuple(check for check in chosen if _named(check, config.disable)),
    )


def _named(check: Check, names: tuple[str, ...]) -> bool:
    return check.id in names or bool(set(check.requirements) & set(names))
