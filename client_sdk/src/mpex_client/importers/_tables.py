"""Rows of a table (CSV) or of a file with one JSON document a line, read one by one.

A row that cannot be read is yielded with the reason, so that it never loses the file.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpex_client._errors import ConfigurationError

__all__ = ["Line", "columns_of", "is_table", "read_csv", "read_jsonl", "value_at"]

_LINE_BYTES = 1_000_000
_CELL_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number, and its values by column or member; `fault` says why it could not be read."""

    number: int
    values: Mapping[str, Any] = field(repr=False)
    fault: str | None = None


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name: what ends in .jsonl or .ndjson has a document a line."""
    return path.suffix not in {".jsonl", ".ndjson"}


def read_csv(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Line]:
    """Yield the rows of a table with a header; raises ConfigurationError when it is none."""
    csv.field_size_limit(_CELL_CHARACTERS)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            header = next(reader, [])
            if len(set(header)) != len(header) or not any(header):
                raise ConfigurationError(f"{path.name} has no header, or a column twice")
            for cells in reader:
                if len(cells) != len(header):
                    yield Line(reader.line_num, {}, "has another number of cells than the header")
                else:
                    yield Line(reader.line_num, dict(zip(header, cells, strict=True)))
    except (OSError, LookupError, UnicodeError, csv.Error) as error:
        raise ConfigurationError(f"{path.name} cannot be read as a table in {encoding}") from error


def read_jsonl(path: Path) -> Iterator[Line]:
    """Yield the documents of a file with one JSON object a line; raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LINE_BYTES):
                number += 1
                if len(line) == _LINE_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(_LINE_BYTES)
                    yield Line(number, {}, "is longer than a request may be")
                elif line.strip():
                    yield _document(number, line)
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read") from error


def _document(number: int, line: bytes) -> Line:
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        value = None
    return Line(number, value) if isinstance(value, dict) else Line(number, {}, "is no JSON object")


def value_at(values: Mapping[str, Any], name: str) -> str:
    """Return a value as text, `""` where there is none; `a.b.0` goes into members and lists."""
    found: Any = values.get(name)
    if found is None and "." in name:
        found = values
        for step in name.split("."):
            if isinstance(found, list):
                found = found[int(step)] if step.isdecimal() and int(step) < len(found) else None
            else:
                found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return str(found).lower()
    return str(found).strip() if isinstance(found, str | int | float) else ""


def columns_of(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the names under which `value_at` finds the values of a row."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from columns_of(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from columns_of({str(n): each for n, each in enumerate(value)}, f"{prefix}{name}.")
        else:
            yield prefix + name
