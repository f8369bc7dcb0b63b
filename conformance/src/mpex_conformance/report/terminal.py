"""The report for people at a terminal: one line for each section, what failed in full, and the verdict."""

from collections import Counter, defaultdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_STYLES = {
    "pass": "green",
    "fail": "bold red",
    "error": "bold magenta",
    "untestable": "red",
    "notTested": "yellow",
    "disabled": "yellow",
    "warn": "yellow",
    "notApplicable": "dim",
    "excluded": "dim",
}
QUIET = frozenset({"pass", "notApplicable", "excluded", "notTested"})
"""Outcomes that a short report only counts."""


def line(outcome: str, identifier: str, text: str) -> str:
    """Return one line of progress, in rich markup."""
    style = _STYLES.get(outcome, "white")
    return f"[{style}]{outcome:<13}[/] {escape(identifier):<10} {escape(text)}"


def show(tree: dict[str, Any], console: Console, *, verbose: bool = False) -> None:
    """Print the result tree: a line for each section, what is wrong in full, verdict.

    `verbose` prints every requirement. What was not tested is only counted.
    """
    _wrong(tree, console, verbose)
    sections: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tree["requirements"]:
        sections[row["section"]][row["outcome"]] += 1
    table = Table(title="Requirements", show_header=False, box=None)
    for section, counts in sections.items():
        table.add_row(section, _counted(counts))
    table.add_row("all", _counted(Counter(tree["totals"])))
    console.print(table)
    verdict = tree["verdict"]
    word = "[bold green]conformant[/]" if verdict["conformant"] else "[bold red]not conformant[/]"
    run = tree["run"]
    console.print(
        f"Class {run['conformanceClass']}, level {run['level']}: {word}; "
        f"{verdict['shown']} of {verdict['of']} binding requirements shown."
    )
    console.print("A result of one's own run is not an attestation and implies no mandate.", style="dim")


def _counted(counts: Counter[str]) -> str:
    words = (
        f"[{style}]{counts[outcome]} {outcome}[/]" for outcome, style in _STYLES.items() if counts[outcome]
    )
    return ", ".join(words)


def _wrong(tree: dict[str, Any], console: Console, verbose: bool) -> None:
    checks = {check["id"]: check for check in tree["checks"]}
    for row in tree["requirements"]:
        if not verbose and row["outcome"] in QUIET:
            continue
        console.print(line(row["outcome"], row["id"], row["text"]))
        for check_id in row["checks"]:
            message = checks.get(check_id, {}).get("message", "")
            if message:
                console.print(f"{'':<14}{escape(check_id)}: {escape(message)}")
