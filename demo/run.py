"""Plays the story of a case on three nodes: `make demo`. Exit 0 only if every step went by the standard.

`KEEP=1` leaves the nodes running and prints addresses and commands to try. `DATABASES` may name three
databases, separated by blanks; without it each node keeps SQLite in its folder.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from demo.case import Case  # noqa: E402 - the folder of the demo is not installed
from demo.incidents import load_incidents  # noqa: E402
from demo.narrate import StepFailedError, console  # noqa: E402
from demo.nodes import Node, Plan, running  # noqa: E402
from demo.steps import STEPS  # noqa: E402

PLANS = (
    Plan(
        "A",
        "Example National Society",
        "humanitarian",
        "XA",
        ("searchLiving", "identifyDeceased", "notifyFamily"),
    ),
    Plan(
        "B",
        "Example Forensic Institute",
        "forensic",
        "XB",
        ("identifyDeceased", "searchLiving", "statistics"),
    ),
    Plan(
        "C", "Example Red Cross Reception Service", "humanitarian", "XC", ("searchLiving", "identifyDeceased")
    ),
)


def main() -> int:
    """Returns the exit status of the process."""
    started = time.monotonic()
    databases = os.environ.get("DATABASES", "").split()
    with (
        tempfile.TemporaryDirectory(prefix="mpex-demo-") as directory,
        running(PLANS, Path(directory), databases) as nodes,
    ):
        society, institute, reception = nodes
        for node in nodes:
            console.print(
                f"node {node.plan.letter}  {node.url}  {node.plan.name} ({node.plan.recipient_class})"
            )
        console.print()
        load_incidents(institute)
        case = Case(society, institute, reception)
        for number, play in enumerate(STEPS, start=1):
            try:
                play(case)
            except StepFailedError as broken:
                console.print(f"[bold red]step {number} broke the standard: {broken}[/bold red]")
                return 1
        seconds = time.monotonic() - started
        console.print(f"[bold]Seven steps, every one as the standard says, in {seconds:.0f} s.[/bold]")
        if os.environ.get("KEEP"):
            _keep(nodes)
    return 0


def _keep(nodes: list[Node]) -> None:
    console.print("\nThe nodes stay up. Try, in another terminal:\n")
    for node in nodes:
        console.print(f"  open {node.url}/docs")
        console.print(f"  .venv/bin/mpex --profile {node.profile_file} doctor")
    console.print(f"  .venv/bin/mpex --profile {nodes[0].profile_file} --as caseWorker tasks")
    console.print("\nCtrl-C stops them.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("stopping")


if __name__ == "__main__":
    sys.exit(main())
