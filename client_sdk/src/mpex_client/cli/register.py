"""`mpex register`: store a record or what belongs to one; `--outbox` keeps it for later."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_client.cli._failures import failures_explained
from mpex_client.cli._files import DocumentFile, read_document
from mpex_client.cli._state import Purpose, State, current
from mpex_client.outbox import Outbox

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Store a record, or what belongs to one.")
Waiting = Annotated[
    Path | None, typer.Option("--outbox", help="Keep it in this outbox; `mpex outbox flush` sends it.")
]


SEARCHING = Purpose()
OF_GROUPS = Purpose("searchLiving", "vitalInterest")
OF_SAMPLES = Purpose("identifyDeceased", "consent")


@app.command()
def person(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store a person record: somebody sought, found alive, or living and of unknown identity."""
    _register(current(context), source, outbox, "persons", "createPerson", "recordId")


@app.command()
def remains(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store a remains unit: a body or a body part."""
    _register(current(context), source, outbox, "remains", "createRemainsUnit", "recordId")


@app.command()
def request(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store the search request of a family or another enquirer."""
    _register(current(context), source, outbox, "search_requests", "createSearchRequest", "requestId")


@app.command()
def directive(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store a consent directive: what may be done with contributions that name it."""
    _register(current(context), source, outbox, "directives", "createDirective", "directiveId")


@app.command()
def group(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store a group: a household, a travel party, a boat."""
    _register(current(context), source, outbox, "groups", "createGroup", "groupId", OF_GROUPS)


@app.command()
def sample(context: typer.Context, source: DocumentFile, outbox: Waiting = None) -> None:
    """Store a reference sample: donor, claimed relationship and laboratory, never a profile."""
    _register(current(context), source, outbox, "samples", "createReferenceSample", "sampleId", OF_SAMPLES)


def _register(
    state: State,
    source: str,
    outbox: Path | None,
    resource: str,
    operation: str,
    identifier: str,
    usual: Purpose = SEARCHING,
) -> None:
    if outbox is not None:
        _keep(state, source, outbox, operation, identifier, usual)
        return
    with state.client("registrar", default=usual) as client:
        made: dict[str, Any] = getattr(client, resource).create(read_document(source))
        state.show(made, f"Stored {made[identifier]}, version {made.get('version', 1)}.")


def _keep(state: State, source: str, outbox: Path, operation: str, identifier: str, usual: Purpose) -> None:
    with failures_explained(state.err, as_json=state.as_json):
        why = Purpose(state.purpose or usual.purpose, state.legal_basis or usual.legal_basis)
        made = Outbox(outbox).put(
            operation, read_document(source), purpose=why.purpose, legal_basis=why.legal_basis
        )
        state.show({identifier: made[identifier]}, f"Kept {made[identifier]} until `mpex outbox flush`.")
