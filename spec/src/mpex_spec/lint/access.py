"""The table of access names what the lists have, and opens each action of the interface to somebody."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping

from mpex_spec.access_table import ANY, COLUMNS, EXCEPT, PARTNERS
from mpex_spec.files import Spec
from mpex_spec.lint.finding import Finding

FILE = "access.csv"
BESIDE = frozenset({"consent", "deaths", "own", "persons", "purpose", "tasks"})
"""What is looked at beside the table; chapter 8.2 says what each means."""


def check_access(spec: Spec) -> Iterator[Finding]:
    """Judge each row by itself, and compare the rows with the list of actions."""
    with (spec.folder / FILE).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    if tuple(table.fieldnames or ()) != COLUMNS:
        yield Finding(FILE, "", f"the columns must be {', '.join(COLUMNS)}")
        return
    for number, row in enumerate(rows, 2):
        for fault in _faults(spec, row):
            yield Finding(FILE, f"/{number}", fault)
    named = {f"{row['resource']}:{row['action']}" for row in rows}
    for action in sorted(named ^ set(spec.codelists["actions"])):
        yield Finding(FILE, f"/{action}", "is open to nobody, or is not in the codelist actions")
    keys = ("caller", "resource", "action", "purposes")
    for key, times in Counter(tuple(row[name] for name in keys) for row in rows).items():
        if times > 1:
            yield Finding(FILE, f"/{' '.join(key)}", "is said twice")


def _faults(spec: Spec, row: Mapping[str, str]) -> Iterator[str]:
    lists, partner = spec.codelists, row["caller"] in PARTNERS
    if not partner and row["caller"] not in lists["staffRoles"]:
        yield "the caller is neither a role of the staff nor a partner"
    if partner != bool(row["classes"]):
        yield "classes of recipients are named for partners, and for nobody else"
    yield from _unknown(row["purposes"], _open(lists["purposes"]), "a purpose that is not prohibited")
    yield from _unknown(row["classes"] or ANY, set(lists["recipientClasses"]), "a class of recipients")
    for name in sorted(set(row["beside"].split()) - BESIDE):
        yield f"{name} is nothing that chapter 8.2 explains"
    if not row["requirements"] or set(row["requirements"].split()) - set(spec.requirements):
        yield "needs requirements that spec.md has"


def _open(purposes: Mapping[str, Mapping[str, str]]) -> set[str]:
    return {code for code, row in purposes.items() if row["prohibited"] == "false"}


def _unknown(cell: str, codes: set[str], what: str) -> Iterator[str]:
    named = [] if cell == ANY else cell.removeprefix(EXCEPT).split()
    for name in sorted(set(named) - codes):
        yield f"{name} is not {what}"
