"""The checks: one function each, registered under an id with the requirements it bears."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mpex_conformance import scenarios

if TYPE_CHECKING:
    from mpex_conformance.lab import Lab

Level = Literal["MUST", "SHOULD"]
Need = Literal["partner.one", "partner.two", "partner.unmarked", "partner.budget", "partner.keyless", "mock"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, the requirements it bears, their level, what it needs, and what it does."""

    id: str
    requirements: tuple[str, ...]
    level: Level
    needs: tuple[Need, ...]
    run: "Callable[[Lab], None]"

    @property
    def title(self) -> str:
        """Return the first line of the function's docstring."""
        return (self.run.__doc__ or self.id).strip().splitlines()[0]

    @property
    def chapter(self) -> str:
        """Return the name of the scenario module."""
        return self.run.__module__.rpartition(".")[2]


_CHECKS: dict[str, Check] = {}


def check(
    check_id: str, *, requirements: Sequence[str], level: Level = "MUST", needs: Sequence[Need] = ()
) -> "Callable[[Callable[[Lab], None]], Callable[[Lab], None]]":
    """Register the decorated function as the check ``check_id``; an id is used once."""

    def register(function: "Callable[[Lab], None]") -> "Callable[[Lab], None]":
        known = _CHECKS.get(check_id)
        if known and known.run.__qualname__ != function.__qualname__:
            raise ValueError(f"check {check_id} is registered twice")
        _CHECKS[check_id] = Check(check_id, tuple(requirements), level, tuple(needs), function)
        return function

    return register


def all_checks() -> tuple[Check, ...]:
    """Return every check of every scenario module, by id."""
    for module in pkgutil.iter_modules(scenarios.__path__):
        importlib.import_module(f"{scenarios.__name__}.{module.name}")
    return tuple(sorted(_CHECKS.values(), key=lambda item: item.id))
