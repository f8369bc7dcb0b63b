"""One exception class per code of the codelist `problemTypes`."""

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "spec" / "codelists" / "problemTypes.csv"
TARGET = "client_sdk/src/mpex_client/_generated/problems.py"
HEAD = '''"""Generated from the codelist problemTypes by tools/generators/client_problems.py; never edited."""

from mpex_client._errors import ProblemError

__all__ = [
{names}
]
'''
CLASS = '''

class {name}(ProblemError):
    """{description}"""

    code = {code}
    title = {title}
    remedy = {remedy}
'''
TAIL = """

BY_CODE: dict[str, type[ProblemError]] = {
    each.code: each for each in ProblemError.__subclasses__() if each.__module__ == __name__
}
"""


def generate() -> dict[str, str]:
    """Return the text of the module by its path in the repository."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] == "active"]
    named = {row["code"][0].upper() + row["code"][1:]: row for row in rows}
    names = "\n".join(f'    "{name}",' for name in sorted(named))
    classes = "".join(
        CLASS.format(
            name=name,
            description=row["description"],
            **{key: repr(row[key]) for key in ("code", "title", "remedy")},
        )
        for name, row in named.items()
    )
    return {TARGET: HEAD.format(names=names) + classes + TAIL}
