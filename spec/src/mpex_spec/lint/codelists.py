"""Codelists are complete in four languages, and their codes are well formed."""

import re
from collections.abc import Iterator, Mapping

from mpex_spec.files import Spec
from mpex_spec.lint.finding import Finding

COLUMNS = (
    "code",
    "title",
    "description",
    "status",
    "since",
    "replacedBy",
    "title_fr",
    "title_es",
    "title_ar",
)
FILLED = ("title", "description", "since", "title_fr", "title_es", "title_ar")
CODE = re.compile(r"[a-z][A-Za-z0-9]*(:[a-z]+)?")
INDEX = "codelists"


def check_codelists(spec: Spec) -> Iterator[Finding]:
    """Judge each list by itself, and compare the lists with the list of lists."""
    for name, codes in spec.codelists.items():
        for row in codes.values():
            yield from _row(name, codes, row)
    listed = set(spec.codelists.get(INDEX, {}))
    for name in sorted(listed ^ set(spec.codelists)):
        where = "has no file" if name in listed else "is not in codelists.csv"
        yield Finding(f"codelists/{name}.csv", "", where)


def is_open(spec: Spec, name: str) -> bool:
    """Tell whether senders may use codes that the list does not have."""
    return spec.codelists[INDEX][name]["openness"] == "open"


def _row(name: str, codes: Mapping[str, Mapping[str, str]], row: Mapping[str, str]) -> Iterator[Finding]:
    file, code = f"codelists/{name}.csv", row.get("code") or ""
    if tuple(row)[: len(COLUMNS)] != COLUMNS:
        yield Finding(file, "", f"the columns must begin with {', '.join(COLUMNS)}")
        return
    if not CODE.fullmatch(code):
        yield Finding(file, f"/{code}", "the code is not camelCase English")
    for column in FILLED:
        if not (row[column] or "").strip():
            yield Finding(file, f"/{code}", f"{column} is empty")
    if row["status"] not in ("active", "deprecated"):
        yield Finding(file, f"/{code}", "the status must be active or deprecated")
    if row["replacedBy"] and row["replacedBy"] not in codes:
        yield Finding(file, f"/{code}", "replacedBy names a code that the list does not have")
