"""`mpex mapping`: how to read a file of people that no importer knows."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_client.cli._failures import failures_explained
from mpex_client.cli._state import State, current
from mpex_client.importers._tables import read_csv, read_jsonl
from mpex_client.importers.mapped import WARNINGS, check_mapped, load_mapping, rows_of
from mpex_client.importers.mapping_proposal import propose

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Say how a file of people is to be read.")
_File = Annotated[Path, typer.Argument(help="Table (CSV), or one JSON object a line (.jsonl, .ndjson).")]


@app.callback()
def main() -> None:
    """Say how a file of people is to be read."""


@app.command()
def init(
    context: typer.Context,
    file: _File,
    system: Annotated[str, typer.Option(help="Name of the register that the file comes from.")],
    delimiter: Annotated[str, typer.Option(help="What separates the columns of a table.")] = ",",
) -> None:
    """Write a first mapping to standard output, made of the columns and a sample; complete it by hand."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        lines = (
            read_jsonl(file) if file.suffix in {".jsonl", ".ndjson"} else read_csv(file, delimiter=delimiter)
        )
        typer.echo(propose(lines, system), nl=False)


@app.command()
def check(
    context: typer.Context,
    file: _File,
    mapping: Annotated[Path, typer.Option(help="The mapping (YAML).")],
) -> None:
    """Tell what an import by the mapping would make of the file. Needs no node and shows no value."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        read = load_mapping(mapping)
        found = check_mapped(rows_of(file, read), read)
    _show(state, found)
    if found["refused"] or found["unknown"] or found["twice"]:
        raise typer.Exit(1)


def _show(state: State, found: dict[str, Any]) -> None:
    lines = [f"{found['rows']} rows"]
    for name, title in (("filled", "filled"), ("given", "kept as given"), ("refused", "REFUSED")):
        lines += [f"  {count:>7}  {title}: {place}" for place, count in found[name].items()]
    lines += [f"  {count:>7}  {code}: {WARNINGS[code]}" for code, count in found["warnings"].items()]
    lines += [f"Not read: {column}" for column in found["unmapped"]]
    lines += [f"NO SUCH COLUMN: {column}" for column in found["unknown"]]
    if found["twice"]:
        lines.append(f"NOT UNIQUE: {found['twice']} identities stand in several rows")
    state.show(found, "\n".join(lines))
