"""Mutants inside the reference server that read directives wrongly."""

import dataclasses
from collections.abc import Callable
from typing import Any

Original = Any


def one_withdraws_for_all(original: Original) -> Callable[..., Any]:
    """Let one withdrawal count for every contribution of a record."""

    def decide(query: Any, directives: Any, *rest: Any) -> Any:
        withdrawn = any(item.is_withdrawn(query.purpose, query.at) for item in directives)
        return original(query, [] if withdrawn else directives, *rest)

    return decide


def denials_by_category(_original: Original) -> Callable[..., bool]:
    """Call back only what no account permits any more."""
    return lambda part, decision: part.category not in decision.categories


def purposes_ignored(_original: Original) -> Callable[..., bool]:
    """Read a permit as one for every purpose."""
    return lambda grant, requester, _purpose: bool(grant.names(requester))


def territories_ignored(original: Original) -> Callable[..., bool]:
    """Read a permit as one for everywhere."""
    return lambda grant, requester, purpose: bool(
        original(dataclasses.replace(grant, territories=frozenset()), requester, purpose)
    )


def scope_ignored(original: Original) -> Callable[..., Any]:
    """Read an authority as one for everything."""
    unbound = {"scope_purposes": frozenset[str](), "scope_categories": frozenset[str]()}
    return lambda directive, grant, purpose: original(
        dataclasses.replace(directive, **unbound), grant, purpose
    )


def successors_unread(original: Original) -> Callable[..., Any]:
    """Read the directives that a record names and none that follows them."""

    def read(documents: Any, body: Any, **options: Any) -> Any:
        found = original(documents, body, **options)
        return [dataclasses.replace(each, succeeded_by=None) for each in found]

    return read


def _without_grants(original: Original, *effects: str) -> Callable[..., Any]:
    """Drop grants of these effects from each directive that has a date of review, as if it were missed."""

    def read(document: Any) -> Any:
        found = original(document)
        if "reviewDue" not in document.body:
            return found
        left = tuple(grant for grant in found.grants if grant.effect not in effects)
        return dataclasses.replace(found, grants=left)

    return read


def missed_reviews_end(original: Original) -> Callable[..., Any]:
    """Let what somebody permitted end with the date of its review."""
    return _without_grants(original, "permit")


def missed_reviews_lift(original: Original) -> Callable[..., Any]:
    """Let what somebody denied end with the date of its review."""
    return _without_grants(original, "deny")


def matrix_ignored(original: Original) -> Callable[..., Any]:
    """Let every purpose receive every category."""

    def decide(query: Any, directives: Any, *_rest: Any) -> Any:
        return original(query, directives, {query.purpose: query.categories})

    return decide


def everybodys_directives(_original: Original) -> Callable[..., list[str]]:
    """Take every directive of a record for that of one enquirer."""

    def of_all(work: Any, body: Any) -> list[str]:
        entries = work.documents.get(body["record"]).body["contributions"]
        return sorted({entry["directive"] for entry in entries if "directive" in entry})

    return of_all
