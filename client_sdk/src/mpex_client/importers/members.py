"""Member lists (CSV) of boats and other groups: one row for each person, each with its own outcome.

Columns: `row` (name of the row within the group), `name`, `script`, `sex`, `age_min`, `age_max`, `age_as_of`,
`note`, `role`, `record` (instead of a name), `source`, `certainty`. Registering a list again changes nothing,
and an interrupted registration is taken up by running it again.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mpex_client._errors import ConfigurationError, ProtocolError
from mpex_client._sync.client import Client

__all__ = ["import_members"]

BATCH_ROWS = 200
_AGES = frozenset({"age_min", "age_max", "age_as_of"})
COLUMNS = _AGES | {"row", "name", "script", "sex", "note", "role", "record", "source", "certainty"}


def import_members(
    client: Client, group: str, path: Path, *, directive: str | None = None
) -> list[dict[str, Any]]:
    """Register a list and return one outcome for each row; raises ConfigurationError for another format."""
    outcomes: list[dict[str, Any]] = []
    rows = _rows(path)
    while batch := list(islice(rows, BATCH_ROWS)):
        answer = client.groups.import_members(group, batch, directive=directive)
        if len(answer["outcomes"]) != len(batch):
            raise ProtocolError("the node answered with another number of outcomes than it was sent rows")
        named = zip(batch, answer["outcomes"], strict=True)
        outcomes += [{"row": member.get("row"), **outcome} for member, outcome in named]
    return outcomes


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        unknown = set(reader.fieldnames or ()) - COLUMNS
        if unknown or "row" not in (reader.fieldnames or ()):
            raise ConfigurationError(
                f"{path.name} is no member list: it needs a column row and knows no others"
            )
        for line in reader:
            yield member_of({name: (value or "").strip() for name, value in line.items()})


def member_of(cells: dict[str, str]) -> dict[str, Any]:
    """Return a member of a row; what is empty is left out, and the node judges the rest."""
    shared = {name: cells[name] for name in ("row", "role", "record") if cells.get(name)}
    shared |= {"source": cells.get("source") or "other", "certainty": cells.get("certainty") or "stated"}
    name = {"text": cells["name"]} if cells.get("name") else {}
    name |= {"script": cells["script"]} if name and cells.get("script") else {}
    mention: dict[str, Any] = {"name": name} if name else {}
    mention |= {part: cells[part] for part in ("sex", "note") if cells.get(part)}
    ages = {part: cells.get(f"age_{part}", "") for part in ("min", "max")}
    if any(ages.values()):
        given = {part: int(age) if age.isdecimal() else age for part, age in ages.items()}
        mention["age"] = given | {"asOf": cells.get("age_as_of", "")}
    return shared | ({"mention": mention} if mention else {})
