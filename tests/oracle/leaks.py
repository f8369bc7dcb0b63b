"""Planted leaks: what goes wrong in a node, as a context in which every node of this process is broken."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any
from unittest import mock

from mpex_conformance.mutants.catalogue import entries, in_place
from mpex_conformance.mutants.exchange import Switch
from mpex_spec import codelist

Original = Any
Leak = Callable[[], AbstractContextManager[None]]


def _catalogued(name: str) -> Leak:
    """Return a mutant of the conformance suite."""

    @contextmanager
    def planted() -> Iterator[None]:
        (entry,) = (entry for entry in entries() if entry.id == name)
        with in_place(entry, Switch(_nowhere)):
            yield

    return planted


def _replaced(module: str, path: str, make: Callable[[Original], Any]) -> Leak:
    """Return a patch of one place in the server, made from what stands there."""

    @contextmanager
    def planted() -> Iterator[None]:
        owner: Any = import_module(module)
        *owners, name = path.split(".")
        for step in owners:
            owner = getattr(owner, step)
        with mock.patch.object(owner, name, make(getattr(owner, name))):
            yield

    return planted


async def _nowhere(*_: Any) -> None:
    """Stands where a node would stand."""


def _all_requested(original: Original) -> Original:
    """Give all that was asked for, whatever the officer approved of it."""

    def collectable(work: Any, request: Any, requester: Any) -> Any:
        body = {**request.body, "grantedCategories": request.body["requestedCategories"]}
        return original(work, replace(request, content=json.dumps(body).encode()), requester)

    return collectable


def _one_speaks_for_all(_original: Original) -> Original:
    """Give of every contribution what any of them permits."""
    return lambda decision, _contribution: decision.categories


def _expiry_ignored(original: Original) -> Original:
    """Read a grant that has ended as one that goes on."""
    return lambda grant, *rest: original(replace(grant, expires=None), *rest)


def _every_category(original: Original) -> Original:
    """Read every purpose as open to every category."""
    everything = dict.fromkeys(codelist("purposes"), frozenset(codelist("categories")))
    return lambda query, directives: original(query, directives, everything)


def _said_and_not_done(_original: Original) -> Original:
    """Say that recalled data were erased, and keep them."""
    return lambda *_: {"outcome": "erased"}


LEAKS: dict[str, Leak] = {
    "a denial counts for nothing": _catalogued("denialIgnored"),
    "what was withdrawn is handed out": _catalogued("withdrawalIgnored"),
    "an excluded recipient is served": _catalogued("exclusionIgnored"),
    "a living person's hit is told": _catalogued("livingTold"),
    "nobody approved the release": _catalogued("approvedByNobody"),
    "what must stay is passed on": _catalogued("barrierIgnored"),
    "a query is kept after its recall": _catalogued("queriesKept"),
    "a death is told before the family knows": _catalogued("deathsToldAtOnce"),
    "an authority of concern is served": _catalogued("unknownIsNoConcern"),
    "what is withheld moves along": _catalogued("handedOutWhole"),
    "a message stays that was called back": _catalogued("messagesStay"),
    "who wishes to be forgotten is found": _catalogued("erasedInUse"),
    "more than was approved": _replaced(
        "mpex_server.release_requests.service", "collectable", _all_requested
    ),
    "another enquirer's contribution": _replaced(
        "mpex_server.domain.consent", "Decision.permitted_categories", _one_speaks_for_all
    ),
    "an expired grant is honoured": _replaced(
        "mpex_server.domain.directives", "Grant.applies", _expiry_ignored
    ),
    "the matrix of purposes is ignored": _replaced(
        "mpex_server.disclosures.decision", "decide", _every_category
    ),
    "recalled data stay readable": _replaced(
        "mpex_server.received_releases.recalled", "_obey", _said_and_not_done
    ),
}
"""What is planted, by the words for it."""
