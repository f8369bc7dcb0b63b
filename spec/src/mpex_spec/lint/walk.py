"""Walks over JSON documents."""

from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def nodes(document: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every object of a document with its path, outermost first."""
    if isinstance(document, dict):
        yield path, document
        for key, value in document.items():
            yield from nodes(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from nodes(value, (*path, index))
