"""Prints the story: for each step what was asked, what was answered and why."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from mpex_spec import codelist
from rich.console import Console

# Lines are left whole: a sentence cut at a fixed width reads badly, and worse again in a narrower terminal.
console = Console(highlight=False, width=110, soft_wrap=True)


class StepFailedError(Exception):
    """A node did not do what the standard says; the message names the rule, never a person."""


def prologue() -> None:
    """What lies there before the story begins."""
    console.rule("[bold]Before the story  Node B takes a file of known incidents", align="left")


@contextmanager
def step(number: int, title: str) -> Iterator[None]:
    """Frames one step of the story."""
    console.rule(f"[bold]Step {number}  {title}", align="left")
    yield
    console.print("[green]as the standard says[/green]\n")


def asked(who: str, what: str) -> None:
    """Somebody asked for something."""
    console.print(f"[cyan]{who:>9} asks[/cyan]     {what}")


def answered(who: str, what: str) -> None:
    """Somebody answered."""
    console.print(f"[magenta]{who:>9} answers[/magenta]  {what}")


def passed(now: datetime) -> None:
    """Time went by."""
    console.print(f"{'':>9} [dim]time goes by, it is {now:%d %B %Y, %H:%M}[/dim]")


def because(why: str) -> None:
    """The rule behind the answer."""
    console.print(f"{'':>9} [dim]because   {why}[/dim]")


def plain(name: str, codes: Iterable[str]) -> str:
    """Returns the titles of codes of a codelist, for whoever does not know the codes."""
    return ", ".join(codelist(name)[code]["title"].lower() for code in sorted(codes))


def expect(holds: bool, rule: str) -> None:
    """Stops the story where a node breaks `rule`."""
    if not holds:
        raise StepFailedError(rule)
