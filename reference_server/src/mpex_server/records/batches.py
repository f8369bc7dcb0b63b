"""Batches of an import, whose items are known by their origin."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def parts_without_repetition(items: Iterable[T], *, by: Callable[[T], Hashable]) -> Iterator[list[T]]:
    """Cut a batch wherever an origin comes again, so that a later item meets the earlier one as stored."""
    part: dict[Hashable, T] = {}
    for item in items:
        if by(item) in part:
            yield list(part.values())
            part = {}
        part[by(item)] = item
    if part:
        yield list(part.values())
