"""`mpex samples`: what relatives gave for comparison, and what a laboratory can compare it with."""

from typing import Annotated

import typer

from mpex_client.cli._state import current
from mpex_client.cli.register import OF_SAMPLES

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Reference samples, and what they can be compared with.")
_NAMES = ("laboratory", "laboratoryCode", "locusSet")


@app.command("list")
def list_samples(context: typer.Context) -> None:
    """List the reference samples of this node."""
    state = current(context)
    with state.client("registrar", "caseWorker", default=OF_SAMPLES) as client:
        found = list(client.samples.list())
        names = ("sampleId", "claimedRelationship", "person", *_NAMES)
        lines = ["  ".join(sample[name] for name in names if name in sample) for sample in found]
        state.show(found, "\n".join(lines) or "No samples.")


@app.command()
def compare(
    context: typer.Context,
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help="sample:… of the sample")],
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="remains:… of the unit")],
) -> None:
    """Say which references of a remains unit a laboratory can compare with the sample."""
    state = current(context)
    with state.client("registrar", "caseWorker", default=OF_SAMPLES) as client:
        answer = client.samples.comparability(sample, unit)
        lines = []
        for reference in answer["references"]:
            count = reference.get("sharedLoci")
            shared = "shared loci not published" if count is None else f"{count} shared loci"
            lines.append("  ".join([*(reference[name] for name in _NAMES if name in reference), shared]))
        state.show(answer, "\n".join(lines) or "The unit has no references.")
