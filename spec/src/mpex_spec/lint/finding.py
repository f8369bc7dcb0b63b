"""What a check found, and the JSON Pointers that say where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the file, the place in it, and what is wrong there."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}{'#' + self.place if self.place else ''}: {self.message}"


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
