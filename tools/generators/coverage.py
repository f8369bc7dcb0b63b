"""The page that says of each requirement which checks test it, and which broken nodes the checks find."""

from collections import defaultdict

import mpex_spec
from mpex_conformance.mutants import catalogue
from mpex_spec.files import Requirement

_PATH = "docs/guide/coverage.md"
_HEAD = """# What is tested

This page is written by `make derived` from the requirements and the catalogue of broken nodes;
[Test a node](conformance.md) says how to run the checks.
A check has to fail against each broken node of its requirement, which `mpex-conformance self-test` shows.

{counts}

| requirement | level | class | checks | broken nodes, or why no check can show it |
|---|---|---|---|---|
"""


def generate() -> dict[str, str]:
    """Return the text of the page by its path in the repository."""
    broken = defaultdict[str, list[str]](list)
    for entry in catalogue.entries():
        broken[entry.requirement].append(entry.id)
    every = list(mpex_spec.requirements().values())
    rows = "".join(_row(item, broken[item.id]) for item in every)
    return {_PATH: _HEAD.format(counts=_counts(every, broken)) + rows}


def _counts(every: list[Requirement], broken: dict[str, list[str]]) -> str:
    musts = [item for item in every if item.level.startswith("MUST")]
    shown = sum(bool(item.checks and broken[item.id]) for item in musts)
    excused = sum(item.excluded is not None for item in musts)
    return (
        f"Of {len(musts)} requirements with MUST, {shown} have a check and a broken node that it finds, "
        f"{excused} have a stated reason, and {len(musts) - shown - excused} have neither."
    )


def _row(item: Requirement, broken: list[str]) -> str:
    link = f"[{item.id}](../../spec/spec.md#{item.id})"
    checks = ", ".join(item.checks) or "none"
    what = ", ".join(broken) or " ".join((item.excluded or "none").split()).replace("|", "\\|")
    return f"| {link} | {item.level} | {item.conformance_class} | {checks} | {what} |\n"
