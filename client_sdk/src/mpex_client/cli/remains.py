"""`mpex remains`: divide remains units, put them together, and see where they are and whence they came."""

from typing import Annotated, Any

import typer

from mpex_client.cli._files import DocumentFile, read_document
from mpex_client.cli._state import Purpose, current

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Divide remains units, put them together, follow their custody.")
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="remains:… of the unit")]
_SIDES = ("inLife", "afterDeath")
_USUAL = Purpose("identifyDeceased", "publicInterest")


@app.command()
def show(context: typer.Context, unit: Unit) -> None:
    """Show a unit: its parts, the units it came from and went to, and its chain of custody."""
    state = current(context)
    with state.client("registrar", "caseWorker", default=_USUAL) as client:
        found = client.remains.get(unit)
        state.show(found, "\n".join(_lines(found)))


@app.command()
def find(
    context: typer.Context,
    facility: Annotated[str | None, typer.Option(help="Where they are kept.")] = None,
    storage: Annotated[str | None, typer.Option(help="Reference at the facility.")] = None,
    burial_place: Annotated[str | None, typer.Option(help="Name of the burial place.")] = None,
    party: Annotated[str | None, typer.Option(help="Institution of the custody chain.")] = None,
) -> None:
    """Find units by where they lie and through whose hands they went."""
    state = current(context)
    given = {"facility": facility, "storageReference": storage, "burialPlace": burial_place, "party": party}
    wanted = {name: text for name, text in given.items() if text}
    if not wanted:
        raise typer.BadParameter("say at least one thing to look for")
    with state.client("registrar", "caseWorker", default=_USUAL) as client:
        answer = client.remains.find(wanted)
        lines = [f"{unit['recordId']}  {unit['status']}" for unit in answer["items"]]
        lines += ["There are more; say more of where it is."] if answer["more"] else []
        state.show(answer, "\n".join(lines) or "No unit fits.")


@app.command()
def split(context: typer.Context, unit: Unit, source: DocumentFile) -> None:
    """Take parts from a unit, as the file says, and make units of their own of them."""
    state = current(context)
    with state.client("registrar", default=_USUAL) as client:
        before = set(client.remains.get(unit).get("splitInto", ()))
        left = client.remains.split(unit, read_document(source))
        made = [name for name in left["splitInto"] if name not in before]
        state.show(left, f"Made {', '.join(made)} of parts of {unit}.")


@app.command()
def merge(
    context: typer.Context,
    unit: Unit,
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Units that it takes up.")],
    reason: Annotated[str, typer.Option(help="A code of the list `reorganisationReasons`.")],
    note: Annotated[str | None, typer.Option(help="Remark for the file.")] = None,
) -> None:
    """Put the remains of other units together with those of this one."""
    state = current(context)
    with state.client("registrar", default=_USUAL) as client:
        noted = {} if note is None else {"note": note}
        merged = client.remains.merge(unit, {"reason": reason, "units": others} | noted)
        state.show(merged, f"{unit} took up {', '.join(others)}.")


@app.command()
def teeth(
    context: typer.Context,
    unit: Unit,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="person:… of the record")],
) -> None:
    """Lay dental findings of a person beside those of a unit."""
    state = current(context)
    with state.client("registrar", "caseWorker", default=_USUAL) as client:
        answer = client.remains.dental_comparison(unit, person)
        lines = [
            "  ".join([tooth["tooth"], *("/".join(tooth[side]) for side in _SIDES), tooth["comparison"]])
            for tooth in answer["teeth"]
        ]
        state.show(answer, "\n".join(lines) or "There is no tooth of which both say something.")


def _lines(unit: dict[str, Any]) -> list[str]:
    lines = [f"{unit['recordId']}  {unit['status']}  version {unit['version']}"]
    for part in unit.get("parts", ()):
        words = [str(part.get("count", 1)), part.get("side", ""), part["region"], part.get("description", "")]
        lines.append("  " + " ".join(word for word in words if word))
    for name in ("parentSet", "splitFrom", "mergedInto"):
        lines += [f"  {name}: {unit[name]}"] if name in unit else []
    for name in ("splitInto", "mergedFrom"):
        lines += [f"  {name}: {', '.join(unit[name])}"] if name in unit else []
    return [*lines, *sorted(_custody(unit))]


def _custody(unit: dict[str, Any]) -> list[str]:
    events = [
        event
        for entry in unit["contributions"]
        for event in entry["sections"].get("custody", {}).get("events", ())
    ]
    names = ("from", "to", "party", "signedBy", "document")
    return [
        f"  {event['at']}  {event['event']}  "
        + ", ".join(f"{name} {event[name]}" for name in names if name in event)
        for event in events
    ]
