"""The page of who may do what, from the table of access and the operations that ask for its actions."""

from collections import defaultdict
from collections.abc import Iterable

import mpex_spec
from mpex_spec.access_table import FORMER_PARTNER, PARTNER, Opening
from mpex_spec.lint.interface import operations

_PATH = "docs/guide/access.md"
_HEAD = """# Who may do what

This page is written by `make derived` from the [table of access](../../spec/access.csv) and the interface;
[chapter 8.2](../../spec/spec.md#access-table) of the standard says how the table is read.
The same table decides at the node: what it does not open gets no token, and no answer under an old one.

## Actions by caller

`yes` is for every purpose that is not prohibited. A cell names what is otherwise; an empty one is closed.

"""
_BESIDE = """
## What is looked at beside the table

| action | operations | beside the table | for the sake of |
|---|---|---|---|
"""
_PUBLIC = """
## Without a token

"""


def generate() -> dict[str, str]:
    """Return the text of the page by its path in the repository."""
    rows = defaultdict[str, list[Opening]](list)
    for row in mpex_spec.access():
        rows[row.action].append(row)
    opened, public = _operations()
    callers = [*mpex_spec.codelist("staffRoles"), PARTNER, FORMER_PARTNER]
    columns = f"| action | {' | '.join(callers)} |\n|---|{'---|' * len(callers)}\n"
    actions = [action for action in mpex_spec.codelist("actions") if action in rows]
    by_caller = "".join(
        f"| `{action}` | {' | '.join(_cell(rows[action], caller) for caller in callers)} |\n"
        for action in actions
    )
    beside = "".join(_beside(action, rows[action], opened[action]) for action in actions)
    return {_PATH: _HEAD + columns + by_caller + _BESIDE + beside + _PUBLIC + _listed(public) + ".\n"}


def _operations() -> tuple[dict[str, list[str]], list[str]]:
    opened, public = defaultdict[str, list[str]](list), list[str]()
    for _, _, operation in operations(mpex_spec.openapi("node")):
        if security := operation["security"]:
            opened[security[0]["mpex"][0]].append(operation["operationId"])
        else:
            public.append(operation["operationId"])
    return opened, public


def _cell(rows: Iterable[Opening], caller: str) -> str:
    return "; ".join(_said(row) for row in rows if row.caller == caller)


def _said(row: Opening) -> str:
    every = [code for code, entry in mpex_spec.codelist("purposes").items() if entry["prohibited"] == "false"]
    missing = [code for code in every if code not in row.purposes]
    some = row.classes and row.classes != mpex_spec.codelist("recipientClasses").keys()
    to = f", {' and '.join(sorted(row.classes))} only" if some else ""
    if len(missing) < len(row.purposes):
        return ("yes" if not missing else f"not for {_listed(missing)}") + to
    return f"{_listed(row.purposes)}{to}"


def _beside(action: str, rows: list[Opening], opened: list[str]) -> str:
    beside = {name for row in rows for name in row.beside}
    why = {name for row in rows for name in row.requirements}
    links = ", ".join(f"[{name}](../../spec/spec.md#{name})" for name in sorted(why))
    asked = _listed(opened) or "what is said within others"
    return f"| `{action}` | {asked} | {_listed(beside)} | {links} |\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
