"""The catalogue of mutants, and how each is put in place and taken away again."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from importlib.resources import files
from typing import Any, cast

import yaml

from mpex_conformance.mutants import (
    consent,
    forensic,
    gossip,
    issuing,
    opening,
    patches,
    people,
    publishing,
    releasing,
    signing,
    trusting,
    wrappers,
)
from mpex_conformance.mutants.exchange import Mutant, Switch, faithful

HOMES: tuple[Any, ...] = (wrappers, forensic, gossip, people)
"""Modules of the wrappers that the catalogue names."""

MAKERS: tuple[Any, ...] = (patches, consent, issuing, opening, publishing, releasing, signing, trusting)
"""Modules of the functions that the catalogue names after `by`."""


class StaleMutantError(LookupError):
    """A mutant does not fit the reference server any more, or only crashes it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mutant: the requirement that it breaks, the harm, and how it is made."""

    id: str
    requirement: str
    harm: str
    wrapper: str | None
    patches: tuple[dict[str, Any], ...]


def entries() -> tuple[Entry, ...]:
    """Return the catalogue in its order; ValueError when an id is used twice."""
    rows = yaml.safe_load(files(__package__).joinpath("catalogue.yaml").read_text("utf-8"))
    found = tuple(_entry(row) for row in rows)
    if len({entry.id for entry in found}) != len(found):
        raise ValueError("the catalogue uses an id twice")
    return found


def _entry(row: dict[str, Any]) -> Entry:
    given = row.get("patch", [])
    every = tuple(given if isinstance(given, list) else [given])
    return Entry(row["id"], row["requirement"], row["harm"], row.get("wrapper"), every)


@contextmanager
def in_place(entry: Entry, switch: Switch) -> Iterator[None]:
    """Break the node behind ``switch`` as ``entry`` says, for the time of the context."""
    with ExitStack() as stack:
        for patch in entry.patches:
            stack.enter_context(_patched(patch))
        if entry.wrapper:
            switch.mutant = _mutant(entry.wrapper)
        try:
            yield
        finally:
            switch.mutant = faithful


def _mutant(name: str) -> Mutant:
    found: Any = next(getattr(home, name) for home in HOMES if hasattr(home, name))
    return cast("Mutant", found() if inspect.isclass(found) else found)


@contextmanager
def _patched(patch: dict[str, Any]) -> Iterator[None]:
    module, _, path = patch["target"].partition(":")
    *owners, name = path.split(".")
    try:
        owner: Any = reduce(getattr, owners, import_module(module))
        # What is only inherited is used by others as well, and they would not notice.
        original = vars(owner)[name]
    except (ImportError, AttributeError, KeyError):
        raise StaleMutantError(f"nothing stands at {patch['target']} any more") from None
    setattr(owner, name, _replacement(patch, original))
    try:
        yield
    finally:
        setattr(owner, name, original)


def _replacement(patch: dict[str, Any], original: Any) -> Any:
    if "by" in patch:
        make: Callable[[Any], Any] = next(
            getattr(home, patch["by"]) for home in MAKERS if hasattr(home, patch["by"])
        )
        return make(original)
    if "returns" in patch:
        result = patch["returns"]
        return lambda *_args, **_kwargs: result
    if "property" in patch:
        constant = patch["property"]
        return property(lambda _self: constant)
    return patch["value"]
