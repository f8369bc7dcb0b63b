"""Plays a story: `make demo`, `make demo STORY=name`. Exit 0 only if every step went by the standard.

`KEEP=1` leaves the nodes running and prints addresses and commands to try. `DATABASES` may name one database
for each node, separated by blanks; without it each keeps SQLite in its folder.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo import anchors
from demo.narrate import StepFailedError, console
from demo.nodes import Clock, Node, introduce, running
from demo.stage import Stage
from demo.stories import STORIES
from demo.story import Story

_DEFAULT = "mother"


def main() -> int:
    """Returns the exit status of the process."""
    name = os.environ.get("STORY") or _DEFAULT
    if name not in STORIES:
        console.print(f"There is no story {name!r}. There are:")
        for story in STORIES.values():
            console.print(f"  make demo STORY={story.name:<15} {story.title}")
        return 2
    return _play(STORIES[name])


def _play(story: Story) -> int:
    started = time.monotonic()
    databases = os.environ.get("DATABASES", "").split()
    with tempfile.TemporaryDirectory(prefix="mpex-demo-") as folder:
        clock = Clock(Path(folder) / "clock")
        with _partners(story, Path(folder), clock, databases) as nodes:
            console.print(f"[bold]{story.title}[/bold]\n")
            for node in nodes:
                console.print(
                    f"node {node.plan.letter}  {node.url}  {node.plan.name} ({node.plan.recipient_class})"
                )
            console.print()
            stage = Stage({node.plan.letter: node for node in nodes}, clock)
            if story.before:
                story.before(stage)
            for number, play in enumerate(story.steps, start=1):
                try:
                    play(stage)
                except StepFailedError as broken:
                    console.print(f"[bold red]step {number} broke the standard: {broken}[/bold red]")
                    return 1
            seconds = time.monotonic() - started
            console.print(
                f"[bold]{len(story.steps)} steps, every one as the standard says, in {seconds:.0f} s.[/bold]"
            )
            if os.environ.get("KEEP"):
                _keep(nodes)
    return 0


@contextmanager
def _partners(story: Story, folder: Path, clock: Clock, databases: list[str]) -> Iterator[list[Node]]:
    """Run the nodes of a story, as partners of one another."""
    if not story.federated:
        with running(story.plans, folder, clock, databases) as nodes:
            introduce(nodes, folder)
            yield nodes
        return
    with anchors.federation(folder, clock) as above:
        superiors = {name: anchor.url for name, anchor in above.items()}
        with running(story.plans, folder, clock, databases, superiors) as nodes:
            for anchor in above.values():
                console.print(f"anchor  {anchor.url}  {anchor.name}")
            anchors.introduce(nodes, above)
            yield nodes


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
