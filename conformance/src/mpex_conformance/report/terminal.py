"""The report for people at a terminal: what is open first, then the counts and the verdict."""

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


def line(outcome: str, identifier: str, text: str) -> str:
    """Return one line of progress, in rich markup."""
    style = _STYLES.get(outcome, "white")
    return f"[{style}]{outcome:<13}[/] {escape(identifier):<10} {escape(text)}"


def show(tree: dict[str, Any], console: Console) -> None:
    """Print the result tree: open requirements with their failed checks, totals, verdict."""
    _open(tree, console)
    totals = Table(title="Requirements", show_header=False, box=None)
    for outcome, count in tree["totals"].items():
        totals.add_row(f"[{_STYLES.get(outcome, 'white')}]{outcome}[/]", str(count))
    console.print(totals)
    verdict = tree["verdict"]
    word = "[bold green]conformant[/]" if verdict["conformant"] else "[bold red]not conformant[/]"
    run = tree["run"]
    console.print(
        f"Class {run['conformanceClass']}, level {run['level']}: {word}; "
        f"{verdict['shown']} of {verdict['of']} binding requirements shown."
    )
    console.print("A result of one's own run is not an attestation and implies no mandate.", style="dim")


def _open(tree: dict[str, Any], console: Console) -> None:
    checks = {check["id"]: check for check in tree["checks"]}
    for row in tree["requirements"]:
        if row["outcome"] in {"pass", "notApplicable", "excluded"}:
            continue
        console.print(line(row["outcome"], row["id"], row["text"]))
        for check_id in row["checks"]:
            message = checks.get(check_id, {}).get("message", "")
            if message:
                console.print(f"{'':<14}{escape(check_id)}: {escape(message)}")
