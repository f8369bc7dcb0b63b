"""The page of who may do what, from the table of access and the operations that ask for its actions."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import mpex_spec
from mpex_spec.access_table import FORMER_PARTNER, PARTNER, Opening
from mpex_spec.lint.interface import operations

_STANDARD = Path(__file__).resolve().parents[2] / "spec" / "spec.md"
_WORDS = re.compile(r"^\| `beside` \|.*\n(?:\|.*\n)+", re.MULTILINE)
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

The table opens an action; these are decided with each request, as the standard says:

{words}
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
    return {
        _PATH: _HEAD
        + columns
        + by_caller
        + _BESIDE.format(words=_words())
        + beside
        + _PUBLIC
        + _listed(public)
        + ".\n"
    }


def _words() -> str:
    found = _WORDS.search(_STANDARD.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError("the standard has no table of what is looked at beside the table of access")
    return found[0].replace("](#", "](../../spec/spec.md#")


def _operations() -> tuple[dict[str, list[str]], list[str]]:
    opened, public = defaultdict[str, list[str]](list), list[str]()
    for _, _, operation in operations(mpex_spec.openapi("node")):
        if security := operation["security"]:
            opened[security[0]["mpex"][0]].append(operation["operationId"])
        else:
            public.append(operation["operationId"])
    return opened, public


def _cell(rows: Iterable[Opening], caller: str) -> str:
    own = [row for row in rows if row.caller == caller]
    limited = [
        row for row in own if row.classes and row.classes != mpex_spec.codelist("recipientClasses").keys()
    ]
    limits = [f"{_listed(row.purposes)} for {_listed(row.classes, ' and ')} only" for row in limited]
    return "; ".join([_purposes({code for row in own for code in row.purposes}), *limits]) if own else ""


def _purposes(opened: set[str]) -> str:
    every = [code for code, entry in mpex_spec.codelist("purposes").items() if entry["prohibited"] == "false"]
    missing = set(every) - opened
    if not missing:
        return "yes"
    return f"not for {_listed(missing)}" if len(missing) < len(opened) else _listed(opened)


def _beside(action: str, rows: list[Opening], opened: list[str]) -> str:
    beside = {name for row in rows for name in row.beside}
    why = {name for row in rows for name in row.requirements}
    links = ", ".join(f"[{name}](../../spec/spec.md#{name})" for name in sorted(why))
    asked = _listed(opened) or "what is said within others"
    return f"| `{action}` | {asked} | {_listed(beside)} | {links} |\n"


def _listed(names: Iterable[str], between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in sorted(names))
