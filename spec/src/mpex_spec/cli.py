"""Check, bundle and compare the normative files of the Missing Persons Exchange."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mpex_spec.bundle import bundle as make_bundle
from mpex_spec.diff import diff as compare
from mpex_spec.files import Spec, root
from mpex_spec.lint import lint as find_faults

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
out = Console(highlight=False, soft_wrap=True, markup=False)

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with openapi.yaml.")]


@app.command()
def lint(
    folder: Annotated[Path | None, typer.Option(help="Folder to check instead of the own one.")] = None,
) -> None:
    """Check the standard against itself. Exit 1 when something is wrong."""
    spec = Spec(folder or root())
    faults = find_faults(spec)
    for fault in faults:
        out.print(str(fault))
    counts = (
        f"{len(spec.schemas)} schemas, {len(spec.codelists)} codelists, {len(spec.requirements)} requirements"
    )
    out.print(f"{len(faults)} faults in {counts}" if faults else f"clean: {counts}")
    raise typer.Exit(1 if faults else 0)


@app.command()
def bundle(
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    folder: Annotated[Path | None, typer.Option(help="Folder to bundle instead of the own one.")] = None,
) -> None:
    """Write one OpenAPI 3.1 document that needs no other file."""
    document = make_bundle(Spec(folder or root()))
    output.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    out.print(f"{output}: {len(document['paths'])} paths, {len(document['components']['schemas'])} schemas")


@app.command()
def diff(old: Folder, new: Folder) -> None:
    """Report the normative changes from OLD to NEW. Exit 1 when one of them breaks implementations."""
    changes = compare(Spec(old), Spec(new))
    for change in changes:
        out.print(str(change))
    breaking = sum(change.breaking for change in changes)
    out.print(f"{len(changes)} normative changes, {breaking} of them breaking")
    raise typer.Exit(1 if breaking else 0)
