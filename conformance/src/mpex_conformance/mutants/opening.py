"""Mutants of access and its bounds: each takes what stands at a path and returns what takes its place."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Original = Any


def staff_powers(original: Original) -> Callable[..., frozenset[str]]:
    """Open an action of staff to partners."""
    return lambda callers, *of: original(callers, *of) | {"persons:read"}


def purposes_alike(original: Original) -> Callable[..., frozenset[str]]:
    """Open for each purpose what is open to search for the living."""
    return lambda callers, _purpose, *of: original(callers, "searchLiving", *of)


def classes_alike(original: Original) -> Callable[..., frozenset[str]]:
    """Open to each class of recipients what is open to rescuers."""
    return lambda callers, purpose, *of: original(callers, purpose, *(of and ("rescue",)))


def cases_uncounted(original: Original) -> Callable[..., None]:
    """Count what a partner spends, and not in which case."""

    def charge(conn: Any, *, kind: str, **of: Any) -> None:
        if kind != "caseSearch":
            original(conn, kind=kind, **of)

    return charge


def others_forbidden(original: Original) -> Callable[..., Any]:
    """Say of what is another partner's that it is not for the caller."""
    requests = import_module("mpex_server.release_requests.requests")
    problem = import_module("mpex_server.errors").Problem

    def own(work: Any, request_id: str, partner: str) -> Any:
        found = requests.find(work.documents, request_id)
        if found is not None and found.owner != partner:
            raise problem("actionNotAllowed")
        return original(work, request_id, partner)

    return own
